"""Which issues a scope sees, as a condition on rows."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Q

from dispatch.matter.aggregate.locks import issue_not_found
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.orders.states import GONE
from dispatch.matter.reports.models import Report
from realtime.feed.contract import Actor, AudienceClass, Pair, Scope

_GONE: Final = sorted(GONE)


def visible(scope: Scope) -> Q:
    """Which issues' cards a scope sees, as a condition on rows; `Scope.sees` says the same of one."""
    seen = Q(pk__in=[])
    for pair in _widest(scope):
        kind, _, value = pair.token.partition(":")
        if kind == "place":
            here = Q(place=value) | Q(place__startswith=value + "/")
        elif kind == "unit":
            here = with_unit(UUID(value))
        elif kind == "post":
            here = Q(pk__in=Report.objects.filter(post_id=UUID(value)).values("issue_id"))
        else:
            continue
        seen |= here if pair.ceiling >= AudienceClass.SENSITIVE else here & Q(sensitive=False)
    return seen


def with_unit(unit_id: UUID) -> Q:
    """Issues of which a unit has an order that was not taken from it, its own or forwarded to it."""
    held = Order.objects.filter(unit_id=unit_id).exclude(state__in=_GONE)
    forwarded = Forward.objects.filter(taker_id=unit_id, ended_at=None)
    return Q(pk__in=held.values("issue_id")) | Q(pk__in=forwarded.values("order__issue_id"))


def must_see(issue_id: UUID, *, actor: Actor) -> None:
    """Returns if the issue is in the actor's scope. Raises NotFound. One statement."""
    if not Issue.objects.filter(visible(actor.scope), pk=issue_id, centre_id=actor.centre_id).exists():
        raise issue_not_found()


def _widest(scope: Scope) -> Sequence[Pair]:
    """The pairs that say all: who sees a whole centre needs no further look at units and posts."""
    whole = [pair for pair in scope.pairs if pair.token.startswith("place:") and "/" not in pair.token]
    return [pair for pair in whole if pair.ceiling >= AudienceClass.SENSITIVE] or scope.pairs
