"""docs/protocol.md and its schemas say what the code does."""

import json
import re
from typing import Any

import jsonschema
import pytest

from realtime.gateway.frames import CLIENT, FRAMES, SERVER
from realtime.hub.access import Close
from realtime.hub.limits import Limits
from tests.live.processes import ROOT

FOLDER = ROOT / "docs" / "protocol"
PAGE = (ROOT / "docs" / "protocol.md").read_text()
EXAMPLES: list[dict[str, Any]] = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["frame"])
def test_examples_are_valid(example: dict[str, Any]) -> None:
    schema = json.loads((FOLDER / f"{example['frame']}.schema.json").read_text())
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(example)
    client = example["frame"] in ("hello", "seen", "pong")
    (CLIENT if client else SERVER).validate_python(example)


def test_every_frame_has_an_example() -> None:
    assert {example["frame"] for example in EXAMPLES} == set(FRAMES)


@pytest.mark.parametrize("code", Close)
def test_every_close_is_on_the_page(code: Close) -> None:
    assert re.search(rf"^\| {code.value} \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("name", Limits.model_fields)
def test_every_limit_is_on_the_page(name: str) -> None:
    default = Limits.model_fields[name].default
    assert re.search(rf"^\| `{name}` \| {re.escape(str(default))} \|", PAGE, re.MULTILINE)


def test_every_reset_reason_is_on_the_page() -> None:
    reasons = FRAMES["reset"].model_json_schema()["properties"]["reason"]["enum"]
    for reason in reasons:
        assert re.search(rf"^\| `{reason}` \|", PAGE, re.MULTILINE)
