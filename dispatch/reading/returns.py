"""Reads of return requests. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.cards.returns import ReturnRequestCard
from dispatch.matter.returns.states import Verb
from dispatch.matter.texts.masking import mask_text
from dispatch.verbs.offering import request_verbs
from realtime.feed.contract import Actor


@dataclass(frozen=True, slots=True)
class RequestView:
    """A return request with its words, masked, and how this actor may rule on it."""

    id: UUID
    version: int
    card: ReturnRequestCard
    text: str | None
    ruling: str | None
    open_verbs: tuple[Verb, ...]


def requests_of(aggregate: Aggregate, notes: Mapping[UUID, str], *, actor: Actor) -> Sequence[RequestView]:
    """The requests of a loaded issue that the actor sees. `notes` are the issue's, in clear. No statement."""
    return [
        RequestView(
            request.pk,
            request.version,
            aggregate.card_of(request),
            _masked(notes, request.note_id),
            _masked(notes, request.ruling_id),
            request_verbs(request, actor),
        )
        for request in aggregate.requests
        if actor.scope.sees(aggregate.audience_of(request))
    ]


def _masked(notes: Mapping[UUID, str], note_id: UUID | None) -> str | None:
    words = notes.get(note_id) if note_id else None
    return mask_text(words) if words is not None else None
