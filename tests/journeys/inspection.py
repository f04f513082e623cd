"""Looks a screen over as it stands: axe's rules, and what a picture would show to be wrong in its layout.

No picture is compared with a stored one: fonts differ between machines. docs/decisions/0014 says what is instead.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.journeys.glass import DRAWN_WITHIN_MS, MAPS_ARE_DRAWN, SCREENS, Glass

HERE: Final = Path(__file__).resolve().parent
STATES: Final = SCREENS / "states"
AXE: Final = HERE.parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LAYOUT: Final = (HERE / "inspection.js").read_text(encoding="utf-8")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AUDIT: Final = """async (rules) => {
  const { violations } = await window.axe.run(document, { runOnly: { type: 'tag', values: rules } })
  const why = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message)[0] ?? ''
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${why(node)}`))
}"""
SETTLED: Final = """async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
}"""

SCROLLS: Final = """(by) => {
  const above = (one) => {
    for (let outer = one.parentElement; outer; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowY === 'auto' && outer.scrollHeight > outer.clientHeight) return outer
    }
    return null
  }
  const stuck = [...document.querySelectorAll('body *')].filter((one) => getComputedStyle(one).position === 'sticky')
  const moved = [...new Set(stuck.map(above))].filter((one) => {
    const before = one?.scrollTop
    one?.scrollBy(0, by)
    return one && one.scrollTop !== before
  })
  return moved.length > 0
}"""
STEP_PX: Final = 90  # more than a control is high


def faults_of_layout(page: Page) -> list[str]:
    """What runs off the screen, is cut, or is covered by something else."""
    faults: list[str] = page.evaluate(LAYOUT)
    return faults


def breaches_of_access(page: Page) -> list[str]:
    """What breaks a rule of WCAG 2.2 A or AA that axe can tell."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE.read_text(encoding='utf-8')} }}")
    breaches: list[str] = page.evaluate(AUDIT, RULES)
    return breaches


class Inspector:
    """Goes from screen to screen and notes what is wrong; `ends` raises for all of it at once."""

    def __init__(self, *, pictures: bool = False) -> None:
        """pictures   whether each state is also kept for docs/screens/states"""
        self._found: list[str] = []
        self._pictures = pictures

    def looks_at(self, glass: Glass, state: str) -> None:
        """One screen in one state, in light and dark."""
        page = glass.page
        page.evaluate(SETTLED)
        self._note(state, self._judged(page, faults_of_layout))
        if self._pictures:
            self._takes_a_picture(page, state)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            self._note(f"{state}, {scheme}", self._judged(page, breaches_of_access))
        page.emulate_media(color_scheme="light")

    def _judged(self, page: Page, judge: Callable[[Page], list[str]]) -> list[str]:
        """What is wrong wherever one has scrolled to: under a foot that sticks lies something at each place."""
        faults = judge(page)
        if faults and page.evaluate(SCROLLS, STEP_PX):
            still = judge(page)
            page.evaluate(SCROLLS, -STEP_PX)
            return [fault for fault in faults if fault in still]
        return faults

    def ends(self) -> None:
        """Raises AssertionError with all that was found."""
        assert self._found == [], "\n".join(self._found)

    def _takes_a_picture(self, page: Page, state: str) -> None:
        page.wait_for_function(MAPS_ARE_DRAWN, timeout=DRAWN_WITHIN_MS)
        size = page.viewport_size
        assert size is not None
        STATES.mkdir(parents=True, exist_ok=True)
        name = "-".join(re.findall(r"[a-z]+", state.lower()))
        page.screenshot(path=STATES / f"{name}-{size['width']}.jpg", type="jpeg", quality=60, timeout=DRAWN_WITHIN_MS)

    def _note(self, state: str, faults: list[str]) -> None:
        self._found += [f"{state}: {fault}" for fault in dict.fromkeys(faults)]
