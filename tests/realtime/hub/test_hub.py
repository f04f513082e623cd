"""The hub by itself: who gets which bytes, who falls behind, and what `through` may claim. Pure."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.feed.contract import GENESIS_HASH, Audience, AudienceClass, Pair, Scope
from realtime.hub.access import Access, Close, Refusal, end_refused
from realtime.hub.connection import Connection, Identity
from realtime.hub.entry import Entry, audiences_of
from realtime.hub.framing import Frame, header_of
from realtime.hub.hub import History, Hub, Progress
from realtime.hub.limits import Limits
from realtime.hub.position import Position
from realtime.hub.ring import Ring
from realtime.hub.tokens import TokenIndex
from realtime.hub.writer import taken_one_by_one

CENTRE = UUID(int=1)
PUBLIC, DESK, SENSITIVE, CONTROL = AudienceClass
LIMITS = Limits(ring_facts=4, beat_slots=2, seen_stale_s=15, behind_limit_s=60, replay_facts=10)


class Pipe:
    """A way out that takes `room` more frames."""

    def __init__(self, room: int = 1_000) -> None:
        self.room = room
        self.calls = 0
        self.taken: list[Frame] = []
        self.closed: tuple[int, str] | None = None

    def write(self, frame: Frame) -> bool:
        """Takes a frame while there is room."""
        if not self.ready():
            return False
        self.room -= 1
        self.taken.append(frame)
        return True

    def write_run(self, frames: Sequence[Frame]) -> int:
        """As many as there is room for."""
        self.calls += 1
        return taken_one_by_one(self, frames)

    def ready(self) -> bool:
        """Whether there is room."""
        return self.room > 0

    def close(self, code: int, reason: str) -> None:
        """Remembers the close."""
        self.closed = (code, reason)

    def abort(self) -> None:
        """Remembers it too."""
        self.closed = (1006, "")


def position(seq: int) -> Position:
    """Where a test's feed stands."""
    return Position(1, seq, bytes([seq % 251]) * 32 if seq else GENESIS_HASH)


def entry(seq: int, after: Audience | None = None, before: Audience | None = None, **more: object) -> Entry:
    """A fact at `seq`, for everyone in place:1 unless told otherwise."""
    audience = after or Audience.of(["place:1"], PUBLIC)
    body = more.get("body", b'{"n":%d}' % seq)
    assert isinstance(body, bytes)
    return Entry(
        position(seq),
        "toy.moved",
        str(more.get("kind", "toy")),
        UUID(str(more.get("object_id", UUID(int=seq)))),
        1,
        body,
        b"",
        before,
        audience,
        None,
    )


def a_hub(at: int = 0) -> Hub:
    """A hub that stands at `at`, with what fits into memory."""
    first = max(0, at - 4)
    ring = Ring(4, [entry(seq) for seq in range(first + 1, at + 1)])
    return Hub(CENTRE, History(position(at), ring, Access({}, ()), position(first)), LIMITS)


def identity(*pairs: tuple[str, AudienceClass], **more: object) -> Identity:
    """Somebody who holds `pairs`, by default everything public in place:1."""
    scope = Scope(tuple(Pair(*pair) for pair in pairs or (("place:1", PUBLIC),)))
    session = more.get("session", uuid4())
    assert isinstance(session, UUID)
    return Identity(
        str(more.get("principal", f"person:{uuid4()}")),
        session,
        None,
        uuid4(),
        CENTRE,
        scope,
        int(str(more.get("v", 0))),
    )


def test_a_fact_of_the_past_reaches_nobody_and_is_passed() -> None:
    stored = b'{"after":{"class":"public","tokens":["place:1"]},"before":null,"past":true}'
    before, after = audiences_of(stored)
    hub, pipe = a_hub(), Pipe()
    connection = joined(hub, pipe)
    assert hub.publish(entry(1, after, before), entry(2), now=1.0) == 1
    assert hub.position_of(connection).seq == 2
    late = Pipe()
    behind = joined(hub, late, at=0)
    hub.bring_up(behind, 2.0)
    assert [frame.payload for frame in late.taken] == [frame.payload for frame in pipe.taken]


def joined(hub: Hub, pipe: Pipe, *pairs: tuple[str, AudienceClass], at: int | None = None) -> Connection:
    """A connection in the hub, at its position or further back."""
    connection = Connection(pipe)
    hub.join(connection, identity(*pairs), position(hub.position.seq if at is None else at), now=0)
    return connection


def seqs(pipe: Pipe) -> list[int]:
    """The `through` of each frame that was taken."""
    return [int(frame.payload.split(b'"through":')[1].split(b",")[0]) for frame in pipe.taken]


def test_one_frame_for_all() -> None:
    hub, pipes = a_hub(), [Pipe() for _ in range(3)]
    for pipe in pipes:
        joined(hub, pipe)
    fact = entry(1)
    assert hub.publish(fact, now=0) == 3
    assert all(pipe.taken[0] is fact.fact_frame() for pipe in pipes), "encoded and framed once"
    assert fact.fact_frame().payload == (
        b'{"frame":"fact","epoch":1,"through":1,"hash":"0101010101010101","fact":{"n":1}}'
    )


@given(st.integers(0, 200_000))
def test_headers_are_those_of_the_rfc(size: int) -> None:
    header = header_of(size)
    assert header[0] == 0x81 and not header[1] & 0x80, "text, final, unmasked"
    short = header[1] & 0x7F
    told = short if short < 126 else int.from_bytes(header[2:], "big")
    assert told == size and len(header) == (2 if size < 126 else 4 if size < 65_536 else 10)


def test_left_scope_goes_to_who_saw_it_only_before() -> None:
    hub, both, old, new = a_hub(), Pipe(), Pipe(), Pipe()
    joined(hub, both, ("place:1", PUBLIC))
    joined(hub, old, ("place:1/1", PUBLIC))
    joined(hub, new, ("place:1/2", PUBLIC))
    moved = entry(1, Audience.of(["place:1/2"], PUBLIC), Audience.of(["place:1/1"], PUBLIC))
    assert hub.publish(moved, now=0) == 3
    assert [pipe.taken[0] for pipe in (both, old, new)] == [moved.fact_frame(), moved.left_frame(), moved.fact_frame()]
    assert b"card" not in moved.left_frame().wire and b'{"n"' not in moved.left_frame().wire


def test_a_change_of_class_alone_leaves_the_scope_too() -> None:
    hub, wall, desk = a_hub(), Pipe(), Pipe()
    joined(hub, wall, ("place:1", PUBLIC))
    joined(hub, desk, ("place:1", SENSITIVE))
    now_sensitive = entry(1, Audience.of(["place:1"], SENSITIVE), Audience.of(["place:1"], PUBLIC))
    hub.publish(now_sensitive, now=0)
    assert wall.taken == [now_sensitive.left_frame()] and desk.taken == [now_sensitive.fact_frame()]


def test_who_is_behind_gets_nothing_until_it_is_brought_up_in_order() -> None:
    hub, pipe = a_hub(), Pipe(room=1)
    connection = joined(hub, pipe)
    for seq in (1, 2, 3):
        hub.publish(entry(seq), now=0)
    assert seqs(pipe) == [1] and connection.behind
    assert hub.position_of(connection).seq == 1, "through never passes what was not sent"
    assert hub.bring_up(connection, now=0) is Progress.WAITING
    pipe.room = 1
    assert hub.bring_up(connection, now=0) is Progress.WAITING
    assert hub.position_of(connection).seq == 2
    pipe.room = 9
    assert hub.bring_up(connection, now=0) is Progress.UP
    assert seqs(pipe) == [1, 2, 3] and not connection.behind and not hub.behind
    hub.publish(entry(4), now=0)
    assert seqs(pipe) == [1, 2, 3, 4]


@given(st.integers(0, 60), st.lists(st.booleans(), min_size=1, max_size=60))
def test_a_run_that_is_taken_in_part_leaves_off_where_it_stopped(room: int, seen: list[bool]) -> None:
    """Facts in scope and out of it, mixed: the position stops before the first one that was not taken."""
    hub, pipe = a_hub(at=0), Pipe(room)
    connection = joined(hub, pipe)
    connection.behind, connection.at = True, position(0)
    here, elsewhere = Audience.of(["place:1"], PUBLIC), Audience.of(["place:2"], PUBLIC)
    entries = [entry(seq, here if sees else elsewhere) for seq, sees in enumerate(seen, start=1)]
    all_taken = hub.replay(connection, entries, now=0)
    wanted = [seq for seq, sees in enumerate(seen, start=1) if sees]
    assert seqs(pipe) == wanted[:room]
    assert all_taken == (room >= len(wanted))
    at = len(seen) if all_taken else wanted[room] - 1
    assert hub.position_of(connection).seq == at


def test_what_memory_no_longer_holds_comes_from_the_feed() -> None:
    hub, pipe = a_hub(at=20), Pipe()
    connection = joined(hub, pipe, at=12)
    assert hub.bring_up(connection, now=0) is Progress.FEED
    hub.replay(connection, [entry(seq) for seq in range(13, 17)], now=0)
    assert hub.bring_up(connection, now=0) is Progress.UP
    assert seqs(pipe) == list(range(13, 21))


def test_silence_makes_behind_and_an_answer_ends_it() -> None:
    hub, pipe = a_hub(), Pipe()
    connection = joined(hub, pipe)
    beat = Frame(b'{"through":0,}')
    hub.beat(connection.slot, beat, now=15)
    assert not connection.behind and pipe.taken == [beat]
    hub.beat(connection.slot, beat, now=15.1)
    assert connection.behind and pipe.taken == [beat], "an empty buffer proves nothing"
    hub.publish(entry(1), now=16)
    assert hub.bring_up(connection, now=16) is Progress.WAITING
    hub.probe(connection, beat)
    hub.probe(connection, beat)
    assert pipe.taken == [beat, beat], "asked once"
    hub.seen(connection, now=17)
    assert hub.bring_up(connection, now=17) is Progress.UP
    assert len(pipe.taken) == 3


def test_too_slow_is_without_progress_for_too_long_or_too_far_back() -> None:
    hub, stuck, slow = a_hub(), Pipe(room=0), Pipe(room=1)
    a, b = joined(hub, stuck), joined(hub, slow)
    hub.publish(entry(1), now=0)
    hub.publish(entry(2), now=0)
    assert hub.too_slow(now=60) == []
    slow.room = 1
    hub.seen(b, now=50)
    hub.bring_up(b, now=50)
    hub.publish(entry(3), now=50)
    assert hub.too_slow(now=61) == [a], "the other one moves"
    for seq in range(4, 25):
        hub.publish(entry(seq), now=50)
    assert set(hub.too_slow(now=51)) == {a, b}, "further back than is worth replaying"


def test_facts_of_one_action_go_out_in_one_call_each_with_its_own_through() -> None:
    hub, both, one = a_hub(), Pipe(), Pipe()
    joined(hub, both, ("place:1", PUBLIC), ("unit:a", DESK))
    joined(hub, one, ("place:1", PUBLIC))
    mine = Audience.of(["unit:a"], DESK)
    assert hub.publish(entry(1), entry(2, mine), entry(3), now=0) == 5
    assert seqs(both) == [1, 2, 3]
    assert seqs(one) == [1, 3]
    assert (both.calls, one.calls) == (1, 1)
    assert hub.position == position(3)


@pytest.mark.parametrize(("room", "stands"), [(0, 0), (1, 1), (2, 3)])
def test_who_takes_a_part_of_a_run_stands_below_the_first_fact_it_lacks(room: int, stands: int) -> None:
    """Facts 1, 2 and 4 are for it, 3 is not: with 1 and 2 taken it has all there is up to 3."""
    hub, pipe = a_hub(), Pipe(room=room)
    connection = joined(hub, pipe)
    elsewhere = Audience.of(["place:2"], PUBLIC)
    hub.publish(entry(1), entry(2), entry(3, elsewhere), entry(4), now=0)
    assert connection.behind
    assert hub.position_of(connection) == position(stands)
    pipe.room = 10
    hub.seen(connection, now=0)
    assert hub.bring_up(connection, now=0) is Progress.UP
    assert seqs(pipe) == [1, 2, 4]


def test_a_run_that_leaves_a_scope_and_comes_back_says_both() -> None:
    hub, pipe = a_hub(), Pipe()
    joined(hub, pipe)
    here, there = Audience.of(["place:1"], PUBLIC), Audience.of(["place:2"], PUBLIC)
    hub.publish(entry(1), entry(2, there, here), entry(3, here, there), now=0)
    assert seqs(pipe) == [1, 2, 3]
    assert b"left_scope" in pipe.taken[1].payload


def test_a_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="seq 3 does not follow 1"):
        a_hub(at=1).publish(entry(3), now=0)


def test_positions_are_known_as_far_as_memory_reaches() -> None:
    hub = a_hub(at=9)
    assert [seq for seq in range(12) if hub.known_at(seq)] == [5, 6, 7, 8, 9]
    for seq in range(10, 40):
        hub.publish(entry(seq), now=0)
    assert hub.known_at(5) is None and hub.known_at(38) == position(38)


def test_who_leaves_hears_nothing_more() -> None:
    hub, pipe = a_hub(), Pipe()
    connection = joined(hub, pipe, ("place:1", DESK), ("unit:a", SENSITIVE))
    hub.leave(connection)
    hub.leave(connection)
    assert hub.publish(entry(1), now=0) == 0 and pipe.taken == []
    assert hub._index._buckets == {}, "nothing is left behind"


def test_control_facts_end_what_no_longer_holds() -> None:
    access = Access({"person:" + str(UUID(int=7)): 1}, [UUID(int=99)])
    person = f"person:{UUID(int=7)}"
    assert access.refusal(identity(principal=person, v=1)) is None
    assert access.refusal(identity(principal=person, v=0)) == Refusal(
        Close.SCOPE_CHANGED, "rights have changed: ask for a new ticket"
    )
    assert access.refusal(identity(session=UUID(int=99))) == Refusal(Close.SESSION_LOST, "the session has ended")
    assert access.is_ahead(identity(principal=person, v=2))
    hub, pipe = a_hub(), Pipe()
    connection = Connection(pipe)
    hub.join(connection, identity(principal=person, v=1), position(0), now=0)
    audience = Audience.of(["place:1"], CONTROL)
    changed = entry(1, audience, kind="access", object_id=UUID(int=7), body=b'{"body":{"access_version":2}}')
    assert hub.publish(changed, now=0) == 0, "never sent to a screen"
    assert access.apply(changed) and end_refused(hub.connections, access) == 1
    assert pipe.closed == (4003, "rights have changed: ask for a new ticket")
    assert not access.is_ahead(identity(principal=person, v=2))
    assert not access.apply(entry(2))


TOKENS = st.sampled_from(["place:1", "place:1/1", "place:1/1/1", "place:1/2", "place:11", "unit:a", "unit:b", "post:a"])
AUDIENCES = st.builds(
    lambda tokens, audience_class: Audience.of(tokens, audience_class),
    st.lists(TOKENS, min_size=1, max_size=3),
    st.sampled_from(list(AudienceClass)),
)
SCOPES = st.lists(st.tuples(TOKENS, st.sampled_from([PUBLIC, DESK, SENSITIVE])), max_size=3)


@given(st.lists(SCOPES, max_size=8), st.lists(AUDIENCES, max_size=8), st.data())
def test_the_index_finds_whom_the_scope_lets_see(
    scopes: list[list[tuple[str, AudienceClass]]], audiences: list[Audience], data: st.DataObject
) -> None:
    """The quick way (sets by token) and the plain rule (`Scope.sees`) agree, with some gone again."""
    index = TokenIndex()
    held = {}
    for pairs in scopes:
        connection = Connection(Pipe())
        held[connection] = Scope(tuple(Pair(*pair) for pair in pairs))
        index.add(connection, held[connection].pairs)
    for connection in list(held):
        if data.draw(st.booleans()):
            index.remove(connection, held.pop(connection).pairs)
    for audience in audiences:
        expected = {connection for connection, scope in held.items() if scope.sees(audience)}
        found = index.matching(audience)
        assert set(found) == expected and len(found) == len(expected)


@given(st.integers(1, 8), st.integers(0, 60), st.integers(0, 60))
def test_the_ring_holds_the_newest_without_a_gap(size: int, appended: int, asked: int) -> None:
    ring = Ring(size)
    for seq in range(1, appended + 1):
        ring.append(entry(seq))
    assert min(size, appended) <= len(ring) <= 2 * size
    if ring.reaches(asked):
        assert [each.seq for each in ring.after(asked)] == list(range(asked + 1, appended + 1))
    held = ring.at(asked)
    assert (held.seq if held else None) == (asked if appended - len(ring) < asked <= appended else None)
