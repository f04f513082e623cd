"""`./relay reconcile` finds no difference in a product that worked, and names each one that somebody made."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
import rfc8785

from realtime.feed.contract import Audience, AudienceClass, Json
from realtime.feed.queries import FactRow
from server.reconciliation import OpenObject, differences, replayed
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
    told, count = replayed(
        [
            fact(1, ONE, 1, open_=True, state="reported"),
            fact(2, OTHER, 1, open_=True, state="reported"),
            fact(3, ONE, 2, open_=True, state="accepted"),
            fact(4, OTHER, 2, open_=False, state="declined"),
            fact(5, uuid4(), 1, open_=True, audience=CONTROL),
        ]
    )
    assert count == 5
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
        (one, OpenObject(2, one.card, b'{"class":"public"}')): (
            'audience: the feed says {"class": "desk"}, the rows say {"class": "public"}'
        ),
    }
    for (told, stored), words in cases.items():
        key = ("issue", ONE)
        found = differences({key: told} if told else {}, {key: stored} if stored else {})
        assert [str(one) for one in found] == [f"issue {ONE}: {words}"]
    assert list(differences({("issue", ONE): one}, {("issue", ONE): one})) == []


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


def test_a_product_that_worked_has_no_difference(product: Product, issue_id: str) -> None:
    status, words = product.command("reconcile")
    assert status == 0, words
    assert " 0 differences" in words


def test_a_row_changed_behind_the_feed_is_named(product: Product, issue_id: str) -> None:
    product.rows("UPDATE issues_issue SET level = 'major' WHERE id = %s", issue_id)
    status, words = product.command("reconcile")
    product.rows("UPDATE issues_issue SET level = 'general' WHERE id = %s", issue_id)
    assert status == 1, words
    assert f"issue {issue_id}: card:" in words
    assert '"level": "general"' in words
    assert '"level": "major"' in words
