"""The words of calls that leave the house: number, place, link, and nothing else. Source: docs/rules.md, "Calls"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from command.outside.contract import Message
from command.settings.registry import Settings
from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.issues.places import public_cell

MOST_NAMED: Final = 10  # of several matters in one message; of further ones it says how many there are


@dataclass(frozen=True, slots=True)
class Leaving:
    """All that leaves the house of an issue."""

    number: str
    place: str | None
    link: str | None


def leaving(issue: Issue, settings: Settings) -> Leaving:
    """All that is told of an issue; its `cell` and that cell's `parent` should be loaded.

    The place is a grid at the finest, by name; none of a sensitive issue, nor of one that lies nowhere. The link is the
    centre's own page, where who is called signs in; none where the centre has set no public address.
    Raises ValueError for an exercise, of which nothing ever leaves.
    """
    if issue.exercise:
        raise ValueError(f"nothing of exercise {issue.pk} leaves the house")
    cell = None if issue.sensitive else public_cell(issue.cell)
    link = f"{settings.public_url}/" if settings.public_url else None
    return Leaving(number_text(issue.number), cell.name if cell is not None else None, link)


def message_of(told: Mapping[UUID, Leaving], to: str, *, places: bool = True) -> Message:
    """One message for all that one person is to be told now.

    told    attempt's id → what leaves of it, in their order; not empty
    to      the work telephone of who is called, or what else the way calls by
    places  a group is told numbers alone

    Its key says which attempts it is for: of one it is that attempt's id, of several it is made from theirs. The same
    attempts sent again have the same key; others never have it, or one of them would be taken for sent.
    """
    key = next(iter(told)) if len(told) == 1 else uuid5(NAMESPACE_OID, ",".join(sorted(map(str, told))))
    matters = list({one.number: one if places else replace(one, place=None) for one in told.values()}.values())
    first = matters[0]
    asked = f"请登录 {first.link} 应答。" if first.link else "请打开系统应答。"
    text = f"叫应：{_named(matters)}等您应答，{asked}"
    return Message(str(key), to, text, first.number, first.place, first.link, len(matters), tuple(told))


def _named(matters: Sequence[Leaving]) -> str:
    if len(matters) == 1:
        return f"事项 {_one(matters[0])}"
    rest = "等" if len(matters) > MOST_NAMED else ""
    return f"{len(matters)} 件事项（{'、'.join(map(_one, matters[:MOST_NAMED]))}{rest}）"


def _one(matter: Leaving) -> str:
    return f"{matter.number}（{matter.place}）" if matter.place else matter.number
