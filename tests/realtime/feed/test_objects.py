"""A snapshot shows a card as it was stored: cut out of its fact, never read and written again."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from realtime.feed.actions import canonical_bytes
from realtime.feed.canonical import canonical
from realtime.feed.contract import Audience, AudienceClass, Change, Json
from realtime.feed.objects import ShownObject, written_card

AT = datetime(2026, 11, 2, 1, 2, 3, 4, UTC)
EVERYBODY = Audience.of(["place:330199"], AudienceClass.PUBLIC)
# Words that look like what the cut is made at.
WORDS = st.sampled_from(['","card":{', ',"card":', ',"name":"', '","name":"x"', "name", "\\", '"', "}", "卡片 🏠", ""])
PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | WORDS
VALUES = st.recursive(PLAIN, lambda of: st.lists(of) | st.dictionaries(st.text() | WORDS, of), max_leaves=12)
CARDS = st.dictionaries(st.text() | WORDS | st.just("card"), VALUES)
BODIES = st.dictionaries(st.sampled_from(["by", "from", "to", "name", "cards"]), PLAIN | st.lists(PLAIN))


@dataclass(frozen=True)
class Something:
    """A fact with any card."""

    card: dict[str, Json]
    told: dict[str, Json]
    name: ClassVar[str] = "toy.moved"
    object_kind: ClassVar[str] = "toy"
    object_id: ClassVar[UUID] = UUID(int=7)
    version: ClassVar[int] = 3

    def body(self) -> dict[str, Json]:
        """As told."""
        return self.told


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect
@given(CARDS, BODIES, st.none() | st.just("unit:7"))
def test_a_card_is_cut_out_as_it_was_written(card: dict[str, Json], body: dict[str, Json], to: str | None) -> None:
    stored = canonical_bytes(Change(Something(card, body), None, EVERYBODY, to), AT)
    assert written_card(stored) == canonical(card)


@pytest.mark.parametrize("body", [{"by": "person:7", "card": {}}, {"by": {"a": 1, "card": None}}])
def test_a_body_that_would_hide_the_card_is_never_recorded(body: dict[str, Json]) -> None:
    with pytest.raises(ValueError, match=r"toy\.moved: a body has no key 'card'"):
        canonical_bytes(Change(Something({"open": True}, body), None, EVERYBODY), AT)


def test_a_line_of_a_snapshot_is_json_of_kind_id_version_and_card() -> None:
    shown = ShownObject.of_card("toy", UUID(int=7), 3, {"open": True, "place": "“一”区"}, EVERYBODY)
    assert orjson.loads(shown.wire()) == {"kind": "toy", "id": str(UUID(int=7)), "version": 3, "card": dict(shown.card)}
    assert shown.card == {"open": True, "place": "“一”区"}
