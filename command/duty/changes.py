"""What is asked of a roster in one act, and whether it may be. Pure but for the words of refusals.

An act is whole: a swap is an absence and a shift, a changed line one that goes and one that comes.
Each refusal names the line by its place in what was asked (`dated.0.ends_at`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from command.duty.law import DAY_MIN, Dated, Weekly, overlaps_of_dates, overlaps_of_week
from realtime.feed.errors import Conflict, Invalid

LONGEST: Final = timedelta(hours=24)
LONGEST_ABSENCE: Final = timedelta(days=366)
FARTHEST: Final = timedelta(days=366)  # a roster is published no further ahead
RULE: Final = "值班·值班表"
WEEKDAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Changes:
    """What goes and what comes. own_days: no weekly shift begins on them from now on; shared_days: again they do."""

    remove: tuple[UUID, ...] = ()
    weekly: tuple[Weekly, ...] = ()
    dated: tuple[Dated, ...] = ()
    own_days: tuple[date, ...] = ()
    shared_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a post matters here: its holder's name, whether it is of the unit and held, whether it can answer."""

    name: str
    of_unit: bool
    held: bool
    answers: bool


def must_be_good(asked: Changes, posts: Mapping[UUID, Standing], at: datetime, here: tzinfo) -> None:
    """Returns if each line alone may stand on the unit's roster. Raises Invalid, with the line's place."""
    if not any((asked.remove, asked.weekly, asked.dated, asked.own_days, asked.shared_days)):
        raise Invalid("roster.nothing_asked", "没有要改动的内容。", rule=RULE, remedy="请先添加、修改或删除班次。")
    for place, one in enumerate(asked.weekly):
        if not 0 < one.minutes <= DAY_MIN:
            raise _length(f"weekly.{place}.minutes", one.minutes / 60)
        _must_stand(f"weekly.{place}.post", posts.get(one.post))
    for place, shift in enumerate(asked.dated):
        _must_last(f"dated.{place}", shift, at, here)
        _must_stand(f"dated.{place}.post", posts.get(shift.post), absent=shift.kind is None)
    today = at.astimezone(here).date()
    for name, days in (("own_days", asked.own_days), ("shared_days", asked.shared_days)):
        for place, day in enumerate(days):
            if not today <= day <= today + FARTHEST:
                raise Invalid(
                    "roster.out_of_time",
                    f"{day:%Y-%m-%d} 已经过去，或在一年以后。",
                    field=f"{name}.{place}",
                    rule=RULE,
                    remedy="请选择今天起一年内的日期。",
                )


def must_not_overlap(
    weekly: Sequence[Weekly], dated: Sequence[Dated], posts: Mapping[UUID, Standing], here: tzinfo
) -> None:
    """Returns if no post has two shifts at once, once all is done. Raises Conflict that names who and when."""
    if week := overlaps_of_week(weekly):
        one, other = weekly[week.first], weekly[week.second]
        raise _overlap(posts, one.post, f"每周{said_weekly(one)}", f"每周{said_weekly(other)}")
    if dates := overlaps_of_dates(dated):
        former, later = dated[dates.first], dated[dates.second]
        raise _overlap(posts, former.post, said_dated(former, here), said_dated(later, here))


def said_weekly(one: Weekly) -> str:
    """`一 08:00–次日 08:00`."""
    return f"{WEEKDAYS[one.weekday]} {said_clock(one.from_min)}–{_clock_after(one.from_min + one.minutes)}"


def said_dated(one: Dated, here: tzinfo) -> str:
    """`10 月 1 日 08:00–次日 08:00 班次`, `10 月 1 日 08:00–10 月 3 日 08:00 缺勤`."""
    start, end = one.starts_at.astimezone(here), one.ends_at.astimezone(here)
    days = (end.date() - start.date()).days
    if days == 1 and (end.hour, end.minute) == (0, 0):
        until = "24:00"
    else:
        until = f"{end:%H:%M}" if days == 0 else f"次日 {end:%H:%M}" if days == 1 else f"{_day(end)} {end:%H:%M}"
    return f"{_day(start)} {start:%H:%M}–{until} {'班次' if one.kind else '缺勤'}"


def _must_last(field: str, shift: Dated, at: datetime, here: tzinfo) -> None:
    lasts = shift.ends_at - shift.starts_at
    if not timedelta() < lasts <= (LONGEST if shift.kind else LONGEST_ABSENCE):
        hours = lasts / timedelta(hours=1)
        raise _length(f"{field}.ends_at", hours) if shift.kind or hours <= 0 else _absence(f"{field}.ends_at")
    if shift.ends_at <= at:
        raise Invalid(
            "roster.out_of_time",
            f"{said_dated(shift, here)}已经过去。",
            field=f"{field}.ends_at",
            rule=RULE,
            remedy="过去的值班不再改动；请填写现在以后的时间。",
        )
    if shift.starts_at > at + FARTHEST:
        raise Invalid(
            "roster.out_of_time",
            "开始时间在一年以后。",
            field=f"{field}.starts_at",
            rule=RULE,
            remedy="值班表最多排到一年以内，请核对年份。",
        )


def _must_stand(field: str, post: Standing | None, *, absent: bool = False) -> None:
    if post is None or not post.of_unit:
        raise Invalid(
            "roster.post_elsewhere",
            f"「{post.name}」的岗位不在这个单位。" if post else "这个单位没有这个岗位。",
            field=field,
            rule=RULE,
            remedy="值班表只能排本单位的在任岗位；请先由管理员任命。",
        )
    if not absent and (not post.held or not post.answers):
        why = "不能应答叫应" if post.held else "已离任"
        raise Invalid(
            "roster.post_answers_nothing",
            f"「{post.name}」的这个岗位{why}，不能排班。",
            field=field,
            rule=RULE,
            remedy="请选择在任的联络员、镇街值班、值班员、值班长或领导。",
        )


def _length(field: str, hours: float) -> Invalid:
    said = f"{hours:.1f}".removesuffix(".0")
    return Invalid(
        "roster.length_invalid",
        f"这个班次为 {said} 小时；一个班次须长于 0、不超过 24 小时。",
        field=field,
        rule=RULE,
        remedy="请核对起止时间；更长的值守请分成几个班次。",
    )


def _absence(field: str) -> Invalid:
    return Invalid(
        "roster.length_invalid",
        "缺勤超过一年。",
        field=field,
        rule=RULE,
        remedy="请核对起止时间；不再任职的，请由管理员结束岗位。",
    )


def _overlap(posts: Mapping[UUID, Standing], post: UUID, one: str, other: str) -> Conflict:
    return Conflict(
        "roster.overlap",
        f"「{posts[post].name}」的「{one}」与「{other}」时间重叠。",
        field="post",
        rule=RULE,
        remedy="同一岗位同一时间只能有一个班次；请先删除或修改其中一个。",
    )


def said_clock(minute: int) -> str:
    """`08:30`, of the minutes since midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _clock_after(minute: int) -> str:
    return said_clock(minute) if minute <= DAY_MIN else f"次日 {said_clock(minute - DAY_MIN)}"


def _day(at: datetime) -> str:
    return f"{at.month} 月 {at.day} 日"
