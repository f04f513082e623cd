"""Reads of settings. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from command.settings.models import Setting, SettingChange
from command.settings.registry import DEFINITIONS, Definition, Settings, Value, of_rows
from realtime.feed.statements import Rows, ask


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting as the administrator sees it; version 0: never changed."""

    definition: Definition
    value: Value
    version: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of a setting; `by` is a principal."""

    at: datetime
    by: str
    old: Value
    new: Value
    version: int


SETTINGS_OF: Final = "SELECT name, value FROM settings_setting WHERE centre_id = %s"


def settings_of(centre_id: UUID) -> Settings:
    """All settings of a centre as they stand. One statement."""
    return of_found(ask([(SETTINGS_OF, [centre_id])])[0])


def of_found(rows: Rows) -> Settings:
    """The settings that `SETTINGS_OF` has found."""
    return of_rows({name: orjson.loads(value) for name, value in rows})


def settings_shown(centre_id: UUID) -> list[SettingView]:
    """Every setting with its bounds, in the registry's order. One statement."""
    rows: Mapping[str, tuple[Value, int]] = {
        name: (value, version)
        for name, value, version in Setting.objects.filter(centre_id=centre_id).values_list("name", "value", "version")
    }
    return [
        SettingView(definition, *rows.get(definition.name, (definition.default, 0)))
        for definition in DEFINITIONS.values()
    ]


def history(centre_id: UUID, name: str, *, limit: int = 100) -> list[ChangeView]:
    """The changes of one setting, the newest first. One statement."""
    rows = SettingChange.objects.filter(setting__centre_id=centre_id, setting__name=name).order_by("-version")[:limit]
    return [ChangeView(row.at, row.by, row.old, row.new, row.version) for row in rows]
