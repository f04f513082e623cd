"""What a unit still owes, for who wants to retire it or end its last liaison's post (`settings.UNIT_OBLIGATIONS`)."""

from uuid import UUID

from django.db.models import Q

from dispatch.issues.models import Issue
from dispatch.issues.states import OPEN
from dispatch.orders.models import Order
from dispatch.orders.states import SHOWN


def open_of_unit(unit_id: UUID) -> int:
    """How many open issues it is responsible for or has an order of that is not done with. One statement."""
    ordered = Order.objects.filter(unit_id=unit_id, state__in=sorted(SHOWN)).values("issue_id")
    return Issue.objects.filter(Q(responsible_id=unit_id) | Q(pk__in=ordered), state__in=sorted(OPEN)).count()
