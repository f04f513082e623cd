"""What is sent to somebody who is offline waits, and arrives once, in order; the sender sees how far it came."""

from functools import partial

import pytest

from tests.faults.conftest import AtWork
from tests.live import Product, wait_for


@pytest.mark.mechanism("M56", "M75")
def test_what_was_sent_meanwhile_arrives_once_and_in_order(product: Product, desk: AtWork, liaison: AtWork) -> None:
    liaison.screen.loses_the_line()
    sent = [desk.person.sends_an_order("law_enforcement") for _ in range(3)]
    order_ids = [order_id for _, order_id in sent]
    for order_id in order_ids:
        desk.screen.hears("order.sent", order_id)
    desk.screen.catches_up()
    assert (
        _marked(desk, "receipt.delivered", order_ids) == []
    )  # queued: nobody has it, and the sender is not told otherwise
    assert _receipts(desk, sent[0]) == []

    liaison.screen.comes_back()
    for order_id in order_ids:
        liaison.screen.hears("order.sent", order_id)
    arrived = [fact["object"]["id"] for fact in liaison.screen.heard("order.sent")]
    assert [order_id for order_id in arrived if order_id in order_ids] == order_ids
    assert liaison.screen.resets == ["none"]  # by its cursor, without starting over

    for mark in ("receipt.delivered", "receipt.displayed"):
        wait_for(partial(_is_marked, desk, mark, order_ids), f"{mark} of three orders")

    liaison.person.answers("acknowledge", order_ids[1]).must()
    desk.screen.hears("order.acknowledged", order_ids[1])
    (receipt,) = _receipts(desk, sent[1])
    assert receipt["delivered_at"] and receipt["displayed_at"]
    states = [desk.person.get(f"/objects/order/{order_id}").must().body["card"]["state"] for order_id in order_ids]
    assert states == ["sent", "acknowledged", "sent"]  # drawn is not acknowledged
    for at_work in (desk, liaison):
        at_work.screen.is_right()


def _is_marked(desk: AtWork, name: str, order_ids: list[str]) -> bool:
    marked = _marked(desk, name, order_ids)
    assert len(marked) == len(set(marked)), "a mark is made once"
    return marked == sorted(order_ids)


def _marked(desk: AtWork, name: str, order_ids: list[str]) -> list[str]:
    """Which of the orders have the mark, as often as the sender heard it."""
    cards = [fact["card"] for fact in desk.screen.heard(name)]
    return sorted(card["order"] for card in cards if card.get("order") in order_ids)


def _receipts(desk: AtWork, sent: tuple[str, str]) -> list[dict[str, str]]:
    receipts: list[dict[str, str]] = desk.person.sees(sent[0]).must().body["receipts"]
    return [receipt for receipt in receipts if receipt["order"] == sent[1]]
