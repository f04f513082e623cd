"""How long each text of a command may be, for the screens: read from the API's document."""

import json
from collections.abc import Mapping
from typing import Any, Final

SCRIPT: Final = "frontend/src/api/limits.ts"
_HEAD: Final = (
    "/** Written by `./relay generate`. Most characters of each text of a command, as the server declares them. */\n"
)


def limits_of(document: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Shape to field to most characters, of all that come in."""
    found = {}
    for name, shape in sorted(document["components"]["schemas"].items()):
        fields = {field: _longest(schema) for field, schema in sorted(shape.get("properties", {}).items())}
        limited = {field: most for field, most in fields.items() if most is not None}
        if limited and not name.endswith("Out"):
            found[name] = limited
    return found


def script(document: Mapping[str, Any]) -> str:
    """frontend/src/api/limits.ts."""
    text = json.dumps(limits_of(document), indent=2).replace('"', "")
    return f"{_HEAD}export const LIMITS = {text} as const\n"


def _longest(schema: Mapping[str, Any]) -> int | None:
    if "maxLength" in schema:
        return int(schema["maxLength"])
    among = (_longest(one) for one in schema.get("anyOf", ()))
    return next((most for most in among if most is not None), None)
