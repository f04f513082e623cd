"""What ten minutes of 50 facts a second do to a page: the memory that it holds, the time that its thread is blocked."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import CDPSession, Page

from bench.processes import ROOT
from bench.report import Row

FACTS_PER_S: Final = 50
# MiB a minute. A wall runs for weeks: what grows faster than a collector can be late by must be found.
SLOPE_TARGET: Final = 0.5
BLOCKED_TARGET: Final = 5.0  # % of the time
SETTLED: Final = 0.2  # what is fetched and compiled in the first fifth is no growth
SAMPLES: Final = 40
AT_LEAST_EVERY_S: Final = 2.0
LONG_TASKS: Final = """() => {
  window.__long = []
  new PerformanceObserver((list) => list.getEntries().forEach((one) => window.__long.push(one.duration)))
    .observe({ entryTypes: ['longtask'] })
}"""


@dataclass(slots=True)
class Watched:
    """A page, and what it held at which second."""

    kind: str
    page: Page
    held: list[tuple[float, float]] = field(default_factory=list)
    _busy_before_s: float = 0.0
    _cdp: CDPSession | None = None

    def begin(self) -> None:
        """From now on blocked time is noted."""
        self._cdp = self.page.context.new_cdp_session(self.page)
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # its own time, whoever wants the cores
        self._busy_before_s = metric(self._cdp, "TaskDuration")
        self.page.evaluate(LONG_TASKS)

    def sample(self, at: float) -> None:
        """Notes what scripts hold after a collection."""
        if self._cdp is None:
            raise RuntimeError("not begun")
        self._cdp.send("HeapProfiler.collectGarbage")
        self.held.append((at, metric(self._cdp, "JSHeapUsedSize") / 1_048_576))

    def rows(self, minutes: float, recorded: int) -> list[Row]:
        """Slope, the thread's own time, and how long it let a person wait."""
        if self._cdp is None:
            raise RuntimeError("not begun")
        busy_s = metric(self._cdp, "TaskDuration") - self._busy_before_s
        long: list[float] = self.page.evaluate("() => window.__long")
        settled = [one for one in self.held if one[0] > minutes * 60 * SETTLED]
        elements = self.page.evaluate("() => document.querySelectorAll('*').length")
        held = f"{settled[0][1]:.1f} to {settled[-1][1]:.1f} MiB" if settled else "too short to tell"
        return [
            Row(
                name=f"{self.kind}, memory at {FACTS_PER_S} facts/s, slope",
                value=slope(settled) * 60 if len(settled) > 1 else None,
                unit="MiB/min",
                target=SLOPE_TARGET,
                note=f"{minutes:g} min, {recorded:,} facts; held {held}; {elements:,} elements at the end",
            ),
            Row(
                name=f"{self.kind}, main thread at {FACTS_PER_S} facts/s",
                value=busy_s / (minutes * 0.6),
                unit="% of time",
                note="its own time, collections for the row above included",
            ),
            Row(
                name=f"{self.kind}, blocked at {FACTS_PER_S} facts/s",
                value=sum(long) / (minutes * 600),
                unit="% of time",
                target=BLOCKED_TARGET,
                note=f"{len(long)} tasks over 50 ms, the longest {max(long, default=0):.0f} ms; pixels are drawn in "
                "software by the same two cores",
            ),
        ]


def endure(watched: Sequence[Watched], env: Mapping[str, str], minutes: float) -> list[Row]:
    """Rows of each page after so many minutes of facts. Raises RuntimeError when the facts did not come."""
    for one in watched:
        one.begin()
    seconds = minutes * 60
    line = [sys.executable, "-m", "bench.traffic", str(FACTS_PER_S), str(seconds)]
    traffic = subprocess.Popen(line, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, text=True)
    began = time.monotonic()
    every = max(AT_LEAST_EVERY_S, seconds / SAMPLES)
    while traffic.poll() is None:
        for one in watched:
            one.sample(time.monotonic() - began)
            one.page.wait_for_timeout(every * 1_000 / len(watched))
    said = traffic.communicate()[0].split()
    if traffic.returncode or not said:
        raise RuntimeError(f"the traffic ended with {traffic.returncode}")
    return [row for one in watched for row in one.rows(minutes, int(said[-1]))]


def metric(cdp: CDPSession, name: str) -> float:
    """One of the browser's own measures of a page."""
    found: dict[str, Any] = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return float(found[name])


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Growth per second, by least squares; 0 for fewer than two samples."""
    if len(samples) < 2:
        return 0.0
    mean_x = sum(x for x, _ in samples) / len(samples)
    mean_y = sum(y for _, y in samples) / len(samples)
    spread = sum((x - mean_x) ** 2 for x, _ in samples)
    return sum((x - mean_x) * (y - mean_y) for x, y in samples) / spread if spread else 0.0
