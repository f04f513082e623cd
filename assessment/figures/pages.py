"""What is written from the dictionary: docs/figures.md, and names and conditions for the screens. Pure."""

import json
from typing import Final

from assessment.dictionary import FIGURES, Figure, Group, Sensitive

PAGE: Final = "docs/figures.md"
SCRIPT: Final = "frontend/src/shared/words/figures.ts"
_TITLES: Final = {
    Group.NOW: "This moment",
    Group.DESK: "Lists of a desk",
    Group.WALL: "Lists of the wall",
    Group.TODAY: "Today",
    Group.RELAY: "The relay's 60 minutes",
    Group.PERIOD: "A situation report's own",
}
_SENSITIVE: Final = {
    Sensitive.BESIDE: "beside",
    Sensitive.IN: "in",
    Sensitive.ONLY: "only",
    Sensitive.OUT: "out",
}
_HEAD: Final = """# Figures

Written by `./relay generate` from `assessment/dictionary.py`; don't edit it here. The law:
[rules](rules.md), "Figures".

* A name means one thing on every screen, wall, report and export; two things have two names.
* Exercises 演练 and voided issues are in none. Of what is merged only the target is open; the merged report's relay up
  counts.
* `sensitive` says where sensitive issues are: `beside` (not in it; 另有敏感 n 件 stands beside the total), `in` (the
  desk's own lists), `out`, `only`. So 在办 + 敏感在办 is the same on every screen at one position of the feed.
* A rate is on time ÷ all that were due: what ended, and what is breached and still runs, from the second of the breach.
  One decimal, half up; "—" without a denominator; numerator and denominator beside it.
* Figures of this moment are counted live on each screen, by one function, from conditions that stand in the dictionary;
  `GET /situation` counts the same at its `seq`. Figures of today and the relay's are counted by the server alone, once
  for all who ask; `GET /situation/{code}/rows` has the rows of each.
"""


def page() -> str:
    """docs/figures.md."""
    parts = [_HEAD]
    for group, title in _TITLES.items():
        parts.append(
            f"\n## {title}\n\n| code | name | counts | since | sensitive | opens |\n|---|---|---|---|---|---|\n"
        )
        parts += [_line(figure) for figure in FIGURES if figure.group is group]
    return "".join(parts)


def _line(figure: Figure) -> str:
    cells = (f"`{figure.code}`", figure.zh, figure.counts, figure.since, _SENSITIVE[figure.sensitive], figure.rows)
    return "| " + " | ".join(cells) + " |\n"


def script() -> str:
    """frontend/src/shared/words/figures.ts."""
    names = "".join(f"  {figure.code}: {_text(figure.zh)},\n" for figure in FIGURES)
    conditions = "".join(_condition(figure) for figure in FIGURES if figure.condition is not None)
    return (
        "/** Written by `./relay generate` from assessment/dictionary.py; docs/figures.md tells each. */\n\n"
        f"export const FIGURES = {{\n{names}}} as const\n\nexport type FigureCode = keyof typeof FIGURES\n\n"
        "/** Which open issues a figure of this moment counts: all that is given must hold. */\n"
        "export interface Condition {\n  states: readonly string[]\n  light?: 'amber' | 'red'\n  urgent?: true\n}\n\n"
        f"export const CONDITIONS = {{\n{conditions}}} as const satisfies Readonly<Record<string, Condition>>\n"
    )


def _condition(figure: Figure) -> str:
    condition = figure.condition
    if condition is None:
        return ""
    parts = [f"states: [{', '.join(_text(state) for state in condition.states)}]"]
    parts += [f"light: {_text(condition.light)}"] if condition.light else []
    parts += ["urgent: true"] if condition.urgent else []
    return f"  {figure.code}: {{ {', '.join(parts)} }},\n"


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace('"', "'")
