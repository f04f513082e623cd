"""`bench screens`: what people see, in real browsers that draw in software: how soon, how smoothly, for how long.

Runs as `python -m bench.glass OUT [--only PART …]` in the environment of a fresh database (bench/__main__.py makes it)
and writes its rows to the file OUT as JSON.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.commands import Desk, Refused, dispatched, filed
from bench.endurance import Watched, endure, metric
from bench.processes import ROOT, Server, free_port, working
from bench.progress import say
from bench.report import Row
from bench.samples import percentile
from bench.weights import weights

PARTS: Final = ("weights", "drawn", "acknowledged", "load", "pan", "situation", "endurance")
CHROMIUM: Final = os.environ.get("RELAY_CHROMIUM", "/usr/bin/chromium")
DRAWING: Final = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_WEBGL: Final = ["--no-sandbox", "--disable-3d-apis"]
PASSWORD: Final = "relay60-demo"
DRAWN_TARGET_S, LOAD_TARGET_S, PAN_TARGET_MS = 1.0, 2.0, 8.0
ACKNOWLEDGED_TARGET_S: Final = 2.0  # M75
ACKNOWLEDGMENTS: Final = 10
REPORTS: Final = 20
POLL_EVERY_S: Final = 5.0
PAN_STEPS: Final = 120
LOADS: Final = 5
WAIT_MS: Final = 180_000  # eight browsers that open at once take both cores
SEEN_WITHIN_S: Final = 60.0

# The moment at which the frame with another number of open issues was drawn: looked at in every frame.
WATCH: Final = """(selector) => {
  const read = () => document.querySelector(selector)?.textContent ?? ''
  let last = read()
  window.__drawn = []
  const look = () => {
    const now = read()
    if (now !== last) { last = now; requestAnimationFrame(() => window.__drawn.push(Date.now())) }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""
FRAMES: Final = """() => {
  window.__frames = 0
  const count = () => { window.__frames += 1; requestAnimationFrame(count) }
  requestAnimationFrame(count)
}"""


class Glass:
    """One run: the product, browsers, the rows so far."""

    def __init__(self, env: Mapping[str, str], logs: Path, *, browsers: int, minutes: float) -> None:
        self.env, self.logs, self.browsers, self.minutes = dict(env), logs, browsers, minutes
        self.rows: list[Row] = []
        self.port = 0
        self._wall = ""

    def collect(self) -> None:
        """Puts the built screens where the gateway finds them: a tree that was never up serves no page."""
        command = [sys.executable, "-m", "django", "collect_screens"]
        subprocess.run(command, cwd=ROOT, env=self.env, stdout=sys.stderr, check=True)

    @contextmanager
    def product(self) -> Iterator[None]:
        """A seeded centre with gateway, timer and worker: without one of them no screen calls itself live."""
        sim = self.env | {"RELAY_DATABASE_URL": self.env.get("RELAY_DATABASE_SIM_URL", self.env["RELAY_DATABASE_URL"])}
        say("seeding the demonstration county")
        subprocess.run([sys.executable, "-m", "django", "seed_demo"], cwd=ROOT, env=sim, stdout=sys.stderr, check=True)
        self.port = free_port()
        gateway = Server(
            "gateway",
            ["server.serve", "--port", str(self.port), "--bind", "127.0.0.1"],
            self.port,
            self.logs / "gateway.log",
            self.env,
        )
        try:
            with working(self.env, self.logs):
                self._wall = self._paired()
                yield
        finally:
            gateway.stop()

    def _paired(self) -> str:
        """A wall's id and secret as its browser keeps them."""
        lead = Desk(self.port, "lead")
        made = lead.ask("POST", "/api/v1/devices", {})
        lead.ask("POST", "/api/v1/devices/approve", {"code": made["code"], "name": "bench"})
        return json.dumps(made)

    # -- windows -----------------------------------------------------------------------------------

    def context(self, browser: Browser, kind: str) -> BrowserContext:
        """A window's cookies: a signed-in duty officer, or a paired wall."""
        made = browser.new_context(
            base_url=f"http://127.0.0.1:{self.port}",
            viewport={"width": 1920, "height": 1080},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        made.set_default_timeout(WAIT_MS)
        if kind == "wall":
            made.add_init_script(f"localStorage.setItem('relay60.wall', {json.dumps(self._wall)})")
            return made
        page = made.new_page()
        page.goto(f"/sign-in?next=/{kind}")
        page.fill("input[name=username]", "duty1")
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_function("(path) => location.pathname === path", arg=f"/{kind}")
        page.close()
        return made

    def open(self, browser: Browser, kind: str) -> Page:
        """A live window whose map is drawn."""
        page = self.context(browser, kind).new_page()
        page.goto(f"/{kind}")
        page.wait_for_selector("[data-testid=link-state][data-state=live]")
        page.wait_for_selector("[data-map][data-ready=true]")
        return page

    # -- parts -------------------------------------------------------------------------------------

    def measure_weights(self) -> None:
        """Scripts that a screen needs before its first picture, compressed as they are sent."""
        self.rows += weights(Path(self.env["RELAY_RUN_DIR"]) / "static")

    def measure_drawn(self) -> None:
        """Reports over HTTP, one at a time; each until every browser has drawn it. Beside it: polling."""
        with sync_playwright() as driver, ExitStack() as stack:
            pages = []
            for number in range(self.browsers):
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=DRAWING)
                stack.callback(browser.close)
                kind = "console" if number % 2 == 0 else "wall"
                page = self.open(browser, kind)
                page.evaluate(WATCH, "[data-testid=counts]" if kind == "wall" else "[role=tablist]")
                pages.append(page)
            desk = Desk(self.port, "duty1")
            poller = Poller(Desk(self.port, "duty2"))
            item = next(
                one["code"] for one in desk.ask("GET", "/api/v1/reference")["catalogue"] if not one["sensitive"]
            )
            took, polled = [], []
            for _ in range(REPORTS):
                for page in pages:
                    page.evaluate("() => { window.__drawn = [] }")
                began = time.time()
                answer = desk.ask("POST", "/api/v1/reports", {"channel": "centre_phone", "item": item, "text": "bench"})
                issue_id = answer["object"]["id"]
                for page in pages:
                    page.wait_for_function("() => window.__drawn.length > 0")
                    took.append(page.evaluate("() => window.__drawn[0]") / 1_000 - began)
                polled.append(poller.sees(issue_id) - began)
            poller.end()
        took.sort()
        polled.sort()
        self.rows.append(
            Row(
                name=f"commit -> drawn in {self.browsers} browsers, p95",
                value=percentile(took, 0.95),
                unit="s",
                target=DRAWN_TARGET_S,
                peer=percentile(polled, 0.95),
                peer_name=f"polling every {POLL_EVERY_S:.0f} s",
                note=f"from the command's first byte, so its transaction is in it; p50 {percentile(took, 0.5):.2f} s; "
                "consoles and walls by turns, each a browser of its own, all on this machine",
            )
        )

    def measure_acknowledged(self) -> None:
        """A unit acknowledges an order: until the desk that sent it sees so, in the issue that it has open."""
        took = []
        desk, unit = Desk(self.port, "duty1"), Desk(self.port, "chengguan")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=DRAWING)
            page = self.open(browser, "console")
            for _ in range(ACKNOWLEDGMENTS):
                path, version = filed(desk)
                order = dispatched(desk, path, version)
                number = desk.ask("GET", path)["card"]["number"]
                page.fill("input[type=search]", number)
                page.click("[data-testid=queue] [data-issue]")
                mark = f"[data-order='{order}'] .marks li:last-child"
                page.wait_for_selector(mark)
                page.evaluate(WATCH, mark)
                began = time.time()
                unit.ask("POST", f"/api/v1/orders/{order}/acknowledge", {})
                page.wait_for_function("() => window.__drawn.length > 0")
                took.append(page.evaluate("() => window.__drawn[0]") / 1_000 - began)
            browser.close()
        took.sort()
        self.rows.append(
            Row(
                name="acknowledgment -> drawn on the sender's console, p95",
                value=percentile(took, 0.95),
                unit="s",
                target=ACKNOWLEDGED_TARGET_S,
                note=f"of {ACKNOWLEDGMENTS}, from the command's first byte; p50 {percentile(took, 0.5):.2f} s",
            )
        )

    def measure_load(self) -> None:
        """A console that was never opened before: until its queue can be read, and until its map is drawn."""
        useful, whole = [], []
        with sync_playwright() as driver:
            for _ in range(LOADS):
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=DRAWING)
                page = self.context(browser, "console").new_page()
                cdp = page.context.new_cdp_session(page)
                cdp.send("Network.clearBrowserCache")
                began = time.monotonic()
                page.goto("/console", wait_until="commit")
                page.wait_for_selector("[data-issue]")
                useful.append(time.monotonic() - began)
                page.wait_for_selector("[data-map][data-ready=true]")
                whole.append(time.monotonic() - began)
                browser.close()
        for name, taken, target in (
            ("console, cold load to the first useful screen", useful, LOAD_TARGET_S),
            ("console, cold load to the map", whole, None),
        ):
            taken.sort()
            self.rows.append(
                Row(
                    name=f"{name}, median",
                    value=percentile(taken, 0.5),
                    unit="s",
                    target=target,
                    note=f"worst of {LOADS}: {taken[-1]:.2f} s",
                )
            )

    def measure_pan(self) -> None:
        """The console's main thread while its map is dragged, by frame; in WebGL, and on canvas without it."""
        figures = {}
        for name, arguments in (("WebGL", DRAWING), ("canvas", WITHOUT_WEBGL)):
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
                page = self.open(browser, "console")
                page.wait_for_timeout(3_000)
                figures[name] = pan(page)
                browser.close()
        (task, frames), (other, _) = figures["WebGL"], figures["canvas"]
        self.rows.append(
            Row(
                name="console, main thread per pan frame",
                value=task,
                unit="ms",
                target=PAN_TARGET_MS,
                peer=other,
                peer_name="Leaflet on canvas",
                note=f"scripts, styles and layout over {frames} frames; pixels are drawn by other threads, in software",
            )
        )

    def measure_situation(self) -> None:
        """Situation reports of a day, a week and a month, as the worker makes them."""
        out = self.logs / "situation.json"
        line = [sys.executable, "-m", "bench.situation", str(out)]
        subprocess.run(line, cwd=ROOT, env=self.env, stdout=sys.stderr, check=True)
        self.rows += [Row(**row) for row in json.loads(out.read_text())]

    def measure_endurance(self) -> None:
        """A console and a wall under 50 facts a second: does memory grow, does the main thread stall?"""
        with sync_playwright() as driver, ExitStack() as stack:
            watched = []
            for kind in ("console", "wall"):
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=DRAWING)
                stack.callback(browser.close)
                watched.append(Watched(kind, self.open(browser, kind)))
            self.rows += endure(watched, self.env, self.minutes)


class Poller(threading.Thread):
    """The peer: asks for the whole picture every few seconds, as a screen without a socket would."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(daemon=True)
        self._desk, self._seen, self._ends = desk, dict[str, float](), threading.Event()
        self._new = threading.Condition()
        self.start()

    def run(self) -> None:
        """Polls until told to end."""
        while not self._ends.is_set():
            try:
                objects = self._desk.ask("GET", "/api/v1/snapshot")["objects"]
            except Refused as refused:  # busy: a poller asks again
                say(f"polling: {refused}")
                objects = []
            now = time.time()
            with self._new:
                for one in objects:
                    self._seen.setdefault(one["id"], now)
                self._new.notify_all()
            self._ends.wait(POLL_EVERY_S)

    def sees(self, issue_id: str) -> float:
        """When it saw an issue first. Raises TimeoutError."""
        with self._new:
            if not self._new.wait_for(lambda: issue_id in self._seen, SEEN_WITHIN_S):
                raise TimeoutError(f"polling did not see {issue_id}")
            return self._seen[issue_id]

    def end(self) -> None:
        """Stops."""
        self._ends.set()


def pan(page: Page) -> tuple[float, int]:
    """Main-thread milliseconds a frame while the map is dragged to and fro, and how many frames that were."""
    box = page.locator("[data-map]").bounding_box()
    if box is None:
        raise RuntimeError("there is no map to pan")
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # the thread's own time, whoever else wants the cores
    page.evaluate(FRAMES)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before, frames = metric(cdp, "TaskDuration"), page.evaluate("() => window.__frames")
    for step in range(PAN_STEPS):
        page.mouse.move(x + 2 * (step if step < PAN_STEPS / 2 else PAN_STEPS - step), y + step / 2)
    taken = metric(cdp, "TaskDuration") - before
    drawn = page.evaluate("() => window.__frames") - frames
    page.mouse.up()
    return taken * 1_000 / max(1, drawn), drawn


def main() -> None:
    """Measures the parts asked for; what was measured is written even when a later part fails."""
    line = argparse.ArgumentParser()
    line.add_argument("out", type=Path)
    line.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    line.add_argument("--browsers", type=int, default=8)
    line.add_argument("--minutes", type=float, default=10.0)
    options = line.parse_args()
    with TemporaryDirectory(prefix="relay60-bench-") as logs:
        glass = Glass(os.environ, Path(logs), browsers=options.browsers, minutes=options.minutes)
        try:
            glass.collect()
            if "weights" in options.only:
                glass.measure_weights()
            if set(options.only) - {"weights"}:
                with glass.product():
                    for part in PARTS[1:]:
                        if part in options.only:
                            say(part)
                            getattr(glass, f"measure_{part}")()
        finally:
            options.out.write_text(json.dumps([asdict(row) for row in glass.rows]))


if __name__ == "__main__":
    main()
