"""Who holds the right of a verb on this issue: the desk for the whole centre, others within their unit or cell.

Source: docs/rules.md, the column "who". The rights themselves stand in command/access.py.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from command.access import HeldPost, Right, rights_of
from command.settings.queries import settings_of
from dispatch.matter.issues.models import Issue
from realtime.feed.contract import Actor, Audience
from realtime.feed.errors import Forbidden

Judge: TypeAlias = Callable[[Actor, Right, Issue, Audience], None]


def in_its_place(actor: Actor, right: Right, issue: Issue, about: Audience) -> None:
    """Returns if the actor holds the right where the issue is. Raises Forbidden.

    about   who reads the issue in detail. By a post that itself does: who leads one place and answers for a unit in
            another may not do to what the leader sees what the unit may do to its own
    """
    actor.must(right, place=issue.place, about=about)


def of_holder(actor: Actor, right: Right, issue: Issue, about: Audience) -> None:
    """The same, for the unit that holds the issue."""
    actor.must(right, unit_id=issue.responsible_id, place=issue.place, about=about)


def of_desk_or_township(actor: Actor, right: Right, issue: Issue, about: Audience) -> None:
    """The duty desk's right; a township's desk has it for what it holds, where the centre says so. Raises Forbidden.

    A statement more for such a desk only.
    """
    try:
        actor.must(right, about=about)
    except Forbidden as refused:
        try:
            of_holder(actor, Right.ISSUES_ACCEPT_IN_TOWNSHIP, issue, about)
        except Forbidden:
            raise refused from None
        if not settings_of(issue.centre_id).township_accepts:
            raise refused from None


def to_decline(actor: Actor, right: Right, issue: Issue, about: Audience) -> None:
    """The same; what is or was urgent only the duty lead declines: who amends that away may not decline it then."""
    if issue.urgent or issue.was_urgent:
        actor.must(Right.ISSUES_DECLINE_URGENT, about=about)
    else:
        of_desk_or_township(actor, right, issue, about)


def holds(actor: Actor, right: str, *, unit_id: UUID | None = None, about: Audience | None = None) -> bool:
    """Whether the actor holds a right: for the whole centre, for that unit, or for what is that audience's."""
    try:
        actor.must(right, unit_id=unit_id, about=about)
    except Forbidden:
        return False
    return True


def must_backfill(actor: Actor) -> UUID:
    """The post by which the actor vouches for what is entered from paper: a lead's, or a deputy's. Raises Forbidden."""
    held: Sequence[HeldPost] = getattr(actor, "posts", ())
    post = next((one for one in held if Right.ISSUES_BACKFILL in rights_of(one)), None)
    if post is None:
        raise Forbidden(
            "backfill.duty_lead_only",
            "补录须由值班长办理，或由受托代行审批的值班员办理。",
            rule="计时·补录",
            remedy="请把纸面记录交值班长补录；现在发生的，直接办理即可。",
            extra={"right": Right.ISSUES_BACKFILL},
        )
    return post.id
