"""What a centre may set for itself: names, defaults, bounds. Pure: no Django, no database.

Source: docs/rules.md, wherever ⚙ stands. A setting says what begins from now on; it never rewrites a running clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import WithJsonSchema

from realtime.feed.errors import Invalid

Value = bool | int | str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one centre at one moment, each as set, or its default."""

    dispatch_within_h: int = 24  # accepted → dispatched
    redispatch_within_h: int = 24  # no lead is left → a new one
    rework_within_h: int = 48  # a rework's own round
    handling_general_days: int = 5  # 一般
    handling_major_days: int = 15  # 重大, 特殊风险
    downgrade_floor_h: int = 24  # a downgrade is not due before now plus this
    amber_share: int = 80  # of a clock's allowance, in percent: from there on its light is amber
    suspend_max_days: int = 30
    suspend_warn_percent: int = 80
    archive_after_days: int = 30
    relay_next_contact_percent: int = 50
    relay_lead_percent: int = 80
    backfill_days: int = 7  # how far back what happened on paper may lie
    hop_budget_min: int = 15  # warns; the 60 minutes judge
    answer_wanted_days: int = 30  # after a decline or a closing: then who was not answered is listed no longer
    unseen_kept_days: int = 14  # then nobody is told any more that something has changed
    township_accepts: bool = False  # a township's desk may accept what it holds
    resident_reports_per_hour: int = 60  # from one address: a mobile network puts hundreds behind one
    resident_reports_per_grid_hour: int = 240
    public_url: str = ""  # where inhabitants reach the centre: on posters, slips and in QR codes
    session_hours: int = 24  # a sign-in goes on so long after its last use: a shift, at least
    draft_kept_days: int = 7  # what is half written on a device
    far_point_km: int = 300  # a point farther outside the centre's extent is a mistake
    situation_kept_days: int = 90  # files and all; the facts they were counted from stay
    disk_warn_percent: int = 80  # of a disk that the product writes to: a full one stops every command
    call_new_orders: bool = True
    call_forwards: bool = True
    call_urgent_reports: bool = True
    call_returns: bool = True
    call_dangers: bool = True  # words of danger that come after the report
    call_receiver_wait_min: int = 5  # the named receiver; then the next rung is called too
    call_messages: bool = True  # that need an answer
    call_verification_at: str = "08:30"  # of each day: for answers that waited overnight; empty: nobody is called
    call_liaison_wait_min: int = 10  # then the next rung is called too
    call_deputy_wait_min: int = 10
    call_head_wait_min: int = 10
    call_desk_wait_min: int = 5  # duty officers, and the duty lead
    call_urgent_wait_min: int = 3  # each rung, of an urgent matter
    call_again_min: int = 10  # after a telephone call that reached nobody
    call_outside_after_s: int = 30  # a page that has not shown a call by then: the outside ways are taken
    call_outside_tries: int = 3
    call_attempts_kept_days: int = 90  # the facts stay
    message_chars: int = 1000  # of a message within a matter
    messages_per_hour: int = 60  # of one person: it is no chat
    message_answer_days: int = 30  # how far ahead an answer may be asked for
    centre_phone: str = ""  # shown to residents, and on receipts


@dataclass(frozen=True, slots=True)
class Definition:
    """What a setting is called, counted in, and between which bounds it lies (a text: its length)."""

    name: str
    name_zh: str
    unit_zh: str  # "" for what is not counted
    default: Value
    least: int
    most: int


_HOST: Final = re.compile(
    r"[0-9a-z\u4e00-\u9fff]([0-9a-z\u4e00-\u9fff.-]*[0-9a-z\u4e00-\u9fff])?|[0-9a-f:.]+"
)  # a name (政务.中国 too), an IPv4 or an IPv6 address
# What ends in a number is an address to a browser (WHATWG URL, 3.5): 0x7f.1 and 2130706433 are 127.0.0.1.
_NUMBERED: Final = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)")
_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
TIMES_OF_DAY: Final = frozenset({"call_verification_at"})
DEMONSTRATION: Final = "127.0.0.1"  # where `./relay up` opens the demonstration: its signs are for who tries it here
_KIND_ZH: Final[Mapping[type, str]] = {bool: "是或否", int: "整数", str: "文字"}
_WORDS: Final[Mapping[str, tuple[str, str, int, int]]] = {
    "dispatch_within_h": ("受理到派遣的时限", "小时", 1, 240),
    "redispatch_within_h": ("改派的时限", "小时", 1, 240),
    "rework_within_h": ("返工的时限", "小时", 1, 240),
    "handling_general_days": ("一般事项的处置时限", "天", 1, 60),
    "handling_major_days": ("重大事项和特殊风险的处置时限", "天", 1, 90),
    "downgrade_floor_h": ("降级后至少还有的时间", "小时", 0, 240),
    "amber_share": ("时限用去多少起为将超限（黄灯）", "%", 1, 99),
    "suspend_max_days": ("一次挂账的最长期限", "天", 1, 180),
    "suspend_warn_percent": ("挂账到期前的提醒", "%", 1, 99),
    "archive_after_days": ("结案到归档", "天", 1, 365),
    "relay_next_contact_percent": ("上传下达：通知下一联系人", "%", 1, 98),
    "relay_lead_percent": ("上传下达：通知值班长", "%", 2, 99),
    "backfill_days": ("补录可以追溯的时间", "天", 1, 31),
    "hop_budget_min": ("每一跳的预算时间", "分钟", 1, 60),
    "answer_wanted_days": ("不予受理、结案后列入待答复的期限", "天", 1, 365),
    "unseen_kept_days": ("新情况标记的保留时间", "天", 1, 90),
    "township_accepts": ("镇街值班可以受理", "", 0, 1),
    "resident_reports_per_hour": ("同一网络地址每小时可自助上报", "件", 1, 10_000),
    "resident_reports_per_grid_hour": ("同一网格每小时可自助上报", "件", 1, 10_000),
    "public_url": ("公开网址", "", 0, 200),
    "session_hours": ("最后一次操作后保持登录的时间", "小时", 24, 168),
    "draft_kept_days": ("写到一半的内容的保留时间", "天", 1, 30),
    "far_point_km": ("离辖区多远的位置不采用", "公里", 20, 5000),
    "situation_kept_days": ("态势报告的保留时间", "天", 1, 730),
    "disk_warn_percent": ("磁盘用量提醒", "%", 10, 99),
    "call_new_orders": ("新派遣单要叫应", "", 0, 1),
    "call_forwards": ("转办要叫应", "", 0, 1),
    "call_urgent_reports": ("紧急上报要叫应", "", 0, 1),
    "call_returns": ("退单申请要叫应", "", 0, 1),
    "call_dangers": ("补充中有险情要叫应", "", 0, 1),
    "call_receiver_wait_min": ("指定接收人多久不应答，叫应当班的人", "分钟", 1, 60),
    "call_messages": ("要求答复的留言要叫应", "", 0, 1),
    "call_verification_at": ("每天几点叫应过夜未核查的反馈（如 08:30，留空不叫）", "", 0, 5),
    "call_liaison_wait_min": ("联络员多久不应答，叫应下一级", "分钟", 1, 60),
    "call_deputy_wait_min": ("副职多久不应答，叫应下一级", "分钟", 1, 60),
    "call_head_wait_min": ("负责人多久不应答，叫应值班长", "分钟", 1, 60),
    "call_desk_wait_min": ("值班员、值班长多久不应答，转下一步", "分钟", 1, 60),
    "call_urgent_wait_min": ("紧急事项每级等多久", "分钟", 1, 30),
    "call_again_min": ("电话未接、空号后多久再拨", "分钟", 1, 120),
    "call_outside_after_s": ("页面多久没有显示叫应，改走外部通道", "秒", 10, 600),
    "call_outside_tries": ("外部通道一条消息最多送几次", "次", 1, 5),
    "call_attempts_kept_days": ("叫应明细的保留时间", "天", 7, 730),
    "message_chars": ("一条留言最多多少字", "字", 50, 2000),
    "messages_per_hour": ("一人一小时最多留言", "条", 5, 1000),
    "message_answer_days": ("留言要求答复的时间最远多少天", "天", 1, 90),
    "centre_phone": ("中心电话", "", 0, 40),
}
DEFINITIONS: Final[Mapping[str, Definition]] = {
    field.name: Definition(
        field.name,
        _WORDS[field.name][0],
        _WORDS[field.name][1],
        getattr(Settings(), field.name),
        *_WORDS[field.name][2:],
    )
    for field in fields(Settings)
}
LONGEST: Final = max(each.most for each in DEFINITIONS.values() if isinstance(each.default, str))  # of a text


SettingName = Annotated[str, WithJsonSchema({"type": "string", "enum": [*DEFINITIONS]})]


def of_rows(rows: Mapping[str, Value]) -> Settings:
    """The settings that these rows make, defaults elsewhere. Rows of settings that are no more are left out."""
    return Settings(**{name: value for name, value in rows.items() if name in DEFINITIONS})  # type: ignore[arg-type]


def checked(name: str, value: Value, among: Settings) -> Value:
    """The value as stored. Raises Invalid for an unknown name, another kind of value, or one outside its bounds.

    among  the settings it is to stand with: the next contact is told before the lead is
    """
    definition = DEFINITIONS.get(name)
    if definition is None:
        raise Invalid("setting.unknown", f"没有设置项「{name}」。", field="name", remedy="请使用设置页列出的名称。")
    if type(value) is not type(definition.default):
        raise _refused(
            definition, f"「{definition.name_zh}」须为{_KIND_ZH[type(definition.default)]}。", "请按此填写。"
        )
    if isinstance(value, str):
        value = value.strip()
        if not definition.least <= len(value) <= definition.most:
            said = f"「{definition.name_zh}」有 {len(value)} 个字，不超过 {definition.most} 个。"
            raise _refused(definition, said, "请改短。")
        if not value.isprintable():
            raise _refused(definition, f"「{definition.name_zh}」含有不可显示的字符。", "请去掉换行和控制字符。")
        if name == "public_url" and value:
            value = _public_url(definition, value)
        if name in TIMES_OF_DAY and value and not _TIME_OF_DAY.fullmatch(value):
            raise _refused(definition, f"「{value}」不是一天里的时间。", "请按 24 小时制填写时和分，例如 08:30。")
    elif not definition.least <= value <= definition.most:
        bounds = f"{definition.least} 至 {definition.most} {definition.unit_zh}".strip()
        raise _refused(definition, f"「{definition.name_zh}」须在 {bounds} 之间。")
    contact = value if name == "relay_next_contact_percent" else among.relay_next_contact_percent
    lead = value if name == "relay_lead_percent" else among.relay_lead_percent
    if int(contact) >= int(lead):
        raise _refused(definition, "通知下一联系人的比例须小于通知值班长的比例。")
    return value


def _public_url(definition: Definition, given: str) -> str:
    """The address without a slash at its end. Raises Invalid for one that no telephone could open."""
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not plain or port == 0 or not _HOST.fullmatch(host):
        raise _refused(
            definition,
            "公开网址须以 http:// 或 https:// 开头，后面只写域名或地址，可以带端口。",
            "例如 https://zzzx.example.gov.cn。",
        )
    if _NUMBERED.fullmatch(host) and _address(host) is None:
        raise _refused(
            definition,
            f"「{host}」是改写成数字的地址，看不出通向哪里。",
            "请填写域名，或四段十进制数写成的地址。",
        )
    if _only_here(host):
        raise _refused(
            definition,
            f"「{host}」只在本机打得开，居民的手机打不开。",
            "请填写居民用手机能打开的域名或地址。",
        )
    return given.rstrip("/").replace(parts.netloc, parts.netloc.lower())


def _only_here(host: str) -> bool:
    """Whether no other machine could open it: a name without a dot, this machine; the demonstration's may."""
    if host == DEMONSTRATION:
        return False
    address = _address(host)
    if address is None:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan"))
    return address.is_loopback or address.is_unspecified or address.is_link_local


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is written as; None for a name."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _refused(definition: Definition, detail: str, remedy: str = "请改为范围之内的值。") -> Invalid:
    return Invalid("setting.invalid", detail, field=definition.name, rule="设置", remedy=remedy)
