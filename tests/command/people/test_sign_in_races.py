"""A sign-in while its person is suspended or given another password: no session outlives either."""

from collections.abc import Callable
from typing import Any

import pytest

from command.people import accounts, actions
from command.people.models import SignIn
from demo.seed.centre import BuiltCentre
from realtime.feed.errors import Unauthenticated
from tests.command.conftest import PASSWORD, command
from tests.dispatch.rivals import Rival


@pytest.fixture
def duty1(request: pytest.FixtureRequest, transactional_db: None) -> tuple[BuiltCentre, Any]:
    """A centre whose transactions really commit, and the id of its duty officer."""
    built: BuiltCentre = request.getfixturevalue("built")
    return built, built.people["duty1"]


def suspension(built: BuiltCentre) -> Callable[[], Any]:
    cmd = command(built, "admin")
    return lambda: actions.suspend(built.people["duty1"], cmd=cmd)


def reset(built: BuiltCentre) -> Callable[[], Any]:
    cmd = command(built, "admin")
    return lambda: accounts.reset_password(built.people["duty1"], expected=None, cmd=cmd)


@pytest.mark.parametrize("what", [suspension, reset])
def test_what_happens_while_a_password_is_being_judged_keeps_its_holder_out(
    duty1: tuple[BuiltCentre, Any], monkeypatch: pytest.MonkeyPatch, what: Callable[[BuiltCentre], Callable[[], Any]]
) -> None:
    built, person = duty1
    rival, judge = Rival(what(built)), actions.check_password

    def meanwhile(password: str, encoded: str) -> bool:
        known = judge(password, encoded)
        rival.begins()
        return known

    monkeypatch.setattr(actions, "check_password", meanwhile)
    with pytest.raises(Unauthenticated):
        actions.sign_in("duty1", PASSWORD, address="10.0.0.1")
    assert rival.ends() is None
    assert not SignIn.objects.filter(person_id=person, ended_at=None).exists()


@pytest.mark.parametrize("what", [suspension, reset])
def test_what_comes_while_a_session_is_being_opened_ends_it(
    duty1: tuple[BuiltCentre, Any], monkeypatch: pytest.MonkeyPatch, what: Callable[[BuiltCentre], Callable[[], Any]]
) -> None:
    built, _ = duty1
    rival, create = Rival(what(built)), SignIn.objects.create

    def with_a_rival(**row: Any) -> SignIn:
        made = create(**row)
        rival.begins()
        return made

    monkeypatch.setattr(SignIn.objects, "create", with_a_rival)
    opened = actions.sign_in("duty1", PASSWORD, address="10.0.0.1")
    assert rival.ends() is None
    opened.refresh_from_db()
    assert opened.ended_at is not None
