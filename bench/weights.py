"""How much script a screen needs before its first picture: what its page names, and what that imports."""

import gzip
import re
from pathlib import Path
from typing import Final

from bench.report import Row

SCREENS: Final = ("console", "wall", "phone", "township", "leader", "resident", "admin", "sign-in")
PHONE_TARGET_KB: Final = 120.0  # docs/benchmarks.md: the first screen of who stands in a village
KB: Final = 1_000


def first_scripts(static: Path, screen: str) -> list[Path]:
    """The files that the page names: its module, and those that it preloads for it."""
    page = (static / f"{screen}.html").read_text()
    names = re.findall(r"(?:src|href)=\"/static/(assets/[^\"]+\.js)\"", page)
    return [static / name for name in dict.fromkeys(names)]


def weights(static: Path) -> list[Row]:
    """A row for each screen that was built: its first scripts, compressed as they are sent."""
    rows = []
    for screen in SCREENS:
        if not (static / f"{screen}.html").exists():
            continue
        bodies = [file.read_bytes() for file in first_scripts(static, screen)]
        sent = sum(len(gzip.compress(body, 6)) for body in bodies) / KB
        raw = sum(map(len, bodies)) / KB
        target = PHONE_TARGET_KB if screen == "phone" else None
        rows.append(
            Row(
                name=f"{screen}, scripts of the first screen",
                value=sent,
                unit="kB",
                target=target,
                note=f"{len(bodies)} files, {raw:.0f} kB uncompressed; maps come after the first screen",
            )
        )
    return rows
