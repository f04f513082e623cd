"""`bench calls`: is somebody called in time, is anybody forgotten, and can a desk bear a storm's night?

Runs as `python -m bench.calls OUT [--only PART …]` in the environment of a fresh database and writes its rows to the
file OUT as JSON. The centre is the demonstration's township, with gateway and timer; a real browser hears what sounds.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
from playwright.sync_api import Page, sync_playwright

from bench.alarms import eemua_class, grouped, most_within
from bench.commands import LIAISON, PASSWORD, Desk, Refused, dispatched, filed
from bench.glass import CHROMIUM, DRAWING
from bench.processes import ROOT, Server, free_port, working
from bench.progress import say
from bench.report import Row
from bench.samples import percentile

PARTS: Final = ("sound", "due", "now", "storm")
ORDERS: Final = 20
SOUND_TIMES: Final = 2.0
CALLS: Final = 1_000
WITHIN_S: Final = 60.0
LATE_TARGET_S: Final = 5.0
ON_ROSTERS: Final = 8_535
ASKED: Final = 200
NOW_TARGET_MS: Final = 5.0
REPORTS: Final = 200
FASTER: Final = 15.0  # the law's clock in a storm's hour, which so takes four minutes
STEP_S: Final = 0.2
ALARMS_TARGET: Final = 10.0
TEN_MINUTES: Final = timedelta(minutes=10)
SHIFT: Final = (
    'INSERT INTO simulated_shift ("only", shift) VALUES (true, make_interval(secs => %s))'
    ' ON CONFLICT ("only") DO UPDATE SET shift = excluded.shift'
)

# When a frame with a sent order came to the page, and when the page began to sound: both by the page's own clock.
LISTEN: Final = """() => {
  window.__came = []
  window.__sounded = []
  const Socket = window.WebSocket
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given)
      this.addEventListener('message', ({ data }) => {
        if (data.includes('"order.sent"')) window.__came.push(Date.now())
      })
    }
  }
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...given) {
    window.__sounded.push(Date.now())
    return start.apply(this, given)
  }
}"""


class Calls:
    """One run: a seeded centre, its owner's connection, the rows so far."""

    def __init__(self, env: Mapping[str, str], logs: Path, owner: psycopg.Connection) -> None:
        self.env, self.logs, self.owner = dict(env), logs, owner
        self.rows: list[Row] = []
        self.port = free_port()

    def seed(self) -> None:
        """The demonstration's township and its screens."""
        say("calls: seeding the demonstration district")
        sim = {"RELAY_DATABASE_URL": self.env["RELAY_DATABASE_SIM_URL"]}
        for words, also in ((("seed_demo", "--plan", "township"), sim), (("collect_screens",), {})):
            line = [sys.executable, "-m", "django", *words]
            subprocess.run(line, cwd=ROOT, env=self.env | also, stdout=sys.stderr, check=True)

    @contextmanager
    def gateway(self) -> Iterator[Server]:
        """The product's server, whose clock is the law's."""
        line = ["server.serve", "--port", str(self.port), "--bind", "127.0.0.1"]
        server = Server("gateway", line, self.port, self.logs / "gateway.log", self._shiftable())
        try:
            yield server
        finally:
            server.stop()

    def _shiftable(self) -> dict[str, str]:
        return self.env | {"RELAY_DATABASE_URL": self.env["RELAY_DATABASE_SIM_URL"]}

    def one(self, statement: str, *values: Any) -> Any:
        """What one statement answers."""
        row = self.owner.execute(statement.encode(), values or None).fetchone()
        assert row is not None
        return row[0]

    # -- parts -------------------------------------------------------------------------------------

    def sound(self) -> None:
        """An order is sent until the liaison's open page sounds; beside it, until the socket's frame is there."""
        heard, came = [], []
        with self.gateway(), working(self._shiftable(), self.logs), sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=DRAWING)
            page = self._phone(browser.new_context(base_url=f"http://127.0.0.1:{self.port}", locale="zh-CN").new_page())
            desk, liaison = Desk(self.port, "duty1"), Desk(self.port, LIAISON)
            for number in range(ORDERS + 1):
                page.evaluate("() => { window.__came = []; window.__sounded = [] }")
                issue, version = filed(desk)
                began = time.time()
                order = dispatched(desk, issue, version)
                page.wait_for_function("() => window.__came.length > 0 && window.__sounded.length > 0")
                if number:  # the first opens what a page opens once
                    came.append(page.evaluate("() => window.__came[0]") - began * 1_000)
                    heard.append(page.evaluate("() => window.__sounded[0]") - began * 1_000)
                liaison.ask("POST", f"/api/v1/orders/{order}/acknowledge", {})
                page.wait_for_selector("[data-testid=calls]", state="detached")
            browser.close()
        heard.sort()
        came.sort()
        socket = percentile(came, 0.95)
        self.rows.append(
            Row(
                name="order sent -> sound on the receiver's open page, p95",
                value=percentile(heard, 0.95),
                unit="ms",
                target=SOUND_TIMES * socket,
                peer=socket,
                peer_name="its frame on the socket",
                note=f"of {ORDERS}, from the command's first byte, so its transaction is in both;"
                f" p50 {percentile(heard, 0.5):.0f} and {percentile(came, 0.5):.0f} ms",
            )
        )

    def _phone(self, page: Page) -> Page:
        page.add_init_script(f"({LISTEN})()")
        page.goto("/sign-in?next=/phone")
        page.fill("input[name=username]", LIAISON)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector("[data-testid=link-state][data-state=live]")
        page.mouse.click(2, 2)  # a browser sounds after a press only
        return page

    def due(self) -> None:
        """So many calls whose next rung falls due within one minute: how late is each attempt, is one missing?"""
        say(f"calls: {CALLS:,} orders are sent")
        with self.gateway():
            desk = Desk(self.port, "duty1")
            for _ in range(CALLS):
                dispatched(desk, *filed(desk))
        self.owner.execute("UPDATE calls_call SET next_at = next_at + interval '1 day' WHERE next_at IS NOT NULL")
        began = self.one(
            "WITH soon AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM calls_call"
            " WHERE state = 'open' AND kind = 'new_order' ORDER BY id LIMIT %s), at AS (SELECT relay_at(NULL) AS now)"
            " UPDATE calls_call c SET next_at = at.now + make_interval(secs => 10 + soon.n * %s::float / %s)"
            " FROM soon, at WHERE c.id = soon.id RETURNING at.now",
            CALLS, WITHIN_S, CALLS,
        )  # fmt: skip
        soon = "SELECT id, next_at FROM calls_call WHERE next_at < %s + interval '2 minutes'"
        wanted: dict[Any, Any] = dict(self.owner.execute(soon, [began]).fetchall())
        say(f"calls: {len(wanted):,} fall due within {WITHIN_S:.0f} s")
        with working(self._shiftable(), self.logs):
            time.sleep(10 + WITHIN_S + LATE_TARGET_S + 5)
        made = self.owner.execute(
            "SELECT call_id, min(attempted_at), bool_and(attempted_at IS NOT NULL) FROM calls_attempt"
            " WHERE rung > 1 AND queued_at > %s GROUP BY call_id", [began]).fetchall()  # fmt: skip
        late = sorted((at - wanted[call]).total_seconds() for call, at, whole in made if whole and call in wanted)
        self.rows += [
            Row(
                name=f"{len(wanted):,} calls due within a minute, latest attempt after its time",
                value=late[-1] if late else None,
                unit="s",
                target=LATE_TARGET_S,
                note=f"p50 {percentile(late, 0.5):.2f} s" if late else "none was made",
            ),
            Row(
                name=f"{len(wanted):,} calls due within a minute, not called",
                value=float(len(wanted) - len(late)),
                unit="calls",
                target=0.0,
            ),
        ]

    def now(self) -> None:
        """Who answers now, of a unit with a county's people on its roster."""
        out = subprocess.run(
            [sys.executable, "-m", "bench.rosters", str(ON_ROSTERS), str(ASKED)],
            cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        taken, found = json.loads(out.stdout)
        self.rows.append(
            Row(
                name=f"who answers now, {ON_ROSTERS:,} people on a roster, p95",
                value=percentile(taken, 0.95),
                unit="ms",
                target=NOW_TARGET_MS,
                note=f"one statement and its answer, asked {ASKED} times; {found} on duty;"
                f" p50 {percentile(taken, 0.5):.2f} ms",
            )
        )

    def storm(self) -> None:
        """An hour of a storm's night: alarms at the desk, whose one officer answers and accepts what comes."""
        began = self.one("SELECT relay_at(NULL)")
        with self.gateway(), working(self._shiftable(), self.logs), self._faster():
            officer = Officer(self.port)
            every_s = 3_600 / REPORTS / FASTER
            traffic = ["demo_traffic", "--reports", str(REPORTS), "--per-minute", str(60 / every_s), "--seed", "60",
                       "--base-url", f"http://127.0.0.1:{self.port}"]  # fmt: skip
            try:
                line = [sys.executable, "-m", "django", *traffic]
                subprocess.run(line, cwd=ROOT, env=self._shiftable(), stdout=sys.stderr, check=True)
            finally:
                officer.end()
        rung = [
            at
            for (at,) in self.owner.execute(
                "SELECT DISTINCT c.called_at FROM calls_call c JOIN organisations_unit u ON u.id = c.unit_id"
                " WHERE u.kind = 'desk' AND c.called_at > %s ORDER BY 1",
                [began],
            ).fetchall()
        ]
        taken = self.one("SELECT count(*) FROM issues_issue WHERE reported_at > %s", began)
        alarms = grouped(rung)
        worst = most_within(alarms, TEN_MINUTES)
        self.rows += [
            Row(
                name=f"a storm's hour, {taken} reports, alarms of the desk in any 10 minutes",
                value=float(worst),
                unit="alarms",
                target=ALARMS_TARGET,
                peer=float(most_within(rung, TEN_MINUTES)),
                peer_name="each call by itself",
                note=f"{len(alarms)} alarms of {len(rung)} calls; one officer accepted {officer.accepted} and answered"
                f" {officer.answered}; EEMUA 191: {eemua_class(worst)}; the law's clock ran {FASTER:.0f} times as fast",
            )
        ]

    @contextmanager
    def _faster(self) -> Iterator[None]:
        """The law's clock runs `FASTER` times as fast as the machine's."""
        ended = threading.Event()

        def run() -> None:
            with psycopg.connect(self.env["RELAY_DATABASE_OWNER_URL"], autocommit=True) as connection:
                began = time.monotonic()
                while not ended.wait(STEP_S):
                    connection.execute(SHIFT, [(time.monotonic() - began) * (FASTER - 1)])

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


class Officer(threading.Thread):
    """A duty officer of a storm's night: answers what rings and accepts what is reported, one thing after the other."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._desk, self._ends = Desk(port, "duty1"), threading.Event()
        self.accepted = self.answered = 0
        self.start()

    def run(self) -> None:
        """Works until told to end."""
        while not self._ends.wait(0.5):
            for one in self._desk.ask("GET", "/api/v1/snapshot")["objects"]:
                if one["kind"] == "call" and one["card"]["state"] == "open":
                    self.answered += self._did(f"/calls/{one['id']}/answer")
                elif one["kind"] == "issue" and one["card"]["state"] == "reported":
                    self.accepted += self._did(f"/issues/{one['id']}/accept")

    def _did(self, path: str) -> bool:
        try:
            self._desk.ask("POST", f"/api/v1{path}", {})
        except Refused:  # another unit's call, or taken meanwhile
            return False
        return True

    def end(self) -> None:
        """Goes home."""
        self._ends.set()
        self.join()


def measure(env: Mapping[str, str], only: Sequence[str]) -> list[Row]:
    """The parts that are wanted, in order."""
    with (
        TemporaryDirectory(prefix="relay60-calls-") as folder,
        psycopg.connect(env["RELAY_DATABASE_OWNER_URL"], autocommit=True) as owner,
    ):
        run = Calls(env, Path(folder), owner)
        run.seed()
        parts: dict[str, Callable[[], None]] = {
            "sound": run.sound, "due": run.due, "now": run.now, "storm": run.storm,
        }  # fmt: skip
        for name in PARTS:
            if name in only:
                parts[name]()
        return run.rows


def main() -> None:
    """Measures and writes the rows."""
    line = argparse.ArgumentParser()
    line.add_argument("out", type=Path)
    line.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    asked = line.parse_args()
    rows = measure(os.environ, asked.only)
    asked.out.write_text(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
