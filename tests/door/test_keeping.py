"""Who keeps what running is kept running: keeper and watchman each start the other again, and what runs runs on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from door import keeper, product
from door.keeper import Service, hold_of
from door.layout import Layout, layout_of
from door.processes import gone, happens
from door.progress import Failure, Progress
from door.redis_server import Redis, answers, free_port
from door.status import said_of

SCRIPT = Path(__file__).with_name("keeping.py")
SOON_S = 60.0  # a busy machine
OF_NOBODY_ELSE = 7390  # tests beside this one start their Redis from 6390 upward


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Layout]:
    """A keeper, its watchman and a worker, all at work."""
    layout = layout_of({"RELAY_RUN_DIR": str(tmp_path / "run")})
    layout.make_directories()
    with (layout.log / "keeper.log").open("ab") as sink:
        first = subprocess.Popen(
            [sys.executable, SCRIPT, "door.keeper"],
            env=os.environ | {"RELAY_RUN_DIR": str(layout.run), keeper.OURS: ""},
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        assert happens(lambda: all(pid(layout, name) for name in NAMES), within_s=SOON_S), words(layout)
        yield layout
    finally:
        product.stop(layout, Progress())
        first.kill()
        first.wait()


NAMES = (keeper.KEEPER, keeper.WATCHMAN, "worker")


def pid(layout: Layout, name: str) -> int | None:
    return product.running_pid(layout, name)


def words(layout: Layout) -> str:
    return (layout.log / "keeper.log").read_text()


def looks_on(layout: Layout, name: str, times: int) -> None:
    """Waits until it has gone so many whole rounds; each begins with a sign of life."""
    beat = keeper.beat_of(layout, name)
    for _ in range(times + 1):
        before = beat.stat().st_mtime_ns
        assert happens(lambda before=before: beat.stat().st_mtime_ns != before, within_s=SOON_S), words(layout)


def another(layout: Layout, name: str, than: int | None) -> Callable[[], bool]:
    """Whether another process of that name runs."""
    return lambda: pid(layout, name) not in (None, than)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("name", NAMES)
def test_each_is_started_again_when_it_is_killed_or_hangs(kept: Layout, name: str, how: int) -> None:
    others = {other: pid(kept, other) for other in NAMES if other != name}
    first = pid(kept, name)
    assert first is not None
    assert happens(lambda: keeper.beat_of(kept, name).exists(), within_s=SOON_S)
    os.kill(first, how)
    assert happens(another(kept, name, first), within_s=SOON_S), words(kept)
    assert happens(lambda: gone(first), within_s=SOON_S)
    looks_on(kept, keeper.KEEPER, 2)
    looks_on(kept, keeper.WATCHMAN, 2)
    assert {other: pid(kept, other) for other in others} == others  # taken over, not started twice
    assert another(kept, name, first)()


def test_both_at_once_leave_the_worker_at_work_and_down_stops_all_of_them(kept: Layout) -> None:
    worker = pid(kept, "worker")
    first = pid(kept, keeper.KEEPER)
    os.kill(first or 0, signal.SIGKILL)
    assert happens(another(kept, keeper.KEEPER, first), within_s=SOON_S)
    assert pid(kept, "worker") == worker
    everybody = [pid(kept, name) or 0 for name in NAMES]
    product.stop(kept, Progress())
    assert all(map(gone, everybody))
    time.sleep(3 * keeper.LOOK_EVERY_S)  # nobody is left whose looks could be waited for
    assert [pid(kept, name) for name in NAMES] == [None, None, None], words(kept)


def test_what_is_held_stays_stopped_though_the_keeper_changes(kept: Layout) -> None:
    product.hold(kept, "worker")
    first = pid(kept, keeper.KEEPER)
    os.kill(first or 0, signal.SIGKILL)
    assert happens(another(kept, keeper.KEEPER, first), within_s=SOON_S)
    looks_on(kept, keeper.KEEPER, 3)
    assert pid(kept, "worker") is None
    product.release(kept, "worker")
    assert pid(kept, "worker") is not None


def test_redis_is_started_again_on_its_port_unless_it_is_held(tmp_path: Path) -> None:
    layout = layout_of({"RELAY_RUN_DIR": str(tmp_path / "run")})
    layout.make_directories()
    redis = Redis(layout)
    (layout.run / "redis").mkdir()
    (layout.run / "redis" / "port").write_text(str(free_port(OF_NOBODY_ELSE)))
    redis.start()
    try:
        url = redis.url
        service = Service("redis", layout, redis.running, redis.start)
        service.look()
        os.kill(int((layout.run / "redis" / "redis.pid").read_text()), signal.SIGKILL)
        assert happens(lambda: not redis.running(), within_s=SOON_S)
        hold_of(layout, "redis").touch()
        service.look()
        assert service._starting is None  # a start would be under way
        assert not redis.running()
        hold_of(layout, "redis").unlink()

        def again() -> bool:
            service.look()
            return redis.running() and answers(int((layout.run / "redis" / "port").read_text()))

        assert happens(again, within_s=SOON_S)
        assert redis.url == url
    finally:
        redis.stop()


def test_a_service_that_does_not_start_is_tried_again_more_and_more_seldom(tmp_path: Path) -> None:
    layout = layout_of({"RELAY_RUN_DIR": str(tmp_path / "run")})
    layout.make_directories()
    tries: list[float] = []

    def fails() -> None:
        tries.append(time.monotonic())
        raise Failure("no", remedy="none")

    service = Service("postgres", layout, lambda: False, fails)
    assert happens(lambda: (service.look(), len(tries) >= 3)[1], within_s=SOON_S)
    assert tries[2] - tries[1] >= 1.0


def test_status_tells_of_a_process_that_hangs() -> None:
    assert said_of({"running": True, "silent_s": 0.4}) == "running"
    assert said_of({"running": True, "silent_s": None}) == "running"
    assert said_of({"running": True, "silent_s": 45.0}) == "HANGS: no sign of life for 45 s"
    assert said_of({"running": False}) == "stopped"
