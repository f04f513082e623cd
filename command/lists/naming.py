"""Looks up what a person wrote: by code, by name, by place and name. A name that fits two is told with both. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from command.lists.contract import some
from gis.names import folded

_STEPS: Final = str.maketrans(dict.fromkeys("／\\＼>＞→", "/"))
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named(Generic[T]):
    """Something by its code and its names. `above`: names and codes of the places that hold it, outermost first."""

    thing: T
    code: str
    names: tuple[str, ...]
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def shown(self) -> str:
        """`河湾镇/枫渚社区（代码 330199001002）`."""
        steps = [names[0] for names in self.above[1:]]  # the district is said by nobody
        return f"{'/'.join([*steps, self.names[0]])}（代码 {self.code}）"

    @property
    def path(self) -> str:
        """`河湾镇/枫渚社区`, as one may write it."""
        return "/".join([*(names[0] for names in self.above[1:]), self.names[0]])


class Names(Generic[T]):
    """Things by what they are called."""

    def __init__(self, named: Iterable[Named[T]]) -> None:
        self._by_code: dict[str, list[Named[T]]] = defaultdict(list)
        self._by_name: dict[str, list[Named[T]]] = defaultdict(list)
        for one in named:
            self._by_code[folded(one.code)].append(one)
            joined = {folded(names[0] + name) for names in one.above[-1:] for name in one.names}
            for name in {folded(name) for name in one.names} | joined:
                self._by_name[name].append(one)

    def find(self, text: str) -> Sequence[Named[T]]:
        """All that a text fits: none, one, or several between which nobody but its writer can choose.

        A code goes before names. `镇/社区` names by place: each step before the last must be a name or code above.
        """
        *steps, last = [folded(step) for step in text.translate(_STEPS).split("/")]
        if not last:
            return ()
        found = [*self._by_code.get(last, ())] or [*self._by_name.get(last, ())]
        return [one for one in found if _lies_in(one, steps)]


def why_not_one(found: Sequence[Named[T]], text: str, what: str) -> tuple[str, str] | None:
    """Why a look-up gave no single thing, and what to do; None when it did."""
    if not found:
        return f"没有{what}「{text}」。", "请填写代码、名称，或「镇街/社区」这样带上级的名称。"
    if len(found) > 1:
        paths = sorted({one.path for one in found})
        remedy = f"请填写代码，或写成「{paths[0]}」。" if len(paths) == len(found) else "请填写代码。"
        return f"「{text}」有 {len(found)} 个：{some((one.shown for one in found), most=4)}。", remedy
    return None


def narrowed(found: Sequence[Named[T]], fits: Callable[[T], bool]) -> Sequence[Named[T]]:
    """Of several, those that what else stands in the row leaves possible; all, when it leaves none."""
    return [one for one in found if fits(one.thing)] or found


def _lies_in(one: Named[T], steps: Sequence[str]) -> bool:
    """Whether the steps stand above, in this order, some left out."""
    waiting = list(steps)
    for names in one.above:
        if waiting and waiting[0] in {folded(name) for name in names}:
            waiting.pop(0)
    return not waiting
