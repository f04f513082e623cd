"""Posts given and ended: rights and scope follow, and the person's screens are told. Rules: docs/rules.md, "Duty"."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from command.access import Role
from command.people import actions, queries
from command.people.authority import PeopleAuthority
from command.people.models import ApiClient, Post
from demo.seed.centre import BuiltCentre
from gis.grid.models import Cell
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, Replayed
from realtime.feed.models import StoredFact
from realtime.gateway.contract import AccessState
from tests.command.conftest import PASSWORD, SignsIn, actor, command


def test_a_new_post_gives_its_rights_and_steps_the_access_version(built: BuiltCentre):
    duty1, gas = built.people["duty1"], built.units["gas"]
    before = actor(built, "duty1")
    actions.give_post(duty1, Role.LIAISON, gas, cmd=command(built, "admin"))
    after = actor(built, "duty1")
    assert not before.may("orders.acknowledge", unit_id=gas)
    assert after.may("orders.acknowledge", unit_id=gas)
    assert after.access_version == before.access_version + 1
    fact = StoredFact.objects.filter(name="access.changed", object_id=duty1).latest("seq")
    body = orjson.loads(bytes(fact.bytes))
    post = after.posts[-1]
    assert body["body"] == {
        "access_version": after.access_version,
        "principal": f"person:{duty1}",
        "by": f"person:{built.people['admin']}",
        "change": "post_given",
        "post": str(post.id),
        "role": "liaison",
        "unit": str(gas),
        "cell": None,
    }
    assert fact.version == after.access_version


def test_an_ended_post_takes_its_rights(built: BuiltCentre):
    post = Post.objects.get(person_id=built.people["chengguan"])
    assert queries.has_liaison(built.units["law_enforcement"])
    actions.end_post(post.pk, cmd=command(built, "admin"))
    person = actor(built, "chengguan")
    assert person.posts == ()
    assert person.scope.pairs == ()
    assert not queries.has_liaison(built.units["law_enforcement"])
    with pytest.raises(Conflict):
        actions.end_post(post.pk, cmd=command(built, "admin"))


def test_an_open_session_has_the_new_rights_at_once(built: BuiltCentre, sign_in: SignsIn):
    browser: Client = sign_in("leader")
    assert "issues.accept" not in browser.get("/api/v1/session").json()["rights"]
    desk = built.units["duty_desk"]
    actions.give_post(built.people["leader"], Role.DUTY_OFFICER, desk, cmd=command(built, "admin"))
    assert "issues.accept" in browser.get("/api/v1/session").json()["rights"]


def test_only_an_administrator_changes_posts(built: BuiltCentre):
    post = Post.objects.get(person_id=built.people["duty1"])
    for username in ("duty1", "lead", "chengguan", "leader"):
        with pytest.raises(Forbidden):
            actions.give_post(built.people["duty1"], Role.LEADER, built.units["gas"], cmd=command(built, username))
        with pytest.raises(Forbidden):
            actions.end_post(post.pk, cmd=command(built, username))
        with pytest.raises(Forbidden):
            actions.suspend(built.people["duty1"], cmd=command(built, username))


def test_what_is_another_centres_is_not_found(built: BuiltCentre, other: BuiltCentre):
    admin, stranger = built.people["admin"], other.people["o_duty1"]
    with pytest.raises(NotFound):
        actions.give_post(stranger, Role.LEADER, built.units["gas"], cmd=command(built, "admin"))
    with pytest.raises(NotFound):
        actions.give_post(admin, Role.LEADER, other.units["gas"], cmd=command(built, "admin"))
    with pytest.raises(NotFound):
        actions.end_post(Post.objects.get(person_id=stranger).pk, cmd=command(built, "admin"))
    with pytest.raises(NotFound):
        actions.suspend(stranger, cmd=command(built, "admin"))
    foreign_cell = Cell.objects.filter(centre_id=other.id, tier="grid").first()
    assert foreign_cell is not None
    with pytest.raises(NotFound):
        actions.give_post(admin, Role.GRID_MEMBER, built.units["gas"], foreign_cell.pk, cmd=command(built, "admin"))


@pytest.mark.parametrize(
    ("role", "unit", "tier", "code"),
    [
        (Role.DUTY_OFFICER, "township", None, "post.unit_unfit"),
        (Role.DUTY_LEAD, "gas", None, "post.unit_unfit"),
        (Role.TOWNSHIP_DESK, "gas", "township", "post.unit_unfit"),
        (Role.TOWNSHIP_DESK, "township", "district", "post.place_unfit"),
        (Role.GRID_MEMBER, "township", "district", "post.place_unfit"),
    ],
)
def test_a_post_fits_its_unit_and_its_place(
    built: BuiltCentre, role: Role, unit: str, tier: str | None, code: str
) -> None:
    cell = Cell.objects.get(centre_id=built.id, tier=tier).pk if tier else None
    with pytest.raises(Invalid) as refused:
        actions.give_post(built.people["leader"], role, built.units[unit], cell, cmd=command(built, "admin"))
    assert refused.value.code == code


def test_nobody_is_appointed_to_a_cell_that_has_ended(built: BuiltCentre) -> None:
    cell = Cell.objects.filter(centre_id=built.id, tier="grid").order_by("path")[0]
    Cell.objects.filter(pk=cell.pk).update(valid_until=cell.valid_from + timedelta(seconds=1))
    with pytest.raises(NotFound):
        actions.give_post(
            built.people["leader"], Role.GRID_MEMBER, built.units["township"], cell.pk, cmd=command(built, "admin")
        )


def test_a_post_of_a_place_needs_one(built: BuiltCentre):
    with pytest.raises(Invalid) as refused:
        actions.give_post(built.people["duty1"], Role.GRID_MEMBER, built.units["gas"], cmd=command(built, "admin"))
    assert refused.value.code == "post.place_missing"


def test_a_repeat_changes_nothing(built: BuiltCentre):
    cmd = command(built, "admin", "once")
    first = actions.give_post(built.people["duty1"], Role.LIAISON, built.units["gas"], cmd=cmd)
    with pytest.raises(Replayed) as repeated:
        actions.give_post(built.people["duty1"], Role.LIAISON, built.units["gas"], cmd=cmd)
    assert repeated.value.answer == first
    with pytest.raises(Conflict):
        actions.give_post(built.people["duty1"], Role.LIAISON, built.units["gas"], cmd=command(built, "admin"))


@pytest.mark.django_db(transaction=True)
def test_rivals_change_one_persons_access_one_after_the_other(request: pytest.FixtureRequest):
    built: BuiltCentre = request.getfixturevalue("built")
    units = [built.units[code] for code in ("gas", "power", "fire", "health")]
    before = actor(built, "duty1").access_version

    def give(unit: object) -> None:
        try:
            actions.give_post(built.people["duty1"], Role.LIAISON, unit, cmd=command(built, "admin"))  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give, units))
    assert actor(built, "duty1").access_version == before + 4
    assert len(actor(built, "duty1").posts) == 5


def test_the_database_refuses_a_post_held_twice_and_one_that_ends_before_it_began(built: BuiltCentre):
    post = Post.objects.get(person_id=built.people["duty1"])
    with pytest.raises(IntegrityError, match="person_holds_a_post_once"), transaction.atomic():
        Post.objects.create(person=post.person, unit=post.unit, role=post.role, active_from=post.active_from)
    with pytest.raises(IntegrityError, match="post_ends_after_it_began"), transaction.atomic():
        Post.objects.filter(pk=post.pk).update(active_until=post.active_from)
    with pytest.raises(IntegrityError, match="post_of_a_place_names_it"), transaction.atomic():
        Post.objects.filter(person_id=built.people["town"]).update(cell=None)


def test_everybody_enrolled_is_known_to_the_feed(built: BuiltCentre):
    facts = StoredFact.objects.filter(centre_id=built.id, name="access.changed", version=1)
    assert set(facts.values_list("object_id", flat=True)) == set(built.people.values())


@pytest.mark.django_db(transaction=True)
def test_the_gateway_learns_versions_and_lately_ended_sessions(request: pytest.FixtureRequest):
    built: BuiltCentre = request.getfixturevalue("built")
    session = actions.sign_in("duty1", PASSWORD, address="10.0.0.1")
    actions.sign_out(session.pk, cmd=command(built, "duty1"))
    actions.suspend(built.people["duty2"], cmd=command(built, "admin"))
    wanted = {name: connection.get_connection_params()[name] for name in ("host", "port", "dbname", "user")}

    async def ask(centre_id: UUID) -> AccessState:
        async with await psycopg.AsyncConnection.connect(**wanted) as asynchronous:
            return await PeopleAuthority().load_access(asynchronous, centre_id)

    state = asyncio.run(ask(built.id))
    assert state.versions[f"person:{built.people['duty1']}"] == 1
    assert state.versions[f"person:{built.people['duty2']}"] == 2
    assert state.ended_sessions == {session.pk}
    assert asyncio.run(ask(uuid4())) == AccessState({}, frozenset())


def test_names_of_principals(built: BuiltCentre, other: BuiltCentre):
    key = actions.make_api_client(built.id, "12345 热线", ["hotline_12345"])
    client = queries.api_client_of(key)
    assert client is not None
    me, stranger = f"person:{built.people['chengguan']}", f"person:{other.people['o_duty1']}"
    named = queries.done_by([me, stranger, client.principal, "system:timer"], built.id)
    assert named[me] == queries.DoneBy("魏立新", "综合执法局")
    assert named[client.principal] == queries.DoneBy("12345 热线", "")
    assert set(named) == {me, client.principal}


def test_a_new_key_ends_the_old_one(built: BuiltCentre):
    old = actions.make_api_client(built.id, "replay", ["superior_assignment"])
    new = actions.make_api_client(built.id, "replay", ["superior_assignment"])
    assert queries.api_client_of(old) is None
    found = queries.api_client_of(new)
    assert found is not None
    assert found.channels == {"superior_assignment"}
    assert not ApiClient.objects.filter(key_hash=new.encode()).exists()


def test_an_operators_mistakes_are_refused(built: BuiltCentre):
    with pytest.raises(IntegrityError, match="username_is_given_once"):
        actions.enrol(built.id, built.root, [actions.NewPerson("duty1", "另一人", None, ())])
