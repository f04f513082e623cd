"""Personal data is read in clear, for a reason. Nothing of the issue changes and no state is asked, so it is no step of
the table: a plain action.
"""

from uuid import UUID

from django.db import transaction

from command.access import Right
from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate.locks import lock_issue
from dispatch.matter.aggregate.notes import note, shown_once
from dispatch.matter.audiences import of_desk, of_report
from dispatch.matter.issues.log_facts import RevealMade
from dispatch.matter.issues.models import NoteKind
from dispatch.verbs.steps import finish
from realtime.feed.contract import Answer, Change, Command


@transaction.atomic(durable=True)
def reveal(issue_id: UUID, reason: str, *, cmd: Command) -> Answer:
    """Records that the actor reads the issue's personal data in clear, and why. The data itself is a query's.

    Raises Replayed, KeyReused, NotFound, Forbidden, Invalid (no reason), Conflict (erased).
    """
    aggregate = lock_issue(issue_id, actor=cmd.actor, claim=cmd)
    issue = aggregate.issue
    cmd.actor.must(Right.ISSUES_REVEAL, about=of_report(issue, aggregate.orders, aggregate.reports))
    clocks.fire_past_due(aggregate)
    why = note(aggregate, NoteKind.REVEAL_REASON, reason, "reason", cmd)
    fact = RevealMade(shown_once(issue, why), cmd.actor.principal)
    aggregate.changes.append(Change(fact, None, of_desk(issue, issue.place.split("/", 1)[0])))
    return finish(aggregate, cmd, len(aggregate.changes) - 1)
