"""The same product in Debian's Firefox: a report lives through the whole loop, and a phone reports without a network.

Playwright drives no Firefox but its own build, so these stories are played by Puppeteer over WebDriver BiDi
(frontend/stories). A story that fails ends with what each of its windows says.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.journeys.conftest import DIST, PICTURES
from tests.journeys.glass import SCREENS
from tests.live import Product
from tests.live.people import PASSWORD

FIREFOX: Final = os.environ.get("RELAY_FIREFOX", "/usr/bin/firefox-esr")
STORIES: Final = DIST.parent / "stories"
STUCK_AFTER_S: Final = 600
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def play(story: str, product: Product, folder: Path) -> str:
    """Plays one of the stories to its end. Answers its last words; raises AssertionError with all of them."""
    assert Path(FIREFOX).exists(), f"there is no Firefox at {FIREFOX}: run ./relay test, or see docs/runbook.md"
    node = shutil.which("node")
    assert node, "there is no node on PATH: run ./relay test"
    told = os.environ | {
        "RELAY_ORIGIN": product.base_url,
        "RELAY_FIREFOX": FIREFOX,
        "RELAY_PASSWORD": PASSWORD,
        "TMPDIR": str(folder),  # its profile; nothing of it stays
        "HOME": str(folder),
        "MOZ_WEBRENDER": "software",
    }
    if PICTURES:
        told["RELAY_PICTURES"] = str(SCREENS)
    done = subprocess.run(
        [node, STORIES / f"{story}.js"], env=told, capture_output=True, text=True, timeout=STUCK_AFTER_S, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_from_report_to_closing_in_firefox(product: Product, tmp_path: Path) -> None:
    said = dict(pair.split("=") for pair in play("reportToClosing", product, tmp_path).split())
    assert said["map"] in ("webgl", "canvas")  # headless Firefox has no WebGL2 on most machines: canvas then serves
    issue = product.rows("SELECT id FROM issues_issue WHERE number = %s", int(said["number"]))[0][0]
    names = [name for name in product.facts_of(str(issue)) if name.startswith("issue.")]
    assert (names[0], names[-1]) == ("issue.reported", "issue.closed")


@pytest.mark.mechanism("M01")
def test_what_a_phone_in_firefox_reports_without_a_network_arrives_once(product: Product, tmp_path: Path) -> None:
    statement = "SELECT count(*) FROM feed_fact WHERE name = 'issue.reported'"
    before = product.rows(statement)[0][0]
    play("phoneOffline", product, tmp_path)
    assert product.rows(statement)[0][0] == before + 1
