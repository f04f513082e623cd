"""Settings over HTTP, for administrators: parse, call, answer."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import BeforeValidator, StrictBool, StrictInt, StrictStr, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from command.access import Right
from command.people.authentication import BY_PERSON, command_of, person_of
from command.people.queries import done_by
from command.requests import ANSWERS, PROBLEMS, Body, ProblemOut, answered, must_expect
from command.settings import actions, queries
from command.settings.registry import LONGEST, SettingName

router = Router(tags=["admin"], auth=BY_PERSON)
Name = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]


def _of_a_setting(value: object) -> object:
    if not isinstance(value, bool | int | str):
        raise PydanticCustomError("setting_value", "neither bool, int nor str")
    return value


# Which of the three, how long and how much: `settings.registry` says it of each setting, and why.
Given = Annotated[
    StrictBool | StrictInt | Annotated[StrictStr, WithJsonSchema({"type": "string", "maxLength": LONGEST})],
    BeforeValidator(_of_a_setting),
]


class SettingIn(Body):
    """The value from now on."""

    value: Given


class SettingOut(Schema):
    """A setting; version 0: never changed."""

    name: SettingName
    name_zh: str
    unit_zh: str
    default: bool | int | str
    least: int
    most: int
    value: bool | int | str
    version: int


class SettingChangeOut(Schema):
    """One change: when, by whom, from what to what."""

    at: datetime
    by: str
    old: bool | int | str
    new: bool | int | str
    version: int


@router.get("/settings", response={200: list[SettingOut], PROBLEMS: ProblemOut})
def list_settings(request: HttpRequest) -> list[SettingOut]:
    """Every setting of the centre, with its bounds."""
    actor = person_of(request)
    actor.must(Right.ADMIN_SETTINGS)
    return [
        SettingOut(
            name=view.definition.name,
            name_zh=view.definition.name_zh,
            unit_zh=view.definition.unit_zh,
            default=view.definition.default,
            least=view.definition.least,
            most=view.definition.most,
            value=view.value,
            version=view.version,
        )
        for view in queries.settings_shown(actor.centre_id)
    ]


@router.post("/settings/{name}", response=ANSWERS)
def change_setting(request: HttpRequest, name: Annotated[Name, Path()], asked: SettingIn) -> HttpResponse:
    """Sets one setting from now on; what runs already keeps what it was started with."""
    return answered(actions.change(name, asked.value, expected=must_expect(request), cmd=command_of(request)))


@router.get("/settings/{name}/history", response={200: list[SettingChangeOut], PROBLEMS: ProblemOut})
def read_history(request: HttpRequest, name: Annotated[Name, Path()]) -> list[SettingChangeOut]:
    """The changes of one setting, the newest first."""
    actor = person_of(request)
    actor.must(Right.ADMIN_SETTINGS)
    changes = queries.history(actor.centre_id, name)
    names = done_by({change.by for change in changes}, actor.centre_id)
    return [
        SettingChangeOut(
            at=change.at,
            by=names[change.by].name if change.by in names else "系统",
            old=change.old,
            new=change.new,
            version=change.version,
        )
        for change in changes
    ]
