"""更正: what was entered is put right."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from command.access import Right
from command.catalogue.contract import Level
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.desks import keep_in_sight
from dispatch.matter.aggregate.notes import shown_once
from dispatch.matter.audiences import of_desk
from dispatch.matter.issues.facts import IssueAmended
from dispatch.matter.issues.log_facts import AmendmentMade
from dispatch.matter.issues.models import Issue, Note, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.reports.facts import ReportAmended
from dispatch.matter.reports.positions import GivenPosition
from dispatch.matter.returns.facts import ReturnAmended
from dispatch.verbs.amending import Amendment, Log, amend_rows
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.guards import refuse_if
from dispatch.verbs.issue_guards import OnDesk, nothing_merged_into
from dispatch.verbs.requests import Body, PositionIn, Words
from dispatch.verbs.steps import record_orders_amended, record_reports
from realtime.feed.contract import AudienceClass, Change


class AmendIn(Body):
    """What is to be put right (null: stays), and why."""

    item: Annotated[str, Field(max_length=20)] | None = None
    level: Level | None = None
    urgent: bool | None = None
    cell: UUID | None = None
    position: PositionIn | None = None
    reason: Words


AMEND = IssueVerb(verb=Verb.AMEND, by=Right.ISSUES_AMEND, body=AmendIn)


@AMEND.does
def amend(issue: Issue, act: Act[AmendIn]) -> None:
    """Puts right what was entered; old and new stay on record, for the desk. Who may see the issue follows its item.

    Whether it is sensitive can't change while others are merged into it.
    """
    aggregate, by, was_sensitive = act.aggregate, act.by, issue.sensitive
    log = amend_rows(aggregate, _amendment(act.asked))
    if issue.sensitive != was_sensitive:
        refuse_if((nothing_merged_into,), OnDesk(aggregate, act.cmd.actor))
    keep_in_sight(issue)
    why = act.note(NoteKind.AMEND_REASON, act.asked.reason, "reason")
    act.record(issue, IssueAmended, *act.step, why.pk, tuple(sorted(log)))
    act.then(lambda: record_orders_amended(aggregate, by))
    act.then(lambda: record_reports(aggregate, lambda shown: ReportAmended(shown, by)))
    for request in aggregate.requests:
        act.record(request, ReturnAmended)
    act.then(lambda: _record_log(aggregate, why, log, guarded=was_sensitive or issue.sensitive, by=by))


def _amendment(asked: AmendIn) -> Amendment:
    position = GivenPosition(**asked.position.model_dump()) if asked.position else None
    return Amendment(asked.item, asked.level, asked.urgent, asked.cell, position)


def _record_log(aggregate: Aggregate, why: Note, log: Log, *, guarded: bool, by: str) -> None:
    """What was and what is, as an object of its own: for the desk, and as guarded as the issue was or is."""
    root = aggregate.issue.place.split("/", 1)[0]
    audience = of_desk(aggregate.issue, root, at_least=AudienceClass.SENSITIVE if guarded else AudienceClass.DESK)
    aggregate.changes.append(Change(AmendmentMade(shown_once(aggregate.issue, why), by, log), None, audience))
