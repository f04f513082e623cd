"""An order and the end of a unit's last liaison in one instant: it goes to somebody who answers, or it is refused."""

from collections.abc import Collection
from uuid import UUID

import pytest

from command.organisations.holding import Held
from command.people import actions as people
from command.people.models import Post
from command.people.queries import has_liaison
from dispatch.matter.aggregate import addressees
from dispatch.matter.orders.models import Order
from dispatch.verbs import forward as forwarding
from realtime.feed.errors import Conflict, Invalid
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs
from tests.dispatch.desk import Desk
from tests.dispatch.rivals import Rival


def post_of(desk: Desk, username: str) -> UUID:
    """The one post of an account."""
    return Post.objects.get(person_id=desk.built.people[username], active_until=None).pk


def test_the_last_liaison_does_not_leave_while_an_order_is_being_sent(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id, unit, post = real_desk.filed(), real_desk.unit("power"), post_of(real_desk, "power")
    leaving = Rival(lambda: people.end_post(post, cmd=real_desk.command("admin")))
    look = addressees.hold_answering

    def then_the_post_ends(centre_id: UUID, unit_ids: Collection[UUID]) -> Held:
        found = look(centre_id, unit_ids)
        leaving.begins()
        return found

    monkeypatch.setattr(addressees, "hold_answering", then_the_post_ends)
    expected, cmd = real_desk.version(issue_id), real_desk.command("duty1")
    issues.dispatch(issue_id, unit, reason="电杆", expected=expected, cmd=cmd)
    refused = leaving.ends()
    assert isinstance(refused, Conflict) and refused.code == "post.last_liaison"
    assert has_liaison(unit)


def test_the_last_liaison_of_a_taker_does_not_leave_while_an_order_is_being_forwarded(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id, post = real_desk.dispatched(lead="township", position=real_desk.inside()), post_of(real_desk, "community")
    order, taker = Order.objects.get(issue_id=issue_id), Post.objects.get(pk=post).unit_id
    for other in Post.objects.filter(unit_id=taker, active_until=None).exclude(pk=post):
        people.end_post(other.pk, cmd=real_desk.command("admin"))
    leaving = Rival(lambda: people.end_post(post, cmd=real_desk.command("admin")))
    look = forwarding.hold_answering

    def then_the_post_ends(centre_id: UUID, unit_ids: Collection[UUID]) -> Held:
        found = look(centre_id, unit_ids)
        leaving.begins()
        return found

    monkeypatch.setattr(forwarding, "hold_answering", then_the_post_ends)
    order_verbs.forward(order.pk, taker, expected=order.version, cmd=real_desk.command("town"))
    refused = leaving.ends()
    assert isinstance(refused, Conflict) and refused.code == "post.last_liaison"


@pytest.mark.mechanism("M75")
def test_no_order_is_sent_to_a_unit_whose_last_liaison_is_leaving(
    real_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_id, unit, post = real_desk.filed(), real_desk.unit("power"), post_of(real_desk, "power")
    expected, cmd = real_desk.version(issue_id), real_desk.command("duty1")
    sending = Rival(lambda: issues.dispatch(issue_id, unit, reason="电杆", expected=expected, cmd=cmd))
    look = people.must_leave_a_liaison

    def then_an_order_is_sent(ending: list[Post]) -> None:
        look(ending)
        sending.begins()

    monkeypatch.setattr(people, "must_leave_a_liaison", then_an_order_is_sent)
    people.end_post(post, cmd=real_desk.command("admin"))
    refused = sending.ends()
    assert isinstance(refused, Invalid) and refused.code == "unit.no_liaison"
    assert not Order.objects.filter(issue_id=issue_id).exists()
