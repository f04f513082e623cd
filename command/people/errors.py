"""Refusals of people's access that the feed does not name."""

import math
from datetime import timedelta
from typing import ClassVar

from realtime.feed.errors import Refused


class TooManyAttempts(Refused):
    """Too many tries; says in how many seconds the next one is judged (`retry_after_s`)."""

    status: ClassVar[int] = 429
    title: ClassVar[str] = "尝试过于频繁"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(
            "session.too_many_attempts",
            f"尝试次数过多，请在 {math.ceil(seconds / 60)} 分钟后再试。",
            remedy="忘记密码请联系管理员。",
            extra={"retry_after_s": seconds},
        )


class TooManyScreens(Refused):
    """Too many screens wait for approval; says in how many seconds the first of them waits no more."""

    status: ClassVar[int] = 429
    title: ClassVar[str] = "等待配对的屏幕过多"

    def __init__(self, most: int, wait: timedelta) -> None:
        seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(
            "device.too_many_waiting",
            f"等待配对的屏幕已有 {most} 块，未配对的请在 {math.ceil(seconds / 60)} 分钟后再试。",
            remedy="请先由值班长为已显示配对码的屏幕完成配对；并请检查是否有设备在反复打开大屏页面。",
            extra={"retry_after_s": seconds},
        )
