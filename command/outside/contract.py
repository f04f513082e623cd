"""What an outside way is, what it takes and how a sending may end. Pure: no Django, no network.

Source: docs/outside.md.
"""

from dataclasses import dataclass
from typing import Final

from realtime.words import Word

FAILING_AFTER: Final = 3  # sendings that failed one after the other: from then on the desk is told


class OutsideWay(Word):
    """By what a message leaves the house. Each has a module of its name, with `send`."""

    SMS = "sms", "短信网关"
    WECOM = "wecom", "企业微信"


class Outcome(Word):
    """What came of a sending."""

    DELIVERED = "delivered", "已送出"  # the other side took it over
    NO_NUMBER = "no_number", "没有工作电话"
    UNKNOWN_THERE = "unknown_there", "对方没有此人"
    REFUSED = "refused", "对方拒绝"
    SECRET_WRONG = "secret_wrong", "密钥不被接受"
    REDIRECTED = "redirected", "对方要求转到别处，已拒绝"
    ADDRESS_BARRED = "address_barred", "地址不允许"
    CERTIFICATE = "certificate", "证书不可信"
    TIMED_OUT = "timed_out", "超时"
    UNREACHABLE = "unreachable", "连不上"
    UNAVAILABLE = "unavailable", "对方故障"
    UNREADABLE = "unreadable", "回答无法识别"
    NOT_RECORDED = "not_recorded", "中途中断，结果不明"
    NOT_IN_USE = "not_in_use", "已停用"
    NOT_NEEDED = "not_needed", "已无须叫应"


AGAIN: Final = frozenset(
    {Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.UNAVAILABLE, Outcome.UNREADABLE, Outcome.NOT_RECORDED}
)
"""After these the same message may come through a little later."""
OF_THE_WAY: Final = AGAIN | {Outcome.SECRET_WRONG, Outcome.REDIRECTED, Outcome.ADDRESS_BARRED, Outcome.CERTIFICATE}
"""These say something of the way itself, not of the one who is called."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the other side. `corp` and `agent` are WeCom's; `secret` is shown nowhere, not by `repr` either."""

    way: OutsideWay
    address: str
    intranet: bool
    corp: str
    agent: int | None
    secret: str

    def __repr__(self) -> str:
        """Without the secret."""
        return f"Access({self.way}, {self.address})"


@dataclass(frozen=True, slots=True)
class Message:
    """All that leaves the house. `key`: the same each time it is sent again. `to`: the work telephone.

    count   how many matters it tells of; number and place are the first one's
    """

    key: str
    to: str
    text: str
    number: str
    place: str | None
    link: str | None
    count: int = 1
