"""What a unit still owes, for who wants to retire it or end its last liaison's post (`settings.UNIT_OBLIGATIONS`)."""

from uuid import UUID

from django.db.models import Q

from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.orders.states import SHOWN


def open_of_unit(unit_id: UUID) -> int:
    """How many open issues it is responsible for or has an order of, its own or
    forwarded to it, that is not done with. One statement.
    """
    ordered = Order.objects.filter(unit_id=unit_id, state__in=sorted(SHOWN)).values("issue_id")
    forwarded = Forward.objects.filter(taker_id=unit_id, ended_at=None, order__state__in=sorted(SHOWN))
    here = Q(responsible_id=unit_id) | Q(pk__in=ordered) | Q(pk__in=forwarded.values("order__issue_id"))
    return Issue.objects.filter(here, state__in=sorted(OPEN)).count()
