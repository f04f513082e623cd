"""Writes docs/protocol/*.schema.json from the frames' types: `python -m realtime.gateway.schema docs/protocol`."""

import sys
from pathlib import Path

import orjson

from realtime.gateway.frames import FRAMES


def schemas() -> dict[str, bytes]:
    """The JSON schema of each frame (draft 2020-12), by file name."""
    made = {}
    for name, frame in FRAMES.items():
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **frame.model_json_schema()}
        made[f"{name}.schema.json"] = orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    return made


def write(folder: Path) -> int:
    """Writes them all. Answers how many."""
    folder.mkdir(parents=True, exist_ok=True)
    made = schemas()
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return len(made)


if __name__ == "__main__":
    print(write(Path(sys.argv[1])), "schemas written")
