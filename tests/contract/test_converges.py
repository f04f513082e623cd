"""A screen that takes the facts of an action has what a fresh snapshot shows: for every action and every kind of scope.

The triples (before, frames, after) are kept beside this file; the frontend replays them through its store. Write them
anew with `./relay generate --triples` after a change that is meant; a field of a card changes none.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from dispatch.matter.aggregate.aggregate import kind_of
from dispatch.matter.aggregate.locks import load, with_places
from realtime.feed.contract import Audience, AudienceClass, Pair, Scope
from realtime.feed.queries import FactRow, all_facts, head
from realtime.gateway.contract import SnapshotSource
from server.cards import CARDS, schemas
from server.sources import ROW_SOURCES, SNAPSHOT_SOURCES
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk
from tests.dispatch.stories import STORIES
from tests.dispatch.story import Story

HERE: Final = Path(__file__).parent
FILES: Final = HERE / "triples"
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_EPOCH: Final = datetime(2026, 11, 2, 1, 0, 0, tzinfo=UTC)

UNSEEN: Final = ("reveal", "archive", "reply", "progress")  # nothing on a board changes
# Where an audience or its rows change: what is sensitive must stay with the desk and its units there above all.
GUARDED: Final = (
    "accept",
    "file",
    "dispatch",
    "acknowledge_lead",
    "feed_back_lead",
    "verify",
    "rework",
    "close",
    "breach_of_relay_down",
    "merge",
    "unmerge",
    "recall_lead",
    "redispatch",
    "suspend",
    "grant",
    "void",
    "amend_place",
    "amend_place_breached",
)

# Here one more looks: somebody of the unit that the order is forwarded to, who sees nothing by place.
FORWARDS: Final = (
    "forward",
    "take_back",
    "acknowledge_forward",
    "acknowledge_forward_on_the_way",
    "feed_back_by_the_taker",
    "feed_back_over_the_taker",
    "recall_of_a_forward",
    "breach_of_a_forward",
)

Objects = dict[tuple[str, str], dict[str, Any]]
_SCHEMAS: Final = {"components": {"schemas": schemas()}}
_CARDS: Final = {
    kind: Draft202012Validator({"$ref": f"#/components/schemas/{card.__name__}", **_SCHEMAS})
    for kind, card in CARDS.items()
}


def as_declared(kind: str, card: Mapping[str, Any]) -> None:
    """Raises AssertionError for a card that is not of its kind's type."""
    assert [f"{error.json_path}: {error.message}" for error in _CARDS[kind].iter_errors(card)] == []


def scopes_of(desk: Desk) -> dict[str, Scope]:
    """Who looks: the desk, two units, a leader, a township, a wall, a unit that has nothing to do with it."""
    root = desk.built.root
    wall = Scope((Pair(f"place:{root}", AudienceClass.PUBLIC),))
    people = {"desk": "duty1", "lead_unit": "chengguan", "assist_unit": "power", "leader": "leader", "town": "town"}
    return {name: desk.actor(username).scope for name, username in people.items()} | {
        "wall": wall,
        "another_unit": desk.actor("housing").scope,
    }


def snapshot(desk: Desk, scope: Scope) -> Objects:
    """What a screen of that scope would be told now: the latest facts and the rows must say the same."""
    told = told_by(SNAPSHOT_SOURCES, desk, scope)
    assert told == told_by(ROW_SOURCES, desk, scope)
    for (kind, _), one in told.items():
        as_declared(kind, one["card"])
    return told


def told_by(sources: Sequence[SnapshotSource], desk: Desk, scope: Scope) -> Objects:
    """The sources' open objects by kind and id."""
    return {
        (found.kind, str(found.id)): {
            "kind": found.kind,
            "id": str(found.id),
            "version": found.version,
            "card": json.loads(json.dumps(found.card)),
        }
        for source in sources
        for found in source(scope, desk.built.id)
        if scope.sees(found.audience)
    }


def frames(facts: list[FactRow], scope: Scope) -> Iterator[dict[str, Any]]:
    """The frames that a screen of that scope gets for some facts."""
    for fact in facts:
        audience = json.loads(fact.audience)
        before = Audience.of_wire(audience["before"]) if audience["before"] else None
        position = {"epoch": fact.epoch, "through": fact.seq, "hash": "0" * 16}
        if scope.sees(Audience.of_wire(audience["after"])):
            yield {"frame": "fact", **position, "fact": json.loads(fact.bytes)}
        elif before and scope.sees(before):
            ref = {"id": str(fact.object_id), "kind": fact.object_kind}
            yield {"frame": "left_scope", **position, "object": ref, "version": fact.version}


def applied(state: Objects, told: list[dict[str, Any]]) -> Objects:
    """The state after some frames, by the rule that every client follows. Raises AssertionError for a gap."""
    state = dict(state)
    gone: dict[tuple[str, str], int] = {}
    for frame in told:
        ref = frame["fact"]["object"] if frame["frame"] == "fact" else frame["object"]
        key = (ref["kind"], ref["id"])
        known = state[key]["version"] if key in state else gone.get(key)
        if frame["frame"] == "left_scope":
            state.pop(key, None)
            gone[key] = frame["version"]
            continue
        fact = frame["fact"]
        assert known is None or fact["version"] == known + 1, f"{fact['name']} skips a version of {key}"
        if fact["card"]["open"]:
            state[key] = {"kind": key[0], "id": key[1], "version": fact["version"], "card": fact["card"]}
        else:
            state.pop(key, None)
            gone[key] = fact["version"]
    return state


def all_cards(desk: Desk) -> dict[tuple[str, UUID], tuple[int, str]]:
    """Version and card of everything in the centre, open or not."""
    issues = list(with_places().filter(centre_id=desk.built.id))
    return {
        (kind_of(row), row.pk): (row.version, json.dumps(aggregate.card_of(row), sort_keys=True))
        for aggregate in load(issues)
        for row in aggregate.rows()
    }


@pytest.mark.parametrize("name", STORIES)
def test_a_screen_that_takes_the_facts_has_the_snapshot(desk: Desk, name: str) -> None:
    story = STORIES[name]
    issue_id = story.prepare(desk)
    scopes = scopes_of(desk) | ({"taker": desk.actor("villager").scope} if name in FORWARDS else {})
    before = {who: snapshot(desk, scope) for who, scope in scopes.items()}
    cards = all_cards(desk)
    at = head(desk.built.id).seq

    story.run(desk, issue_id)

    facts = list(all_facts(desk.built.id, after=at))
    for fact in facts:
        as_declared(fact.object_kind, json.loads(fact.bytes)["card"])
    triples = []
    for who, scope in scopes.items():
        told = list(frames(facts, scope))
        after = snapshot(desk, scope)
        assert applied(before[who], told) == after, f"{who} does not converge"
        triples.append({"scope": who, "before": _listed(before[who]), "frames": told, "after": _listed(after)})
    assert any(triple["before"] != triple["after"] for triple in triples) or name in UNSEEN
    _every_changed_card_has_its_fact(cards, all_cards(desk), facts)
    _matches_file(name, triples)


@pytest.mark.parametrize("name", GUARDED)
def test_what_is_sensitive_reaches_the_desk_and_its_units_only(desk: Desk, name: str) -> None:
    story = _sensitive(STORIES[name])
    issue_id = story.prepare(desk)
    scopes = scopes_of(desk)
    before = {who: snapshot(desk, scope) for who, scope in scopes.items()}
    at = head(desk.built.id).seq
    story.run(desk, issue_id)
    facts = list(all_facts(desk.built.id, after=at))
    for who, scope in scopes.items():
        told = list(frames(facts, scope))
        assert applied(before[who], told) == snapshot(desk, scope)
        if who in ("leader", "wall", "town", "another_unit"):
            assert not told and not before[who], f"{who} is told of a sensitive issue"


def _sensitive(story: Story) -> Story:
    """The same story about domestic violence."""

    def prepare(desk: Desk) -> UUID:
        told = desk.reported

        def reported(item: str = DOMESTIC_VIOLENCE, **more: Any) -> UUID:
            return told(DOMESTIC_VIOLENCE, **more)

        desk_of_it = _Renamed(desk.built, desk.keys, desk.remembered)
        desk_of_it.told = reported
        return story.prepare(desk_of_it)

    return Story(prepare, story.act, story.by)


class _Renamed(Desk):
    """A desk whose reports are all of one item."""

    told: Any

    def reported(self, item: str = "", **more: Any) -> UUID:
        result: UUID = self.told(**more)
        return result


def _every_changed_card_has_its_fact(
    before: Mapping[tuple[str, UUID], tuple[int, str]],
    after: Mapping[tuple[str, UUID], tuple[int, str]],
    facts: list[FactRow],
) -> None:
    last = {(fact.object_kind, fact.object_id): fact for fact in facts}
    for key, (version, card) in after.items():
        if before.get(key) == (version, card):
            assert key not in last, f"a fact about {key}, whose card did not change"
            continue
        assert key in last, f"the card of {key} changed without a fact"
        assert last[key].version == version
        assert json.dumps(json.loads(last[key].bytes)["card"], sort_keys=True) == card


def _listed(objects: Objects) -> list[dict[str, Any]]:
    """Objects in an order that does not depend on their random ids."""
    return sorted(objects.values(), key=lambda found: (found["kind"], _UUID.sub("", json.dumps(found, sort_keys=True))))


def recorded(triple: Mapping[str, Any]) -> dict[str, Any]:
    """What the screens' store reads of a triple: whether a card is open, and which one it is, by its version.

    Cards are compared whole above. Recorded whole, a field of a card would change every file.
    """
    return {
        "scope": triple["scope"],
        "before": [_shown(one) for one in triple["before"]],
        "frames": [_of_frame(frame) for frame in triple["frames"]],
        "after": [_shown(one) for one in triple["after"]],
    }


def _of_frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    return {**frame, "fact": _shown(frame["fact"])} if "fact" in frame else {**frame}


def _shown(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: one[name] for name in ("at", "id", "kind", "name", "object", "to", "version") if name in one}
    return {**kept, "card": {"of": one["version"], "open": one["card"]["open"]}}


def _matches_file(name: str, triples: list[dict[str, Any]]) -> None:
    story = {"action": name, "triples": [recorded(triple) for triple in triples]}
    rendered = _normal(json.dumps(story, ensure_ascii=False, indent=1, sort_keys=True))
    file = FILES / f"{name}.json"
    if os.environ.get("RELAY_WRITE_CONTRACTS"):
        FILES.mkdir(exist_ok=True)
        file.write_text(rendered + "\n", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == rendered + "\n", "the triples have drifted: see the top of this file"


def _normal(text: str) -> str:
    """The text with ids by order of appearance and instants by order of time, so that every run writes the same."""
    ids: dict[str, str] = {}
    for found in _UUID.findall(text):
        ids.setdefault(found, str(UUID(int=len(ids) + 1)))
    times = {found: _EPOCH + timedelta(seconds=n) for n, found in enumerate(sorted(set(_TIME.findall(text))))}
    text = _UUID.sub(lambda found: ids[found[0]], text)
    seqs = {
        seq: n for n, seq in enumerate(sorted({int(seq) for seq in re.findall(r'"through": (\d+)', text)}), start=1)
    }
    text = re.sub(r'"through": (\d+)', lambda found: f'"through": {seqs[int(found[1])]}', text)
    return _TIME.sub(lambda found: times[found[0]].strftime("%Y-%m-%dT%H:%M:%S.%fZ"), text)
