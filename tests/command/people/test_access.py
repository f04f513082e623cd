"""Who may do and see what. The picture is drawn by hand from docs/rules.md, not from the tables."""

from dataclasses import replace
from uuid import uuid4

import pytest

from command.access import RIGHTS, HeldPost, PersonActor, Right, Role, scope_of
from command.people.machines import ApiActor, DeviceActor
from realtime.feed.contract import Audience, AudienceClass, Pair
from realtime.feed.errors import Forbidden

# "x" held, "u" held for the post's own unit only, "p" held within the post's own cell only, "." not held.
PICTURE = """
                           duty_officer  duty_lead  liaison  township_desk  grid_member  leader  administrator
reports.make               x             x          .        x              x            .       .
issues.read                x             x          x        x              .            x       .
issues.accept              x             x          .        .              .            .       .
issues.accept_in_township  .             .          .        p              .            .       .
issues.decline             x             x          .        .              .            .       .
issues.decline_urgent      .             x          .        .              .            .       .
issues.reconsider          .             x          .        .              .            .       .
issues.merge               x             x          .        .              .            .       .
issues.unmerge             .             x          .        .              .            .       .
issues.pass_up             .             .          .        p              p            .       .
issues.settle_on_spot      .             .          .        p              p            .       .
issues.file                x             x          .        .              .            .       .
issues.dispatch            x             x          .        .              .            .       .
issues.add_assist          x             x          .        .              .            .       .
issues.redispatch          x             x          .        .              .            .       .
issues.suspend             .             x          .        .              .            .       .
issues.resume              .             x          .        .              .            .       .
issues.verify              x             x          .        .              .            .       .
issues.rework              x             x          .        .              .            .       .
issues.close               x             x          .        .              .            .       .
issues.reopen              .             x          .        .              .            .       .
issues.void                .             x          .        .              .            .       .
issues.backfill            .             x          .        .              .            .       .
issues.amend               x             x          .        .              .            .       .
issues.withdraw            x             x          .        .              .            .       .
issues.refer_emergency     x             x          .        .              p            .       .
issues.reveal              x             x          x        .              .            .       .
orders.read                x             x          x        x              .            .       .
orders.acknowledge         .             .          u        u              .            .       .
orders.start               .             .          u        u              .            .       .
orders.feed_back           .             .          u        u              .            .       .
orders.request_return      .             .          u        u              .            .       .
orders.forward             .             .          u        u              .            .       .
orders.take_back           .             .          u        u              .            .       .
orders.recall              x             x          .        .              .            .       .
calls.answer               x             x          x        x              .            x       .
calls.telephone            x             x          .        .              .            .       .
returns.grant              .             x          .        .              .            .       .
returns.compel             .             x          .        .              .            .       .
replies.make               x             x          x        x              .            .       .
messages.write             x             x          x        x              x            .       .
messages.strike            .             x          .        .              .            .       .
situation_reports.make     x             x          .        x              .            x       .
devices.approve            .             x          .        .              .            .       .
delegations.manage         .             x          .        .              .            .       x
rosters.keep               .             .          x        x              .            .       x
admin.people               .             .          .        .              .            .       x
admin.units                .             .          .        .              .            .       x
admin.channels             .             .          .        .              .            .       x
admin.catalogue            .             .          .        .              .            .       x
admin.settings             .             .          .        .              .            .       x
admin.api_clients          .             .          .        .              .            .       x
"""
ROOT = "330199"
TOWNSHIP = "330199/330199001"
UNIT, OTHER_UNIT = uuid4(), uuid4()
_head, *_rows = [line.split() for line in PICTURE.strip().splitlines()]
CELLS = [(role, row[0], mark) for row in _rows for role, mark in zip(_head, row[1:], strict=True)]


def holder(role: str, cell_path: str | None = TOWNSHIP) -> PersonActor:
    """Somebody of the duty desk."""
    return PersonActor(uuid4(), uuid4(), ROOT, (HeldPost(uuid4(), Role(role), UNIT, cell_path, looks_over=ROOT),))


def test_the_picture_has_every_role_and_every_right():
    assert set(_head) == set(Role) == set(RIGHTS)
    assert {row[0] for row in _rows} == set(Right)


@pytest.mark.parametrize(("role", "right", "mark"), CELLS)
def test_rights(role: str, right: str, mark: str):
    person = holder(role)
    assert person.may(right, unit_id=UNIT, place=TOWNSHIP + "/001") is (mark in "xup")
    assert person.may(right) is (mark == "x")
    assert (right in person.rights) is (mark in "xup")
    if mark == ".":
        with pytest.raises(Forbidden) as refused:
            person.must(right, unit_id=UNIT)
        assert refused.value.code == "right.missing"
        assert refused.value.extra == {"right": right}


@pytest.mark.parametrize("role", ["liaison", "township_desk"])
@pytest.mark.parametrize("right", ["orders.acknowledge", "orders.start", "orders.feed_back", "orders.read"])
def test_a_units_rights_end_at_the_unit(role: str, right: str):
    with pytest.raises(Forbidden):
        holder(role).must(right, unit_id=OTHER_UNIT)


@pytest.mark.parametrize("role", ["township_desk", "grid_member"])
@pytest.mark.parametrize("right", ["issues.pass_up", "issues.settle_on_spot"])
def test_a_places_rights_end_at_its_edge(role: str, right: str):
    assert holder(role).may(right, place=TOWNSHIP)
    for elsewhere in (ROOT, "330199/330199002", TOWNSHIP + "0", None):
        with pytest.raises(Forbidden):
            holder(role).must(right, place=elsewhere)
    assert not holder(role, None).may(right, place=TOWNSHIP)


# Drawn by hand from "every approval has a deputy" and the duty lead's rows of the two verb tables.
APPROVALS = """
issues.decline_urgent issues.reconsider issues.unmerge issues.suspend issues.resume issues.reopen issues.void
issues.backfill returns.grant returns.compel messages.strike
"""


def test_a_deputy_holds_the_leads_approvals_and_nothing_else():
    post = HeldPost(uuid4(), Role.DUTY_OFFICER, UNIT)
    officer = PersonActor(uuid4(), uuid4(), ROOT, (post,))
    deputy = PersonActor(uuid4(), uuid4(), ROOT, (replace(post, deputises=True),))
    assert set(deputy.rights) - set(officer.rights) == set(APPROVALS.split())
    assert deputy.scope == officer.scope
    assert all(deputy.may(right) for right in APPROVALS.split())


def test_an_unknown_right_is_nobodys():
    assert not any(holder(role).may("issues.invent") for role in Role)


def test_two_posts_give_both_their_rights():
    posts = (HeldPost(uuid4(), Role.LIAISON, UNIT), HeldPost(uuid4(), Role.LEADER, OTHER_UNIT, looks_over=ROOT))
    own = sorted(f"post:{post.id}" for post in posts)
    person = PersonActor(uuid4(), uuid4(), ROOT, posts)
    assert person.may("orders.acknowledge", unit_id=UNIT)
    assert not person.may("orders.acknowledge", unit_id=OTHER_UNIT)
    assert [pair.token for pair in person.scope.pairs] == [
        f"place:{ROOT}",
        *own,
        *sorted((f"unit:{UNIT}", f"unit:{OTHER_UNIT}")),
    ]


# What each role sees: of its own place (or the centre) and of its own unit, by class. "-": nothing.
SCOPES = """
                centre     township   own_unit
duty_officer    sensitive  sensitive  sensitive
duty_lead       sensitive  sensitive  sensitive
liaison         -          -          sensitive
township_desk   -          desk       sensitive
grid_member     -          public     -
leader          desk       desk       desk
administrator   -          -          -
"""
_scope_rows = [line.split() for line in SCOPES.strip().splitlines()[1:]]


@pytest.mark.parametrize(("role", "centre", "township", "own_unit"), _scope_rows)
def test_scopes(role: str, centre: str, township: str, own_unit: str):
    scope = holder(role).scope
    for token, ceiling in ((f"place:{ROOT}", centre), (f"place:{TOWNSHIP}", township), (f"unit:{UNIT}", own_unit)):
        for audience_class in AudienceClass:
            expected = ceiling != "-" and audience_class <= AudienceClass.of_wire(ceiling)
            assert scope.sees(Audience((token,), audience_class)) is expected, (token, audience_class)


def test_a_leader_sees_the_place_of_the_own_unit_or_the_units_matters_and_nothing_sensitive():
    for looks_over, seen in ((TOWNSHIP, {TOWNSHIP, TOWNSHIP + "/001"}), (None, set())):
        scope = scope_of((HeldPost(uuid4(), Role.LEADER, UNIT, TOWNSHIP, looks_over=looks_over),), ROOT)
        for place in (ROOT, TOWNSHIP, TOWNSHIP + "/001", "330199/330199002"):
            assert scope.sees(Audience((f"place:{place}",), AudienceClass.DESK)) is (place in seen), place
        assert scope.sees(Audience((f"unit:{UNIT}",), AudienceClass.DESK))
        assert not scope.sees(Audience((f"unit:{UNIT}", f"place:{TOWNSHIP}"), AudienceClass.SENSITIVE))


def test_another_unit_and_another_place_are_out_of_scope():
    foreign = Audience((f"unit:{OTHER_UNIT}", "place:330198/330198001"), AudienceClass.PUBLIC)
    assert not any(holder(role).scope.sees(foreign) for role in Role)


def test_a_post_of_a_place_without_one_sees_no_place():
    post = HeldPost(uuid4(), Role.GRID_MEMBER, UNIT)
    assert scope_of((post,), ROOT).pairs == (Pair(f"post:{post.id}", AudienceClass.SENSITIVE),)


@pytest.mark.parametrize("role", list(Role))
def test_every_post_sees_what_concerns_it_and_no_other_post(role: Role):
    person = holder(role)
    assert person.scope.sees(Audience((f"post:{person.posts[0].id}",), AudienceClass.SENSITIVE))
    assert not person.scope.sees(Audience((f"post:{uuid4()}",), AudienceClass.PUBLIC))


def test_a_system_makes_reports_and_sees_nothing():
    client = ApiActor(uuid4(), uuid4(), frozenset({"iot_alert"}))
    client.must("reports.make")
    assert client.scope.pairs == ()
    with pytest.raises(Forbidden):
        client.must("issues.read")


def test_a_screen_sees_what_is_public_and_does_nothing():
    screen = DeviceActor(uuid4(), uuid4(), ROOT)
    assert screen.scope.sees(Audience((f"place:{TOWNSHIP}",), AudienceClass.PUBLIC))
    assert not screen.scope.sees(Audience((f"place:{TOWNSHIP}",), AudienceClass.DESK))
    for right in Right:
        with pytest.raises(Forbidden):
            screen.must(right)
