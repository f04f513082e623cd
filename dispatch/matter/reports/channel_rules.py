"""What a channel may bring: the rules of its row (`ChannelRule`), kept by whatever door a report comes. Pure.

Source: docs/rules.md, channels; `command/channels/data/channels.csv` says which channel has which rule, and why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from command.catalogue.contract import Item
from command.channels.contract import Channel, ChannelRule
from dispatch.matter.texts import police_matters
from dispatch.matter.texts.identifiers import identifiers_in, names_in
from dispatch.matter.texts.identity import holds_identity_number
from dispatch.matter.texts.masking import Personal
from dispatch.matter.texts.numbers import Kind
from realtime.feed.codes import RefusalCode
from realtime.feed.errors import Invalid

RULE: Final = "事项·渠道"
_NUMBERED: Final = frozenset({Kind.IDENTITY, Kind.CARD, Kind.ACCOUNT})
_NOT_NUMBERED: Final = frozenset({ChannelRule.NO_IDENTITY_NUMBERS, ChannelRule.NAMES_NOBODY})


@dataclass(frozen=True, slots=True)
class Brought:
    """What a report brings beside its words.

    by_system  another system sends it, no person
    pictures   it has photos
    placed     it says where: a position, a cell or an address
    number     its sender's number
    """

    by_system: bool
    pictures: bool
    placed: bool
    number: str | None


def check(channel: Channel, item: Item, personal: Personal, brought: Brought, today: date) -> None:
    """Returns if the channel may bring this report. Raises Invalid that names the field, the rule and what to do."""
    rules, by_system = channel.rules, brought.by_system
    if ChannelRule.BY_HAND in rules and by_system:
        raise _refused(
            "report.by_hand", "channel", channel, "只能由人工录入，系统不能推送。", "请由工作人员阅看后在工作台录入。"
        )
    if ChannelRule.NO_POLICE_MATTERS in rules:
        _no_police_matter(channel, item, personal)
    if ChannelRule.NO_PARTIES_FROM_SYSTEMS in rules and by_system:
        named = next((at for at, party in enumerate(personal.parties) if party.name or party.phone), None)
        if named is not None:
            raise _refused(
                "report.parties_barred",
                f"parties.{named}",
                channel,
                "由系统推送时不带当事人的姓名和电话。",
                "请去掉当事人信息；受理后由工作人员联系来电人登记。",
            )
    if ChannelRule.NAMES_NOBODY in rules:
        _names_nobody(channel, personal)
    elif ChannelRule.NO_IDENTITY_NUMBERS in rules:
        _nothing_of(_NUMBERED, channel, personal)
    if rules & _NOT_NUMBERED and brought.number and holds_identity_number(brought.number, today):
        raise _refused(
            "report.identity_barred",
            "source_number",
            channel,
            f"不收可以识别个人的信息：来源编号是{Kind.IDENTITY.zh}。",
            "请填写贵系统中的工单或告警编号。",
        )
    if ChannelRule.NO_PICTURES in rules and brought.pictures:
        raise _refused(
            "report.pictures_barred",
            "photos",
            channel,
            "不收图片和画面。",
            "请去掉图片，只报事件和地点，由人员到场核实。",
        )
    if ChannelRule.PLACE_NEEDED in rules and not brought.placed:
        raise _refused("report.place_needed", "position", channel, "须写明地点。", "请提供位置坐标、网格编码或地址。")


def _no_police_matter(channel: Channel, item: Item, personal: Personal) -> None:
    remedy = (
        "违法犯罪和治安案件由公安机关依法办理，不推送；现场有危险的立即拨打110。"
        "确属案件之外的纠纷或求助，请选相应事项，文字只写需要协调的部分。"
    )
    if item.kind == police_matters.KIND:
        raise _refused("report.police_matter", "item", channel, f"不收「{item.item_zh}」：属警务事项。", remedy)
    for field, text in _texts(personal):
        word = police_matters.police_matter_in(text)
        if word is not None:
            raise _refused("report.police_matter", field, channel, f"不收警务事项：文字中有「{word}」。", remedy)


def _names_nobody(channel: Channel, personal: Personal) -> None:
    remedy = "请去掉可以识别个人的信息，只报事件、地点和时间；涉及的人由人员核实后登记。"
    for field, _ in _people(personal):
        what = "姓名" if field.endswith("name") else "电话号码"
        raise _refused("report.identity_barred", field, channel, f"不收可以识别个人的信息：{what}。", remedy)
    _nothing_of(frozenset(Kind), channel, personal)


def _nothing_of(kinds: frozenset[Kind], channel: Channel, personal: Personal) -> None:
    for field, text in (*_texts(personal), *_people(personal)):
        found = [one for one in (*identifiers_in(text), *names_in(text)) if one.kind in kinds]
        if found:
            raise _refused(
                "report.identity_barred",
                field,
                channel,
                f"不收可以识别个人的信息：{found[0].kind.zh}。",
                "请从文字中去掉后重新提交；需要核实身份的，由工作人员联系。",
            )


def _texts(personal: Personal) -> Iterator[tuple[str, str]]:
    yield "text", personal.text
    if personal.address:
        yield "address", personal.address
    for at, party in enumerate(personal.parties):
        if party.note:
            yield f"parties.{at}.note", party.note


def _people(personal: Personal) -> Iterator[tuple[str, str]]:
    """Names and telephone numbers: an identity number is written into them too."""
    given = [("reporter.name", personal.reporter_name), ("reporter.phone", personal.reporter_phone)]
    for at, party in enumerate(personal.parties):
        given += [(f"parties.{at}.name", party.name), (f"parties.{at}.phone", party.phone)]
    yield from ((field, value) for field, value in given if value)


def _refused(code: RefusalCode, field: str, channel: Channel, detail: str, remedy: str) -> Invalid:
    return Invalid(code, f"渠道「{channel.name_zh}」{detail}", field=field, rule=RULE, remedy=remedy)
