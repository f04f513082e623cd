"""How long the door takes: the bare `up` from the door's own record, the second by running it again."""

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.processes import ROOT
from bench.progress import say
from bench.report import Row

BARE_TARGET_S: Final = 600.0
AGAIN_TARGET_S: Final = 15.0
# ./relay bench passes the private cluster's addresses on; a second ./relay would take them for somebody else's.
GIVEN_BY_THE_DOOR: Final = frozenset(
    {"RELAY_DATABASE_URL", "RELAY_DATABASE_OWNER_URL", "RELAY_DATABASE_SIM_URL", "RELAY_REDIS_URL", "RELAY_PORT"}
)


def measure_door(environ: Mapping[str, str]) -> list[Row]:
    """Two rows; a figure is missing where no `up` was recorded or nothing is up."""
    run = Path(environ.get("RELAY_RUN_DIR", ROOT / ".run"))
    return [
        Row(name="up, bare machine", value=recorded_bare_s(run / "up.json"), unit="s", target=BARE_TARGET_S,
            note="as ./relay up recorded it when it installed everything"),
        Row(name="up, second time", value=_again_s(), unit="s", target=AGAIN_TARGET_S),
    ]  # fmt: skip


def recorded_bare_s(record: Path) -> float | None:
    """Seconds of the `up` that installed everything; None when none was recorded."""
    try:
        said = json.loads(record.read_text())
        return float(said["bare_s"]) if said.get("bare_s") is not None else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _again_s() -> float | None:
    relay, environ = (
        ROOT / "relay",
        {name: value for name, value in os.environ.items() if name not in GIVEN_BY_THE_DOOR},
    )
    status = subprocess.run(
        [relay, "status", "--json"], cwd=ROOT, env=environ, capture_output=True, check=False, timeout=60
    )
    try:
        if not json.loads(status.stdout)["healthy"]:
            return None
    except (ValueError, KeyError, TypeError):
        return None
    say("the door: ./relay up, again")
    began = time.monotonic()
    done = subprocess.run([relay, "up"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, check=False, timeout=300)
    return time.monotonic() - began if done.returncode == 0 else None
