"""Where a process has dear work done that it may not do itself: it feeds screens.

A picture of 40 megapixels takes seconds and hundreds of megabytes, and so may a spreadsheet. Each job runs in a worker
that the kernel bounds in CPU and memory; so many run at once, some wait, and the next is refused with a time to come
again. A worker that was killed, hangs or overruns costs its own job an answer with a reason, never a stuck request.
"""

import logging
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Concatenate, Final, ParamSpec, TypeVar, cast

from django.conf import settings
from django.db import connection

from realtime.feed.errors import Busy, Invalid, Refused
from realtime.workshop.messages import Unreadable, as_data, packed, received

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

AGAIN_AFTER_S: Final = 10
_TOLD: Final = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}  # no address, no key


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the workshop may take.

    hands       jobs at once: one leaves a core of two to the facts
    waiting     jobs that may wait
    wait_s      for so long
    cpu_s       of one job; the dearest picture that is taken needs 3 s
    wall_s      of one job, on a machine that has other work too
    memory_mib  of address space; the dearest picture takes 660 MB
    """

    hands: int = 1 if (os.cpu_count() or 1) <= 2 else 2
    waiting: int = 12
    wait_s: float = 30.0
    cpu_s: float = 15.0
    wall_s: float = 60.0
    memory_mib: int = 1024


class Workshop:
    """One a process, any thread. Its workers start at their first job, and end with the process."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._places = threading.BoundedSemaphore(self.bounds.hands + self.bounds.waiting)
        self.hands = [Hand(self.bounds) for _ in range(self.bounds.hands)]
        self._idle: queue.LifoQueue[Hand] = queue.LifoQueue()
        for hand in self.hands:
            self._idle.put(hand)

    def do(self, job: Callable[P, T], *args: P.args, **none: P.kwargs) -> T:
        """What `job(*args)` gives. A function of a module that needs no Django; its values go over a wire.

        Raises what it refuses, Invalid when it takes more than it may, Busy when too many wait or its worker was lost.
        """
        return cast(T, self._do(job, args, None))

    def do_with(
        self, job: Callable[Concatenate[IO[bytes], P], T], source: IO[bytes], *args: P.args, **none: P.kwargs
    ) -> T:
        """The same of `job(source, *args)`: a file goes over as it lies on the disk, unread."""
        return cast(T, self._do(job, args, source))

    def close(self) -> None:
        """Ends its workers. The next job starts new ones."""
        for hand in self.hands:
            hand.end()

    def _do(self, job: Callable[..., object], args: tuple[object, ...], source: IO[bytes] | None) -> object:
        if not self._places.acquire(blocking=False):
            raise full()
        try:
            if not connection.in_atomic_block:
                connection.close()  # back into the pool: who waits here holds up nobody's statements
            try:
                hand = self._idle.get(timeout=self.bounds.wait_s)
            except queue.Empty:
                raise full() from None
            try:
                return hand.do(job, args, source)
            finally:
                self._idle.put(hand)
        finally:
            self._places.release()


class Hand:
    """One worker, started when it is needed and is not there. For one thread at a time."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Its process, while there is one."""
        return self._process.pid if self._process else None

    def do(self, job: Callable[..., object], args: tuple[object, ...], source: IO[bytes] | None) -> object:
        """One job. Raises as `Workshop.do`."""
        message = packed({"module": job.__module__, "name": job.__name__, "args": args, "cpu_s": self._bounds.cpu_s})
        until = time.monotonic() + self._bounds.wall_s
        try:
            how, value = as_data(self._asked(message, source, until))
        except (TimeoutError, EOFError, OSError, Unreadable) as error:
            overran = self.end() == -signal.SIGXCPU
            log.warning("%s.%s lost its worker: %r", job.__module__, job.__name__, error)
            raise (too_dear() if overran else lost()) from error
        if how == "done":
            return value
        if how == "refused":
            kind, code, detail, said = value
            raise _refusal(kind, code, detail, said)
        self.end()
        if how == "memory":
            raise too_dear()
        raise RuntimeError(f"{job.__module__}.{job.__name__} failed in its worker:\n{value}")

    def end(self) -> int | None:
        """Kills the worker; how it had ended, if it had: what subprocess says."""
        process, self._process = self._process, None
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()
        if process is None:
            return None
        try:
            return process.wait(0.2)  # one that ends by itself says why
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None

    def _asked(self, message: bytes, source: IO[bytes] | None, until: float) -> bytes:
        wire = self._ready()
        wire.settimeout(max(0.1, until - time.monotonic()))
        with _descriptor_of(source) as file:
            socket.send_fds(wire, [b"j"], [file.fileno()] if file else [])
            wire.sendall(message)
            wire.settimeout(max(0.1, until - time.monotonic()))
            return received(wire)

    def _ready(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self.end()  # it was ended while nobody asked
        if self._wire is None:
            ours, theirs = socket.socketpair()
            with theirs:
                line = ["-m", "realtime.workshop.worker", str(theirs.fileno()), str(self._bounds.memory_mib)]
                self._process = subprocess.Popen(
                    [sys.executable, *line],
                    cwd=settings.BASE_DIR,
                    env=_TOLD | {"PYTHONPATH": str(settings.BASE_DIR)},
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            self._wire = ours
        return self._wire


@contextmanager
def _descriptor_of(source: IO[bytes] | None) -> Iterator[IO[bytes] | None]:
    """A file of the kernel's with what a source holds, from its beginning; None of None."""
    if source is None:
        yield None
        return
    source.seek(0)
    try:
        source.fileno()
    except (OSError, AttributeError):  # one that lies in memory
        with os.fdopen(os.memfd_create("job"), "w+b") as made:
            shutil.copyfileobj(source, made)
            made.seek(0)
            yield made
    else:
        yield source


def full() -> Busy:
    """Too many wait."""
    return Busy(
        "workshop.full",
        "正在处理的照片和文件太多，请稍后再传。",
        field="file",
        remedy="稍候会自动重试；急事请先报文字或打电话，照片随后补传。",
        extra={"retry_after_s": AGAIN_AFTER_S},
    )


def lost() -> Busy:
    """The worker was killed, or had no turn for too long."""
    return Busy(
        "workshop.lost",
        "处理照片或文件的进程中断了，请再传一次。",
        field="file",
        remedy="稍候会自动重试；一再失败的，请换一张照片或另存文件。",
        extra={"retry_after_s": 1},
    )


def too_dear() -> Invalid:
    """The file takes more to read than any file of its kind may."""
    return Invalid(
        "file.too_dear",
        "这个文件解开后过大，处理所需的时间或内存超出上限。",
        field="file",
        rule="照片",
        remedy="请用手机相机的普通模式重拍，或把文件另存、缩小后再传。",
    )


def _refusal(kind: type[Refused], code: str, detail: str, said: dict[str, object]) -> Refused:
    return kind(code, detail, **said)  # type: ignore[arg-type]


workshop: Final = Workshop()
