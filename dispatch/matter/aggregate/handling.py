"""Who handled an issue, as its orders' facts say: they don't verify it."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import orjson

from dispatch.matter.orders.models import Order
from realtime.feed.contract import Json
from realtime.feed.queries import facts_of

_HANDLING = frozenset({"order.started", "order.fed_back"})  # acknowledging is a receipt, no more


def handlers_of(centre_id: UUID, orders: Sequence[Order]) -> frozenset[str]:
    """The principals who began to handle some orders, or answered them: they don't verify the issue. One statement."""
    facts = facts_of(centre_id, [order.pk for order in orders])
    return handling((fact.name, orjson.loads(fact.bytes)["body"]) for fact in facts)


def handling(facts: Iterable[tuple[str, Mapping[str, Json]]]) -> frozenset[str]:
    """The principals of those facts, by name and body, that began or answered an order."""
    return frozenset(str(body["by"]) for name, body in facts if name in _HANDLING)
