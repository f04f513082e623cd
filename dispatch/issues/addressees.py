"""Whom orders can be sent to: units of the centre that somebody answers for, each named once."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from command.organisations.queries import units
from command.people.queries import units_with_liaison
from realtime.feed.errors import Invalid

RULE: Final = "派遣单·下发"
MAX_ASSISTS: Final = 20


def check_addressees(lead: UUID, assists: Sequence[UUID], *, centre_id: UUID) -> None:
    """Returns if a lead order and assist orders can go to these units. Two statements.

    Raises Invalid for a unit that is unknown or retired, named twice, or without an active liaison, and says which.
    """
    if len(assists) > MAX_ASSISTS:
        raise _refuse("order.too_many_assists", f"协办单位最多 {MAX_ASSISTS} 个。", "assists", "请减少协办单位。")
    if len({lead, *assists}) != 1 + len(assists):
        raise _refuse("order.unit_twice", "同一单位不能在一次派遣中出现两次。", "assists", "请去掉重复的单位。")
    known = {unit.id: unit for unit in units(centre_id)}
    answering = units_with_liaison(centre_id)
    for unit_id in (lead, *assists):
        field = "unit" if unit_id == lead else "assists"
        unit = known.get(unit_id)
        if unit is None:
            raise _refuse("unit.unknown", "没有这个单位，或已停用。", field, "请从单位列表中选择。")
        if unit_id not in answering:
            raise _refuse(
                "unit.no_liaison",
                f"{unit.name}目前没有在岗联络员，不能派遣。",
                field,
                "请改派其他单位，或先由管理员补上联络员。",
            )


def _refuse(code: str, detail: str, field: str, remedy: str) -> Invalid:
    return Invalid(code, detail, field=field, rule=RULE, remedy=remedy)
