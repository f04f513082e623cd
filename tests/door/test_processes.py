"""Ports, pidfiles, ends: with real processes."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from door.keeper import LOG_MAX_BYTES, Kept, hold_of, pause_s, rotate
from door.layout import layout_of
from door.processes import alive, gone, happens, read_pid, stop_process, wait_for
from door.progress import Failure
from door.redis_server import free_port

STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); signal.pause()"


@pytest.fixture
def stubborn() -> Iterator[subprocess.Popen[str]]:
    """A process that doesn't end when asked."""
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_no_free_port_is_a_failure_and_no_endless_search() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Failure, match="no free port"):
            free_port(taken.getsockname()[1], tries=1)


def test_a_process_is_ours_only_by_number_and_name(stubborn: subprocess.Popen[str]) -> None:
    assert alive(stubborn.pid, "signal.pause")
    assert not alive(stubborn.pid, "redis-server")
    assert not alive(None, "signal.pause")


def test_who_does_not_end_when_asked_is_killed(stubborn: subprocess.Popen[str]) -> None:
    stop_process(stubborn.pid, within_s=0.3)
    assert gone(stubborn.pid)


def test_stopping_what_is_gone_is_no_error(stubborn: subprocess.Popen[str]) -> None:
    stubborn.kill()
    stubborn.wait()
    stop_process(stubborn.pid, within_s=1)
    stop_process(None, within_s=1)


@pytest.mark.parametrize("text", ["", "none", "12x"])
def test_a_pidfile_without_a_number_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.pid").write_text(text)
    assert read_pid(tmp_path / "x.pid") is None
    assert read_pid(tmp_path / "absent.pid") is None


def test_waiting_in_vain_names_what_was_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    log.write_text("address in use\n")
    with pytest.raises(Failure, match="does not answer") as caught:
        wait_for(lambda: False, within_s=0.2, what="the gateway does not answer", log=log)
    assert "| address in use" in str(caught.value)


def test_pauses_grow_and_are_bounded() -> None:
    assert [pause_s(ends) for ends in range(8)] == [0, 0, 1, 2, 4, 8, 16, 30]


def test_what_ended_is_started_again(tmp_path: Path) -> None:
    layout = layout_of({}, tmp_path)
    layout.make_directories()
    kept = Kept("timer", [sys.executable, "-c", "import signal; signal.pause()"], layout)
    kept.look()
    first = kept.child
    assert first is not None
    assert read_pid(layout.pids / "timer.pid") == first.pid
    first.kill()
    assert happens(lambda: gone(first.pid), within_s=10)
    kept.look()
    assert kept.child is not None
    assert kept.child.pid != first.pid
    kept.child.terminate()
    kept.stop(until=0)
    assert not (layout.pids / "timer.pid").exists()


def test_what_is_held_stays_stopped_until_released(tmp_path: Path) -> None:
    layout = layout_of({}, tmp_path)
    layout.make_directories()
    kept = Kept("timer", [sys.executable, "-c", "import signal; signal.pause()"], layout)
    kept.look()
    first = kept.child
    assert first is not None
    hold_of(layout, "timer").touch()
    kept.look()
    assert happens(lambda: gone(first.pid), within_s=10)
    kept.look()
    kept.look()
    assert kept.child is None
    hold_of(layout, "timer").unlink()
    kept.look()
    assert kept.child is not None
    kept.child.kill()
    kept.stop(until=0)


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "gateway.log"
    log.write_bytes(b"")
    rotate(log)
    assert log.exists()
    with log.open("ab") as file:
        file.truncate(LOG_MAX_BYTES + 1)
    rotate(log)
    assert not log.exists()
    assert (tmp_path / "gateway.log.1").exists()
