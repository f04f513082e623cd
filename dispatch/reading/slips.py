"""The slip for a reporter (受理回执): who may print it, what it says, and the record of each printing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from command.access import HeldPost, PersonActor, Right, Role, rights_of
from command.catalogue.queries import items
from command.organisations.queries import centre
from command.people.queries import tenures
from command.settings.queries import settings_of
from dispatch.matter.audiences import of_report
from dispatch.matter.issues.models import number_text
from dispatch.matter.issues.rights import holds
from dispatch.matter.reports.code_secret import code_secret
from dispatch.matter.reports.codes import code_of, hash_of, shown
from dispatch.matter.reports.models import Report
from dispatch.matter.viewings.grounds import Ground, ground, handlers_of
from dispatch.matter.viewings.models import Reason, What
from dispatch.verbs.viewing import look
from realtime.feed.contract import Actor
from realtime.feed.errors import NotFound

PAGE: Final = "/r/"  # of the centre's public address: where a reporter looks a query code up


@dataclass(frozen=True, slots=True)
class Slip:
    """What the printed slip for a reporter says (受理回执); `query_code` None: told before there were codes.

    `url`: the page where it is looked up; empty while the centre has set no public address: then no QR code is printed.
    """

    number: str
    item: str
    item_zh: str
    received_at: datetime
    query_code: str | None
    centre: str
    phone: str
    url: str


def prints_for(actor: Actor) -> Callable[[Report], bool]:
    """Tells whether the slip of a report that the actor sees is the actor's to print. One statement at most.

    The query code on it is the reporter's key: it opens what passed in clear, takes the report back, rates the answer.
    So it goes to who took the report in, to those of the same township's desk, and to the duty desk, which acts for
    reporters anyway. Source: docs/rules.md, "In force", reporters.
    """
    if not holds(actor, Right.REPORTS_MAKE):
        return lambda row: False
    if holds(actor, Right.ISSUES_WITHDRAW):
        return lambda row: True
    held: Sequence[HeldPost] = getattr(actor, "posts", ())
    desks = {post.unit_id for post in held if post.role is Role.TOWNSHIP_DESK}
    colleagues = tenures(desks, Role.TOWNSHIP_DESK) if desks else []

    def at_our_desk(row: Report) -> bool:
        return any(
            one.principal == row.by
            and one.since <= row.received_at
            and (one.until is None or row.received_at < one.until)
            for one in colleagues
        )

    return lambda row: row.by == actor.principal or at_our_desk(row)


def print_slip(report_id: UUID, *, actor: PersonActor) -> Slip:
    """The slip of a report, for whom `prints_for` names; each time it is recorded who took it, before it is shown.

    Raises NotFound, Forbidden. Twelve statements at most.
    """
    row = Report.objects.select_related("issue").defer("sealed").filter(pk=report_id, centre_id=actor.centre_id).first()
    if row is None or not (
        row.by == actor.principal or actor.scope.sees(of_report(row.issue, row.issue.orders.all(), [row]))
    ):
        raise _no_report()
    actor.must("reports.make")
    if not prints_for(actor)(row):
        raise _no_report()
    home, item = centre(row.centre_id), items(row.centre_id)[row.issue.item]
    now = settings_of(home.id)
    code = code_of(row.pk, code_secret())
    known = row.code_hash is not None and bytes(row.code_hash) == hash_of(code)
    look(row.issue, What.SLIP, row.pk, _ground(row, actor), by=actor.principal)
    return Slip(
        number_text(row.issue.number),
        item.code,
        item.item_zh,
        row.received_at,
        shown(code) if known else None,
        home.name,
        now.centre_phone,
        now.public_url + PAGE if now.public_url else "",
    )


def _ground(row: Report, actor: PersonActor) -> Ground:
    """By which post, and why: who handles the issue, else who took the report in, or a colleague of that desk."""
    handlers = handlers_of(row.issue, list(row.issue.orders.all()))
    found = ground(handlers, actor, handlers.of_report(row))
    if found is not None:
        return found
    post = next(post for post in actor.posts if Right.REPORTS_MAKE in rights_of(post))
    return Ground(post, Reason.REPORTED if row.by == actor.principal else Reason.HELD)


def _no_report() -> NotFound:
    return NotFound("report.not_found", "没有这条上报，或不在您的管辖范围内。")
