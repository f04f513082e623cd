"""What a person reads: seconds for each step; for a failure what, why, what to do, where the log is."""

import io
import sys
from pathlib import Path

import pytest

from door.progress import TAIL_LINES, Failure, Progress, run_logged


def test_a_step_says_its_name_and_seconds() -> None:
    out = io.StringIO()
    with Progress(out).step("build the screens"):
        pass
    assert out.getvalue() == "[   0.0 s] build the screens … 0.0 s\n"


def test_a_failing_step_is_marked_and_its_error_goes_on() -> None:
    out = io.StringIO()
    with pytest.raises(Failure), Progress(out).step("start Redis"):
        raise Failure("Redis did not start", remedy="read the log")
    assert out.getvalue().endswith("start Redis … FAILED\n")


def test_a_failure_shows_the_end_of_the_log_and_what_to_do(tmp_path: Path) -> None:
    log = tmp_path / "npm.log"
    with pytest.raises(Failure) as caught:
        run_logged(
            [sys.executable, "-c", "for n in range(40): print('line', n)\nraise SystemExit(7)"],
            log=log,
            what="npm ci did not end well",
            remedy="look at the network",
        )
    text = str(caught.value)
    assert text.startswith("failed: npm ci did not end well (exit 7)\n")
    assert "    | line 39\n" in text
    assert text.count("    | ") == TAIL_LINES
    assert f"log: {log}" in text
    assert text.endswith("to do: look at the network")
    assert caught.value.status == 7


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="there is no no-such-program"):
        run_logged(["no-such-program"], log=tmp_path / "x.log", what="starting", remedy="install it")


def test_a_program_killed_by_a_signal_ends_with_one(tmp_path: Path) -> None:
    with pytest.raises(Failure) as caught:
        run_logged(
            [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], log=tmp_path / "x.log", what="x", remedy="y"
        )
    assert caught.value.status == 1
