"""What a unit still owes, and that it keeps who answers for it.

`command` knows no orders: `settings.UNIT_OBLIGATIONS` names the functions that do.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from command.people.models import Post
from command.people.queries import LIAISONS, held_posts
from command.units.models import Unit
from realtime.feed.errors import Conflict


@cache
def _counts() -> tuple[Callable[[UUID], int], ...]:
    return tuple(import_string(path) for path in settings.UNIT_OBLIGATIONS)


def open_of(unit_id: UUID) -> int:
    """How many orders and issues wait for this unit."""
    return sum(count(unit_id) for count in _counts())


HOLD: Final = "SELECT FROM organisations_unit WHERE id = ANY(%s) ORDER BY id FOR SHARE"


def hold_units(unit_ids: Sequence[UUID]) -> None:
    """Until the end of the transaction these units stay in use and keep who answers for them. One statement.

    Shared: orders to one unit don't wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [list(unit_ids)])


def lock_units_of(ending: Sequence[Post]) -> None:
    """Until the end of the transaction nobody sends these units an order or ends another of their posts. One statement.

    Who sends an order holds its unit too (`hold_units`): it goes to somebody who answers, or is refused.
    """
    units = Unit.objects.filter(pk__in={post.unit_id for post in ending}).order_by("pk")
    list(units.select_for_update(no_key=True).values_list("pk", flat=True))


def must_leave_a_liaison(ending: Sequence[Post]) -> None:
    """Returns if each unit of the posts keeps somebody who answers, or owes nothing. Raises Conflict."""
    for post in ending:
        if post.role not in LIAISONS:
            continue
        others = held_posts().filter(unit=post.unit_id, role__in=LIAISONS)
        if others.exclude(pk__in=[row.pk for row in ending]).exists():
            continue
        waiting = open_of(post.unit_id)
        if waiting:
            raise Conflict(
                "post.last_liaison",
                f"这是「{post.unit.short}」最后一名联络员，该单位还有 {waiting} 件未办结。",
                rule="6",
                remedy="请先任命接替的人；确需撤下，请确认后再提交（confirmed）。",
                extra={"open_orders": waiting, "unit": str(post.unit_id)},
            )
