"""Names and telephone numbers of a report: what is none of them is not kept as one. Pure.

One rule for names with the lists of people and the forms of accounts (`gis.names`): a number, a date, a spreadsheet's
`#N/A` and 不详 are no names. A number of telephone has a digit. Source: docs/rules.md, channels.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from dispatch.matter.texts.identifiers import digits_of
from dispatch.matter.texts.masking import Party, Personal
from gis.names import cleaned, why_no_name
from realtime.feed.errors import Invalid

RULE: Final = "事项·人员"


@dataclass(frozen=True, slots=True)
class NoSuch:
    """A value that is not what its field asks for.

    field  of the report's form: `reporter.name`, `parties.0.phone`
    why    in Chinese, with the value
    """

    field: str
    what_zh: str
    why: str

    def refused(self, field: str) -> Invalid:
        """For somebody who can write it otherwise."""
        name = self.field.endswith("name")
        return Invalid(
            "name.not_a_name" if name else "person.phone_invalid",
            f"{self.why}。",
            field=field,
            rule=RULE,
            remedy=f"请填写{'真实的姓名' if name else '能拨打的号码'}；不知道的可不填，其他说明写在文字中。",
        )


def judged(personal: Personal) -> tuple[Personal, list[NoSuch]]:
    """The same with names as they are stored and without what is none; and what that was."""
    told = Party(personal.reporter_name, personal.reporter_phone)
    people = [
        ("reporter", "反映人", told),
        *((f"parties.{at}", "当事人", one) for at, one in enumerate(personal.parties)),
    ]
    wrong = [each for at, who, one in people for each in _wrong(at, who, one)]
    fields = {each.field for each in wrong}
    kept = [
        replace(
            one,
            name=cleaned(one.name) if one.name and f"{at}.name" not in fields else None,
            phone=one.phone if f"{at}.phone" not in fields else None,
        )
        for at, _, one in people
    ]
    mended = replace(personal, reporter_name=kept[0].name, reporter_phone=kept[0].phone, parties=tuple(kept[1:]))
    return mended, wrong


def told_beside(text: str, wrong: list[NoSuch]) -> str:
    """A system's text with what its names and numbers were said to be: nothing of a report is lost in silence."""
    return "\n".join([text, *(f"（来源所填{each.what_zh}未采用：{each.why}）" for each in wrong)])


def _wrong(at: str, who: str, one: Party) -> Iterator[NoSuch]:
    if one.name and (why := why_no_name(cleaned(one.name))):
        yield NoSuch(f"{at}.name", f"{who}姓名", why)
    if one.phone and not digits_of(one.phone):
        yield NoSuch(f"{at}.phone", f"{who}电话", f"「{one.phone}」里没有号码")
