"""Names that several bear, told apart by what differs: where each lies, or else its code; as screens do it. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def apart(names: Mapping[Key, str], *tellings: Mapping[Key, str]) -> dict[Key, str]:
    """What each is called: its name alone where nobody else bears it, else with what tells it from its namesakes.

    tellings  what may differ, the plainest first; "" tells nothing; the last one always does
    """
    bearers: dict[str, list[Key]] = defaultdict(list)
    for key, name in names.items():
        bearers[name].append(key)
    called = dict(names)
    for name, group in bearers.items():
        if len(group) > 1:
            telling = next((each for each in tellings if _differs(each, group)), tellings[-1])
            called |= {key: f"{name}（{telling[key]}）" for key in group}
    return called


def above(path: str, names: Mapping[str, str]) -> str:
    """The names of the places that hold a path, the widest first; the district, which holds them all, left out."""
    steps = path.split("/")
    upper = ["/".join(steps[:depth]) for depth in range(2, len(steps))]
    return "/".join(filter(None, (names.get(one, "") for one in upper)))


def _differs(telling: Mapping[Key, str], group: list[Key]) -> bool:
    said = [telling[key] for key in group]
    return all(said) and len(set(said)) == len(group)
