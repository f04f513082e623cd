"""Which times a report may bring: what its device saw, when its sender had it. Pure.

Source: docs/rules.md, "Whose time". What happened on paper is judged by backfills.
"""

from datetime import datetime, timedelta
from typing import Final

from realtime.feed.errors import Invalid

RULE: Final = "计时·来源时间"
SKEW: Final = timedelta(minutes=10)  # how far another system's clock may go ahead of ours
DEVICE_SKEW: Final = timedelta(days=1)  # a phone in another zone, or set by hand: it moves nothing by it
OLDEST_SEEN: Final = timedelta(days=366)  # no phone keeps a report as long; a clock that was reset says 1970 or 2000
# No court protects what is older (Civil Code of the PRC, art. 188): an older time is a system's empty field or reset.
OLDEST_RECEIVED: Final = timedelta(days=7_305)  # 20 years


def check(observed_at: datetime | None, source_received_at: datetime | None, at: datetime) -> None:
    """Returns if both can be meant at `at`. Raises Invalid for a time to come or one too long past.

    When its sender had it may lie years back: a replay of another city's year, a court's old file.
    """
    for field, said, name, ahead, back, ago, source in (
        ("observed_at", observed_at, "设备记录的时间", DEVICE_SKEW, OLDEST_SEEN, "一年", "设备时钟"),
        ("source_received_at", source_received_at, "来源系统的接收时间", SKEW, OLDEST_RECEIVED, "二十年", "来源系统"),
    ):
        if said is not None and said > at + ahead:
            raise Invalid(
                "report.time_to_come",
                f"{name}晚于现在。",
                field=field,
                rule=RULE,
                remedy="请核对日期、时区和设备时钟后重新提交；不清楚的可不填。",
            )
        if said is not None and said < at - back:
            raise Invalid(
                "report.time_too_old",
                f"{name}早于{ago}以前。",
                field=field,
                rule=RULE,
                remedy=f"请核对{source}后重新提交；确为早先的事，请不填此项，写在文字中。",
            )
