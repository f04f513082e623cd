"""What in a text leads to a person: numbers, plates, mail addresses, accounts, names that a word announces. Pure.

One reader for all who must know: masked texts (`masking`), and channels that may bring no such thing (`intake.doors`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from dispatch.matter.texts.numbers import Found, Kind, numbers_in
from dispatch.matter.texts.written import UNSEEN, Written, written

_GAP: Final = rf"[ .\-‐‑‒–—―·•‧・∙_/\\()\[\]【】〔〕「」《》<>“”\"':=+~*{UNSEEN}]{{0,3}}"
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LAST: Final = "学警挂港澳领试超"
_SIGN: Final = "[a-z0-9零〇一二三四五六七八九幺]"  # 浙E一二三四五: as it is dictated
_PLATE: Final = re.compile(
    rf"[{_PROVINCES}]{_GAP}[a-z]{_GAP}"
    rf"(?:{_SIGN}{{5,6}}|{_SIGN}{{4,5}}{_GAP}[{_LAST}]|{_SIGN}{{1,4}}{_GAP}{_SIGN}{{2,5}}[{_LAST}]?"
    rf"|{_SIGN}(?:{_GAP}{_SIGN}){{4,5}})(?![a-z0-9])"
)
_OTHER_PLATE: Final = re.compile(
    rf"(?:使{_GAP}\d{{6}}|wj{_GAP}[{_PROVINCES}]?{_GAP}[a-z0-9]{{5}}|wj{_GAP}\d{{2}}{_GAP}\d{{5}}"
    rf"|军{_GAP}[a-z]{_GAP}[a-z0-9]{{5,6}}|[{_PROVINCES}]{_GAP}\d{{2}}{_GAP}\d{{5}}"
    rf"|(?:浙江|江苏|上海|安徽|福建|江西|山东|北京|天津|广东|广西|湖南|湖北|河南|河北|四川|重庆|陕西|山西|云南|贵州)"
    rf"{_GAP}[a-z]{_GAP}[a-z0-9]{{5,6}})(?![a-z0-9])"
)
_SAID_PLATE: Final = re.compile(
    rf"(?:车牌|军牌|牌照|号牌|车号|牌号)(?:号码?|是|为)*\W{{0,3}}([a-z0-9](?:{_GAP}[a-z0-9]){{4,7}}[{_LAST}]?)(?![a-z0-9])"
)
_MAILBOX: Final = re.compile(r"[a-z0-9._%+\-]")
_HAN: Final = r"\u4e00-\u9fff"
# A domain in Chinese ends as the registry lists it: @小王。谢谢 names none.
_DOMAIN: Final = re.compile(
    rf" ?[a-z0-9\-{_HAN}]{{1,63}}(?:[.。][a-z0-9\-{_HAN}]{{1,63}}){{0,3}}[.。]"
    r"(?:中国|公司|网络|在线|中文网|网址|商城|集团|政务|公益)"
    r"| ?[a-z0-9\-]{1,63}(?: ?(?:[.。点]|[(\[]?dot[)\]]?) ?[a-z0-9\-]{2,63}){1,4}"
)
# A mailbox in Chinese is as long as a name: the words before it are not parted from it.
_HAN_MAILBOX: Final = re.compile(rf"[{_HAN}]{{1,4}}$")
_AT: Final = re.compile(r"@|[(\[]at[)\]]|＠|艾特|#(?=(?:qq|163|126|139|189|gmail|sina|outlook|hotmail|foxmail)\.)")
_DICTATED: Final = re.compile(  # zhang at x dot com
    r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64} +at +[a-z0-9\-]{1,63}"
    r"(?:(?: +dot +[a-z0-9\-]{2,63}){1,4}|(?:[.点][a-z0-9\-]{2,63}){0,3}[.点](?:com|cn|net|org)(?![a-z0-9]))"
)
_MOST_MAILBOX: Final = 64  # RFC 5321, 4.5.3.1.1
_ACCOUNT: Final = re.compile(
    r"(?:微 ?信|威信|薇信|v信|wechat|weixin|(?<![a-z0-9])(?:wx|vx|q ?q|tg|v(?= ?:))|加我? ?v|扣扣|企鹅|球球|绿泡泡"
    r"|钉钉|抖音|快手|支付宝|小红书|微博|whatsapp|telegram|skype)(?:群|号码|号|账号|帐号|id|同号|加我|加|搜|是|为|\W){0,6}"
    r"(\d(?:[ \-]?\d){4,14}|[a-z0-9_\-]{5,29})(?![a-z0-9_\-])"
)
_DOCUMENT: Final = re.compile(
    r"(?:护照|通行证|台胞证|回乡证|军官证|士兵证|警官证|驾驶证|驾照|行驶证|社保|医保|残疾证|居住证|居留证|身份证|病历|住院|统编)"
    r"(?:卡|号码|号|编号|是|为|军字第|\W){0,6}([a-z]{0,3} ?\d(?: ?[a-z0-9]){4,19}(?:\(\d\))?)(?![a-z0-9])"
)
# Of officers and soldiers: 军字第0123456号. A permit's number (建字第…) leads to a site.
_SOLDIER: Final = re.compile(r"[军士文警武政后参装海空沈兰济广成南北]字第\W{0,2}([a-z]{0,2}\d(?: ?\d){5,9})(?!\d)")
_PASSPORT: Final = re.compile(r"(?<![a-z0-9])([eg]\d{8}|e[a-hj-np-z]\d{7})(?![a-z0-9])")
_HONG_KONG: Final = re.compile(r"(?<![a-z0-9])([a-z]{1,2}\d{6} ?\([0-9a]\))")
_SERVICE: Final = re.compile(r"1[12]\d{1,3}|9[56]\d{2,4}|1238\d|1233\d|12[0-9]{3}")
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍"
)
_GIVEN: Final = rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
_NAME: Final = re.compile(
    rf"(?:姓名|名叫|叫做|名字[是为叫]?|走失老人|走失儿童|走失人员|失踪人员|失踪者)[ :：是为]{{0,3}}{_GIVEN}"
    r"(?=$|[^\u4e00-\u9fff]|[男女系在住的因等和与及])"
    rf"|(?:当事人|嫌疑人|报警人|举报人|来电人|车主|机主|户主|业主|住户|驾驶员|司机)"
    rf"(?:[ :：是]{{1,3}}{_GIVEN}(?=$|[^\u4e00-\u9fff]|[男女])"
    rf"|{_GIVEN}(?=[ ,，（(]{{0,2}}(?:[男女\d]|电话|手机|身份证)))"
    rf"|(?:当事人|嫌疑人|报警人|举报人|来电人|车主|机主|户主|业主|住户|驾驶员|司机|死者|伤者|老人|小孩|孩子)"
    rf"{_GIVEN}(?=[ ,，。；;（(、]|$|在|把|将|和|与|称|说|报)"
)
# 阿卜杜拉·买买提在路口; 绿城·桃花源社区 is a place.
_PARTED_NAME: Final = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,8}?)(?=在|说|称|驾|把|将|被|系|[（(,， ]{0,2}[男女])"
)
_PLACE: Final = re.compile(r"(?:社区|小区|村|路|街|苑|园|府|城|里|广场|大厦|店|馆|中心|学校|医院|站)$")
_TITLED: Final = re.compile(rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?=先生|女士|小姐)")
_UNNAMED: Final = "某"  # 张某, 王某某: written so as to name nobody
_LEAST_KNOWN: Final = 5  # digits; fewer would take house numbers along
_PLATE_SIGNS: Final = range(7, 9)  # province, letter and five or, for new-energy vehicles, six (GA 36-2018)
_NO_SEPARATOR: Final = f"[{UNSEEN} ·.]{{0,2}}"


def identifiers_in(text: str, *, phones: Sequence[str] = ()) -> list[Found]:
    """Everything in the text that leads to a person by its form, in its order; nothing overlaps.

    phones  numbers that are certain, in any writing: found in the text whatever their form
    """
    meant = written(text)
    known = [digits for phone in phones if len(digits := digits_of(phone)) >= _LEAST_KNOWN]
    ranked = [*_mails(meant), *_plates(meant), *numbers_in(meant, known), *_accounts(meant)]
    return _apart(ranked)


def names_in(text: str) -> list[Found]:
    """Names that a word announces (姓名：张三, 李四先生): a name alone is a word like any other, and is not found."""
    plain = written(text).plain
    spans = [match.span(match.lastindex or 0) for form in (_NAME, _TITLED) for match in form.finditer(plain)]
    spans += [match.span(1) for match in _PARTED_NAME.finditer(text) if not _PLACE.search(match[1])]
    named = ((start, end) for start, end in spans if _UNNAMED not in plain[start:end])
    return _apart(Found(start, end, Kind.NAME, plain[start] + "**") for start, end in named)


def replaced(text: str, found: Sequence[Found]) -> str:
    """The text with what was found replaced as it is shown."""
    pieces, at = [], 0
    for one in found:
        pieces += [text[at : one.start], one.shown]
        at = one.end
    return "".join([*pieces, text[at:]])


def digits_of(phone: str) -> str:
    """The digits of a number, however it is written."""
    return "".join(group.digits for group in written(phone).groups(spoken=True))


def name_form(name: str) -> re.Pattern[str]:
    """How a name may stand in a text: with blanks or dots between its characters."""
    return re.compile(_NO_SEPARATOR.join(re.escape(sign) for sign in name if not sign.isspace()))


def _mails(text: Written) -> Iterator[Found]:
    for sign in _AT.finditer(text.plain):
        domain = _DOMAIN.match(text.plain, sign.end())
        start = end = sign.start() - (text.plain[sign.start() - 1 : sign.start()] == " ")
        while start and end - start < _MOST_MAILBOX and _MAILBOX.match(text.plain[start - 1]):
            start -= 1
        if start == end and (han := _HAN_MAILBOX.search(text.plain, max(0, end - 4), end)):
            start = han.start()
        if domain and start < end:
            yield Found(start, domain.end(), Kind.MAIL, text.plain[start] + "***@***")

    for match in _DICTATED.finditer(text.plain):
        yield Found(match.start(), match.end(), Kind.MAIL, match[0][0] + "***@***")


def _plates(text: Written) -> Iterator[Found]:
    for match in _PLATE.finditer(text.plain):
        signs = [sign for sign in match[0] if sign.isalnum()]
        if len(signs) in _PLATE_SIGNS and any(sign.isnumeric() or sign == "幺" for sign in signs):
            yield _found(match, Kind.PLATE, signs[0] + signs[1].upper() + "*****", whole=True)
    for match in _OTHER_PLATE.finditer(text.plain):
        yield _found(match, Kind.PLATE, match[0][0].upper() + "*****", whole=True)
    for match in _SAID_PLATE.finditer(text.plain):
        if any(sign.isdecimal() for sign in match[1]):
            yield _found(match, Kind.PLATE, "*****")


def _accounts(text: Written) -> Iterator[Found]:
    for form in (_ACCOUNT, _DOCUMENT, _SOLDIER, _PASSPORT, _HONG_KONG):
        for match in form.finditer(text.plain):
            if not _SERVICE.fullmatch(match[1]):
                yield _found(match, Kind.ACCOUNT, match[1][0] + "****")


def _found(match: re.Match[str], kind: Kind, shown: str, *, whole: bool = False) -> Found:
    start, end = match.span(0 if whole else 1)
    return Found(start, end, kind, shown)


def _apart(ranked: Iterable[Found]) -> list[Found]:
    """Those that touch none before them, in the order of the text."""
    kept: list[Found] = []
    taken: set[int] = set()
    for one in ranked:
        if not taken.intersection(range(one.start, one.end)):
            kept.append(one)
            taken.update(range(one.start, one.end))
    return sorted(kept, key=lambda one: one.start)
