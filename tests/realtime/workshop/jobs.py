"""Jobs that behave as hostile files make a decoder behave."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from realtime.feed.errors import Invalid


@dataclass(frozen=True)
class Found:
    """A frozen value."""

    words: bytes
    limits: tuple[str, ...]


def read(source: IO[bytes], more: str) -> Found:
    """Says what it was given, and what it can see of the gateway."""
    return Found(source.read(), (more, *sorted(name for name in os.environ if name.startswith("RELAY_"))))


def refuse(why: str) -> None:
    """As a decoder of ours does."""
    raise Invalid("photo.no_image", why, field="file", rule="照片", remedy="重拍", extra={"n": 1})


def spin() -> None:
    """Computes for ever."""
    while True:
        pass


def wait(seconds: float) -> float:
    """Hangs."""
    time.sleep(seconds)
    return seconds


def eat(mib: int) -> int:
    """Takes memory."""
    return len(bytearray(mib * 1024 * 1024))


def die(number: int) -> None:
    """As by the kernel's hand."""
    os.kill(os.getpid(), number)


def stop() -> None:
    """As one that a debugger holds."""
    os.kill(os.getpid(), signal.SIGSTOP)


def write(path: str) -> bool:
    """Whether it can put a file somewhere."""
    try:
        Path(path).write_text("x" * 10)
    except OSError:
        return False
    return True


def fail() -> None:
    """A mistake of ours."""
    raise KeyError("nothing of that name")


class Trap:
    """What a worker that was taken over would send."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.system, ("touch /tmp/relay60-trap",)


def lie() -> Trap:
    """Sends it."""
    return Trap()
