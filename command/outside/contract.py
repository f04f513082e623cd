"""What an outside way is, what it takes and how a sending may end. Pure: no Django, no network.

Source: docs/outside.md.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from realtime.words import Word

FAILING_AFTER: Final = 3  # sendings that failed one after the other: from then on the desk is told


class OutsideWay(Word):
    """By what a message leaves the house. Each has a module of its name, with `send`."""

    PUSH = "push", "网页推送"
    SMS = "sms", "短信网关"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    VOICE = "voice", "语音网关"
    WECOM_GROUP = "wecom_group", "企业微信群"


CORP_APPS: Final = (OutsideWay.WECOM, OutsideWay.DINGTALK)  # an application of a house elsewhere: `corp` and `agent`


class Outcome(Word):
    """What came of a sending."""

    DELIVERED = "delivered", "已送出"  # the other side took it over
    NO_NUMBER = "no_number", "没有工作电话"
    NO_DEVICE = "no_device", "没有可推送的设备"
    GONE = "gone", "设备已停止接收推送"  # the push service knows the subscription no longer
    UNSEEN = "unseen", "设备没有收到"  # the push service took it over, and no device has told of it
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
    """How to reach the other side. `secret` is shown nowhere, not by `repr` either.

    address  of a push: the centre's own, by which a push service finds whom to ask
    corp     WeCom's corpid, DingTalk's AppKey; `agent`: the application there
    """

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
class PushDevice:
    """A browser that takes pushes: where its push service is, and its keys (RFC 8291). The address is a secret too."""

    id: UUID
    endpoint: str
    p256dh: bytes
    auth: bytes

    def __repr__(self) -> str:
        """Without address and keys."""
        return f"PushDevice({self.id})"


@dataclass(frozen=True, slots=True)
class Message:
    """All that leaves the house. `key`: the same each time it is sent again.

    to        the work telephone; of a push the person's id, which stays here; nothing for a group
    count     how many matters it tells of; number and place are the first one's
    attempts  which of ours it is for, and `device`: to which browser it goes; of a push only
    """

    key: str
    to: str
    text: str
    number: str
    place: str | None
    link: str | None
    count: int = 1
    attempts: tuple[UUID, ...] = ()
    device: PushDevice | None = None
