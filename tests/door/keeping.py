"""A keeper and its watchman over programs of the test's: `python keeping.py door.keeper|watchman`, in RELAY_RUN_DIR."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from door import keeper
from door.layout import Layout, layout_of

WORK = """
import sys, time, pathlib
beat = pathlib.Path(sys.argv[1])
while True:
    beat.touch()
    time.sleep(0.1)
"""


def commands(layout: Layout) -> dict[str, list[str]]:
    """One worker; each is known by a word of its line, as the real ones are."""
    this = [sys.executable, __file__]
    return {
        "worker": [sys.executable, "-c", WORK, str(keeper.beat_of(layout, "worker"))],
        keeper.WATCHMAN: [*this, keeper.WATCHMAN],
        keeper.KEEPER: [*this, "door.keeper"],
    }


if __name__ == "__main__":
    keeper.commands = commands  # type: ignore[assignment]
    keeper.HUNG_AFTER_S = 2.0  # type: ignore[misc]
    layout = layout_of()
    sys.exit(keeper.watch(layout) if sys.argv[1] == keeper.WATCHMAN else keeper.keep(layout))
