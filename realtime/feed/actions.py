"""`once` begins every action, `record` ends it. Rows, facts and the key's answer commit together or not at all."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from realtime.feed.canonical import canonical
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION, Answer, Audience, Change, Command, Json
from realtime.feed.errors import Conflict, Invalid, KeyReused, Replayed
from realtime.feed.objects import has_card
from realtime.feed.past import KeptFact, is_past, keep_back
from realtime.feed.statements import Rows, Statement, ask
from realtime.feed.wake import bell

MAX_KEY_CHARS: Final = 255

_APPEND: Final = """
SELECT epoch, last_seq, answer FROM feed_append_v1(
    %s::uuid, %s::timestamptz, %s::text[], %s::text[], %s::uuid[], %s::int[], %s::bytea[], %s::bytea[], %s::text[],
    %s::text, %s::text, %s::int, %s::bytea, %s::bytea)
"""
_CLAIM: Final = """
INSERT INTO feed_command_key (principal, key, body_hash, made_at) VALUES (%s, %s, %s, clock_timestamp())
ON CONFLICT DO NOTHING RETURNING true
"""
_ANSWERED: Final = "SELECT body_hash, answer FROM feed_command_key WHERE principal = %s AND key = %s"


def once(cmd: Command) -> None:
    """Claims the command's idempotency key. The first statement of an action.

    A rival with the same key waits here until the first has committed or rolled back (a refusal frees the key).
    Raises Replayed with the first answer, KeyReused when the key came with another body, Invalid for a key that is
    empty or longer than 255 characters. Costs one statement, two for a repeat.
    """
    claimed(cmd, ask([claiming(cmd)])[0])


def claiming(cmd: Command) -> Statement:
    """The statement of `once`, to be sent before others in one message. Raises Invalid."""
    must_be_a_key(cmd.key, MAX_KEY_CHARS)
    return _CLAIM, [cmd.actor.principal, cmd.key, cmd.body_hash]


def claimed(cmd: Command, found: Rows) -> None:
    """Returns if the key was claimed by what `claiming` has found. Raises Replayed, KeyReused."""
    if found:
        return
    [[(body_hash, answer)]] = ask([(_ANSWERED, [cmd.actor.principal, cmd.key])])
    if bytes(body_hash) != cmd.body_hash:
        raise key_reused()
    raise Replayed(Answer(bytes(answer)))


def must_be_a_key(key: str, most: int) -> None:
    """Returns if `key` has 1 to `most` characters. Raises Invalid."""
    if not 1 <= len(key) <= most:
        raise Invalid(
            "idempotency_key.invalid",
            f"缺少幂等键，或其长度超过 {most} 个字符。",
            field="Idempotency-Key",
            remedy="每次操作生成一个新的 UUID 作为 Idempotency-Key 请求头；重试时沿用同一个。",
        )


def key_reused() -> KeyReused:
    """The refusal of a key that came with another body before."""
    return KeyReused(
        "idempotency_key.reused",
        "这个幂等键已用于另一个请求。",
        field="Idempotency-Key",
        remedy="为新的操作生成新的幂等键。",
    )


def was_answered(cmd: Command) -> bool:
    """Whether the command's key has an answer already: what is asked again is then no new act. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM feed_command_key WHERE principal = %s AND key = %s AND answer IS NOT NULL",
            [cmd.actor.principal, cmd.key],
        )
        return cursor.fetchone() is not None


def record(
    cmd: Command | None,
    *changes: Change,
    at: datetime,
    answer: int = 0,
    centre_id: UUID | None = None,
    writes: Sequence[Statement] = (),
) -> Answer:
    """Appends the action's facts to its centre's feed, as the action's last statement.

    cmd      the command whose key gets the answer; None for the system's own work, which then names `centre_id`
    changes  1 to 200; each fact takes the next version of its object
    at       the action's time (from `clock.at`), one for all its facts; UTC
    answer   which change the command is answered with
    writes   the action's rows, written in their order before the facts
    Deferred constraints are checked first: Django's deferred foreign keys would otherwise take their locks inside
    COMMIT, after the head, and deadlock. Screens are rung after the commit. In a block of `recorded_as_past` the facts
    and the key's answer follow at its end, and the answer that comes back from here is empty.
    Raises ValueError outside a transaction, Conflict for more than 200 changes. Costs one round trip.
    """
    if not connection.in_atomic_block:
        raise ValueError("record() is part of an action's transaction")
    if len(changes) > MAX_FACTS_PER_TRANSACTION:
        raise Conflict(
            "feed.too_many_facts",
            f"这次操作涉及 {len(changes)} 项变动，超过一次 {MAX_FACTS_PER_TRANSACTION} 项的上限，未做任何改动。",
            remedy="请分几次办理，或先减少该事项下的派遣单。",
        )
    centre = cmd.actor.centre_id if cmd else centre_id
    if centre is None:
        raise ValueError("the system's own facts name their centre")
    bodies = [canonical_bytes(change, at) for change in changes]
    past = is_past()
    audiences = [audience_bytes(change.before, change.after, past=past) for change in changes]
    answer_head, answer_tail = _answer_around_seq(changes[answer])
    appending = [
        centre,
        at,
        [change.fact.name for change in changes],
        [change.fact.object_kind for change in changes],
        [change.fact.object_id for change in changes],
        [change.fact.version for change in changes],
        bodies,
        audiences,
        [change.addressed_to for change in changes],
        cmd.actor.principal if cmd else None,
        cmd.key if cmd else None,
        answer,
        answer_head,
        answer_tail,
    ]
    if past:
        kept = zip(changes, bodies, audiences, strict=True)
        facts = [KeptFact(change, at, body, audience) for change, body, audience in kept]
        keep_back(writes, (_APPEND, appending), facts)
        return Answer(b"")
    *_, [(epoch, last_seq, stored)] = ask([*writes, ("SET CONSTRAINTS ALL IMMEDIATE", ()), (_APPEND, appending)])
    transaction.on_commit(partial(bell.ring, centre, epoch, last_seq), robust=True)
    return Answer(bytes(stored))


def open_centre(centre_id: UUID) -> None:
    """Begins a centre's feed at epoch 1, seq 0. A second call changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT feed_open_centre_v1(%s)", [centre_id])


def wire_time(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as in every stored fact: `2026-11-02T01:02:03.000004Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical_bytes(change: Change, at: datetime) -> bytes:
    """The bytes that are stored, hashed and sent: RFC 8785 of at, body, card, name, object, to, version.

    No position inside: the same bytes whatever seq they get. Raises rfc8785.CanonicalizationError for a value that
    JSON has no form for, ValueError for a body with a key `card`, by which a card could no longer be cut out.
    """
    fact = change.fact
    body = fact.body()
    if has_card(canonical(body)):
        raise ValueError(f"{fact.name}: a body has no key 'card'")
    value: dict[str, object] = {
        "at": wire_time(at),
        "body": body,
        "card": fact.card,
        "name": fact.name,
        "object": {"id": str(fact.object_id), "kind": fact.object_kind},
        "version": fact.version,
    }
    if change.addressed_to is not None:
        value["to"] = change.addressed_to
    return canonical(value)


def audience_bytes(before: Audience | None, after: Audience, *, past: bool = False) -> bytes:
    """Canonical JSON of the audience before and after, as stored beside the fact and hashed with it.

    past  nobody is sent the fact; whoever reads what happened is shown it by its audience
    """
    wire: dict[str, Json] = {"after": after.wire(), "before": before.wire() if before else None}
    return canonical(wire | {"past": True} if past else wire)


def _answer_around_seq(change: Change) -> tuple[bytes, bytes]:
    """The canonical answer without its seq, which only the head knows: what stands before and after it."""
    fact = change.fact
    object_: dict[str, Json] = {"id": str(fact.object_id), "kind": fact.object_kind}
    head = canonical({"card": fact.card, "object": object_})[:-1] + b',"seq":'
    return head, b',"version":%d}' % fact.version
