"""The centre's settings for the screens: frontend/src/api/settings.ts, from the registry that declares them.

A screen that reads a setting nobody declares, or as another type, does not compile.
"""

from typing import Final

from command.settings.registry import DEFINITIONS, Definition, Value

SCRIPT: Final = "frontend/src/api/settings.ts"
_HEAD: Final = """/**
 * What a centre may set for itself: each setting's type and bounds. Written by `./relay generate` from
 * command/settings/registry.py (server/centre_settings.py).
 */

export interface Settings {
"""
_TAIL: Final = """}

export type SettingName = keyof Settings
"""
_TYPES: Final[dict[type[Value], str]] = {bool: "boolean", int: "number", str: "string"}


def script() -> str:
    """frontend/src/api/settings.ts."""
    lines = "".join(
        f"  /** {one.name_zh}: {_bounds(one)}. */\n  {one.name}: {_TYPES[type(one.default)]}\n"
        for one in DEFINITIONS.values()
    )
    return f"{_HEAD}{lines}{_TAIL}"


def _bounds(one: Definition) -> str:
    """From where to where it goes, and what it is counted in."""
    if isinstance(one.default, bool):
        return "on or off"
    if isinstance(one.default, str):
        return f"{one.most} characters at most"
    return f"{one.least} to {one.most} {one.unit_zh}"
