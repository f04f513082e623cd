"""How a process says that it has turns: it touches a file, which the door's keeper looks at (door/keeper.py).

Beside what the database is told: a process that only waits for a dead database is not one that hangs.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings

EVERY_S: Final = 1.0


def beat(name: str) -> None:
    """Touches the file of a process. Nothing where there is no such directory: a container has no keeper."""
    folder: Path = settings.ENV.run_dir / "pids"
    with suppress(OSError):
        (folder / f"{name}.beat").touch()


def beating(name: str, also: Callable[[], None] = lambda: None) -> threading.Thread:
    """A thread that goes on doing so to the process's end; `also` is done each time, and must not raise."""

    def go_on() -> None:
        while True:
            beat(name)
            also()
            time.sleep(EVERY_S)

    thread = threading.Thread(target=go_on, name="sign of life", daemon=True)
    thread.start()
    return thread
