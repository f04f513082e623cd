"""`./relay reconcile` finds no difference in a product that worked, and names each one that somebody made."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
import rfc8785
from django.db import InternalError, OperationalError, connection

from command.units.models import Centre
from dispatch.matter.issues.models import Issue
from dispatch.reading.issues import row_objects
from realtime.feed.contract import Audience, AudienceClass, Json, Scope
from realtime.feed.objects import ShownObject
from realtime.feed.queries import FactRow
from realtime.gateway import snapshot
from server import reconciliation
from server.reconciliation import OpenObject, Replay, differences, reconcile
from server.sources import ROW_SOURCES
from tests.dispatch.desk import make_desk
from tests.live import Product

ONE, OTHER = UUID(int=1), UUID(int=2)
DESK = Audience.of(["place:330199"], AudienceClass.DESK)
CONTROL = Audience.of(["centre:330199"], AudienceClass.CONTROL)


def fact(seq: int, object_id: UUID, version: int, *, open_: bool, audience: Audience = DESK, **card: Json) -> FactRow:
    """A stored fact with a card."""
    body = rfc8785.dumps({"card": {"open": open_, **card}})
    who = rfc8785.dumps({"after": audience.wire(), "before": None})
    at = datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)
    return FactRow(seq, 1, at, "issue.moved", "issue", object_id, version, body, who, None, bytes(32))


def test_facts_add_up_to_the_last_card_of_what_is_open() -> None:
    replay = Replay(uuid4())
    for row in (
        fact(1, ONE, 1, open_=True, state="reported"),
        fact(2, OTHER, 1, open_=True, state="reported"),
        fact(3, ONE, 2, open_=True, state="accepted"),
        fact(4, OTHER, 2, open_=False, state="declined"),
        fact(5, uuid4(), 1, open_=True, audience=CONTROL),
    ):
        replay.add(row)
    (told,) = replay.parts
    assert replay.facts == 5
    assert list(told) == [("issue", ONE)]
    assert told["issue", ONE].version == 2
    assert told["issue", ONE].card == b'{"open":true,"state":"accepted"}'


def test_each_kind_of_difference_is_named() -> None:
    one = OpenObject(2, b'{"level":"general","state":"accepted"}', b'{"class":"desk"}')
    cases = {
        (None, one): "object: the feed says absent, the rows say open at version 2",
        (one, None): "object: the feed says open at version 2, the rows say absent",
        (one, OpenObject(3, one.card, one.audience)): "version: the feed says 2, the rows say 3",
        (one, OpenObject(2, b'{"level":"major","state":"accepted"}', one.audience)): (
            'card: the feed says {"level": "general"}, the rows say {"level": "major"}'
        ),
        (one, OpenObject(2, b'{"campaign":null,"level":"general","state":"accepted"}', one.audience)): (
            'card: the feed says {}, campaign absent, the rows say {"campaign": null}'
        ),
        (one, OpenObject(2, b'{"level":"general"}', one.audience)): (
            'card: the feed says {"state": "accepted"}, the rows say {}, state absent'
        ),
        (OpenObject(2, b'{"open":1}', one.audience), OpenObject(2, b'{"open":true}', one.audience)): (
            'card: the feed says {"open": 1}, the rows say {"open": true}'
        ),
        (one, OpenObject(2, one.card, b'{"class":"public"}')): (
            'audience: the feed says {"class": "desk"}, the rows say {"class": "public"}'
        ),
    }
    for (told, stored), words in cases.items():
        key = ("issue", ONE)
        found = differences({key: told} if told else {}, {key: stored} if stored else {})
        assert [str(one) for one in found] == [f"issue {ONE}: {words}"]
    assert list(differences({("issue", ONE): one}, {("issue", ONE): one})) == []


def test_parts_leave_no_id_out_and_keep_an_issue_whole() -> None:
    replay = Replay(uuid4())
    issues = [UUID(int=number) for number in (5, 9, 2**128 - 1, 0, 7)]
    for seq, issue in enumerate(issues):
        replay.add(fact(2 * seq + 1, issue, 1, open_=True))
        order = uuid4()
        body = rfc8785.dumps({"card": {"open": True, "issue": str(issue)}})
        replay.add(replace(fact(2 * seq + 2, order, 1, open_=True), object_kind="order", bytes=body))
    ranges = replay.divide(2)
    assert ranges[0][0] == UUID(int=0)
    assert ranges[-1][1] == UUID(int=2**128 - 1)
    assert all(last.int + 1 == first.int for (_, last), (first, _) in pairwise(ranges))
    assert [len(part) for part in replay.parts] == [4, 4, 2]
    replay.add(replace(fact(11, UUID(int=6), 1, open_=True)))  # it comes while the parts are read
    assert ("issue", UUID(int=6)) in replay.parts[1]
    replay.add(fact(12, UUID(int=5), 2, open_=False))
    assert [len(part) for part in replay.parts] == [3, 5, 2]


@pytest.mark.django_db(transaction=True)
def test_a_centre_of_any_size_is_compared_within_the_limit_of_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as one, these issues hold a transaction idle for longer than it may; part by part each is far below."""
    desk = make_desk()
    for _ in range(6):
        desk.reported()
    desk.dispatched()
    tight = snapshot._BEGIN.replace("'10s'", "'150ms'")
    assert tight != snapshot._BEGIN
    monkeypatch.setattr(snapshot, "_BEGIN", tight)

    def slowly(scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID]) -> Iterator[ShownObject]:
        for shown in row_objects(scope, centre_id, among=among):
            time.sleep(0.02)  # between this statement and the next one of the transaction
            yield shown

    centre = Centre.objects.get(pk=desk.built.id)
    sources = (slowly, *ROW_SOURCES[1:])
    with pytest.raises((OperationalError, InternalError)):
        reconcile(centre, sources, part_roots=1000)
    connection.close()
    found = reconcile(centre, sources, part_roots=1)
    assert found.differences == []
    assert found.objects >= 15
    Issue.objects.filter(state="reported").update(level="major")
    named = [str(one) for one in reconcile(centre, ROW_SOURCES, part_roots=2).differences]
    assert len(named) == 6, named


@pytest.mark.django_db(transaction=True)
def test_what_happens_while_it_reads_is_no_difference() -> None:
    desk = make_desk()
    for _ in range(3):
        desk.reported()
    came: list[UUID] = []

    def busily(scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID]) -> list[ShownObject]:
        return list(row_objects(scope, centre_id, among=among))

    def between(*args: Any) -> Any:
        came.append(desk.reported())  # before each part's snapshot
        return read(*args)

    read = reconciliation.read_snapshot
    with patch.object(reconciliation, "read_snapshot", between):
        found = reconcile(Centre.objects.get(pk=desk.built.id), (busily, *ROW_SOURCES[1:]), part_roots=1)
    assert found.differences == []
    assert len(came) == 4


@pytest.fixture
def issue_id(product: Product) -> Iterator[str]:
    """An issue that went through most of the loop, beside one that went through all of it."""
    desk, liaison = product.person("duty1"), product.person("chengguan")
    closed, order = desk.sends_an_order("law_enforcement")
    liaison.handles(order)
    desk.confirms(closed)
    open_, order = desk.sends_an_order("law_enforcement")
    liaison.answers("acknowledge", order).must()
    yield open_


@pytest.mark.slow
def test_a_product_that_worked_has_no_difference(product: Product, issue_id: str) -> None:
    status, words = product.command("reconcile")
    assert status == 0, words
    assert " 0 differences" in words


@pytest.mark.slow
def test_a_row_changed_behind_the_feed_is_named(product: Product, issue_id: str) -> None:
    product.rows("UPDATE issues_issue SET level = 'major' WHERE id = %s", issue_id)
    status, words = product.command("reconcile")
    product.rows("UPDATE issues_issue SET level = 'general' WHERE id = %s", issue_id)
    assert status == 1, words
    assert f"issue {issue_id}: card:" in words
    assert '"level": "general"' in words
    assert '"level": "major"' in words
