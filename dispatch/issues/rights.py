"""Which right a verb needs, on this issue or order: the desk's for the whole centre, others' within their unit or cell.

Source: docs/rules.md, the column "who". The rights themselves stand in command/people/access.py.
"""

from collections.abc import Sequence
from uuid import UUID

from command.people.access import HeldPost, Right, rights_of
from command.settings.queries import settings_of
from dispatch.backfills.contract import OnPaper
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.audiences import of_report
from dispatch.issues.models import Issue
from dispatch.issues.states import Verb
from realtime.feed.contract import Actor, Audience
from realtime.feed.errors import Forbidden


def must(actor: Actor, verb: Verb, aggregate: Aggregate, on_paper: OnPaper | None = None) -> None:
    """Returns if the actor may do `verb` to this issue, and backfill it where it happened on paper. Raises Forbidden.

    By a post that itself reads the issue in detail: who leads one place and answers for a unit in another may not do
    to what the leader sees what the unit may do to its own.

    A township's desk accepts what it holds, or declines what never was urgent of it, where the centre says so; costs a
    statement, for such a desk only.
    """
    if on_paper is not None:
        must_backfill(actor)
    issue, about = aggregate.issue, of_report(aggregate.issue, aggregate.orders, aggregate.reports)
    match verb:
        case Verb.ACCEPT:
            _must_decide(actor, Right.ISSUES_ACCEPT, issue, about)
        case Verb.DECLINE if issue.urgent or issue.was_urgent:  # who amends that away may not decline it then
            actor.must(Right.ISSUES_DECLINE_URGENT, about=about)
        case Verb.DECLINE:
            _must_decide(actor, Right.ISSUES_DECLINE, issue, about)
        case Verb.PASS_UP:
            actor.must(Right.ISSUES_PASS_UP, unit_id=issue.responsible_id, place=issue.place, about=about)
        case _:
            actor.must(f"issues.{verb}", place=issue.place, about=about)


def may(actor: Actor, verb: Verb, aggregate: Aggregate) -> bool:
    """Whether the actor may do `verb` to this issue."""
    try:
        must(actor, verb, aggregate)
    except Forbidden:
        return False
    return True


def holds(actor: Actor, right: str, about: Audience | None = None) -> bool:
    """Whether the actor holds a right: for the whole centre, or with `about` for what is that audience's."""
    try:
        actor.must(right, about=about)
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


def _must_decide(actor: Actor, right: Right, issue: Issue, about: Audience) -> None:
    try:
        actor.must(right, about=about)
    except Forbidden as refused:
        try:
            actor.must(Right.ISSUES_ACCEPT_IN_TOWNSHIP, unit_id=issue.responsible_id, place=issue.place, about=about)
        except Forbidden:
            raise refused from None
        if not settings_of(issue.centre_id).township_accepts:
            raise refused from None
