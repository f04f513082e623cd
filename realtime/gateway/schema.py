"""docs/protocol/*.schema.json, from the frames' types. Written by `./relay generate`."""

import orjson

from realtime.gateway.frames import FRAMES


def schemas() -> dict[str, bytes]:
    """The JSON schema of each frame (draft 2020-12), by file name."""
    made = {}
    for name, frame in FRAMES.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **frame.model_json_schema()}
        made[f"{name}.schema.json"] = orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    return made
