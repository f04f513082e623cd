"""Tells calls that run once more where this release makes another card of them than was told."""

from collections.abc import Sequence
from itertools import chain

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.call_law.opening import Book
from dispatch.matter.call_law.recording import change_of
from dispatch.matter.calls.facts import CallRedrawn
from dispatch.matter.calls.models import Call
from dispatch.matter.cards.calls import audience_of, call_card
from dispatch.matter.facts import UPGRADE
from realtime.feed.objects import ShownObject
from realtime.feed.queries import latest_facts


def redraw_calls(aggregates: Sequence[Aggregate]) -> None:
    """Tells what still calls somebody, of aggregates of one centre whose calls were read. At most two statements."""
    calls = Call.objects.filter(pk__in=[call.pk for each in aggregates for call in each.calling or ()])
    read = latest_facts(aggregates[0].issue.centre_id, calls.values_list("pk", "version"))
    told = {shown.id: shown for shown in read}
    book = Book()
    for aggregate, call in chain.from_iterable(((each, call) for call in each.calling or ()) for each in aggregates):
        audience, was = audience_of(call, aggregate.issue), told[call.pk]
        if was != ShownObject.of_card("call", call.pk, call.version, call_card(call, aggregate.issue), audience):
            book.change(call)
            change = change_of(call, aggregate.issue, lambda shown: CallRedrawn(shown, UPGRADE), before=was.audience)
            aggregate.changes.append(change)
    book.save()
