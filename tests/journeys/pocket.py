"""A phone that keeps its profile, as a real one does: its browser can be killed and opened again."""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Playwright, ViewportSize

from tests.journeys.glass import Glass
from tests.live.waiting import wait_for


@dataclass
class Pocket:
    """One phone with its storage."""

    playwright: Playwright
    program: str
    arguments: list[str]
    profile: Path
    base_url: str
    size: ViewportSize
    _context: BrowserContext | None = field(default=None, init=False)

    def opens(self) -> Glass:
        """The browser, with what it had kept."""
        self._context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=self.program,
            args=self.arguments,
            base_url=self.base_url,
            viewport=self.size,
            has_touch=True,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        return Glass(self._context, self.base_url, self.size, touch=True)

    def has_written_its_tabs(self) -> None:
        """Waits until what it would restore its tabs with, as they are now, is on the disk.

        A browser writes that some seconds after it changed: it is changed here, so that what is written comes after.
        """
        assert self._context is not None
        before = time.time_ns()
        for page in self._context.pages:
            page.evaluate("history.replaceState(history.state, '')")
        tabs = self.profile / "Default" / "Sessions"
        wait_for(lambda: any(file.stat().st_mtime_ns > before for file in tabs.glob("*")), "the tabs on the disk")

    def dies(self) -> None:
        """The browser ends without a word, all its processes at once, as when a phone runs out of memory."""
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        wait_for(lambda: not self._processes(), "the end of the browser")
        self.closes()

    def closes(self) -> None:
        """Puts it away; nothing to do when it is."""
        if self._context is not None:
            with suppress(Error):  # it may be dead
                self._context.close()
            self._context = None

    def _processes(self) -> list[int]:
        """Those that were started with this profile, and theirs."""
        mark = f"--user-data-dir={self.profile}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with suppress(OSError):
                words = (folder / "cmdline").read_bytes()
                if mark in words and b"--type=" not in words:  # the others end with it
                    found.append(int(folder.name))
        return found
