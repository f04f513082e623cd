"""A text suggests items by their keywords: the longer match outweighs the shorter one inside it."""

from dataclasses import dataclass

import pytest

from command.catalogue.contract import listed
from dispatch.matter.texts.emergencies import emergencies_in
from dispatch.reading.suggestions import suggest


@dataclass(frozen=True, slots=True)
class One:
    """An item as far as suggestions go."""

    code: str
    keywords: tuple[str, ...]
    item_zh: str = "没有别的名字"
    lead_department: str = "desk"


def codes(text: str, *items: One) -> list[str]:
    """What is suggested, in order."""
    return [found.code for found in suggest(text, items)]


def test_a_longer_match_outweighs_the_shorter_one_inside_it() -> None:
    pipes, water = One("1", ("水管爆",)), One("2", ("水管",))
    assert codes("家里水管爆了", water, pipes) == ["1"]  # the shorter says nothing of its own there
    assert codes("水管爆了，另一根水管也旧了", water, pipes) == ["1", "2"]  # here it stands alone once


def test_more_words_of_one_item_weigh_more() -> None:
    assert codes("噪音，广场舞", One("1", ("噪音", "广场舞")), One("2", ("广场舞",))) == ["1", "2"]


def test_a_word_counts_once_however_often_it_is_said() -> None:
    assert codes("狗狗叫狗叫狗叫，噪音扰民", One("1", ("狗叫",)), One("2", ("噪音扰民",))) == ["2", "1"]


def test_a_text_without_a_known_word_suggests_nothing() -> None:
    assert codes("嗯", One("1", ("狗叫",))) == []
    assert codes("", One("1", ("狗叫",))) == []


def test_at_most_five_are_suggested() -> None:
    assert len(codes("狗叫", *(One(str(number), ("狗叫",)) for number in range(9)))) == 5


def test_every_keyword_of_the_catalogue_finds_its_own_item() -> None:
    items = listed()
    asked = [(word, item.code) for item in items.values() for word in item.keywords]
    first = sum(suggest(word, items.values())[0].code == code for word, code in asked)
    among = sum(code in [found.code for found in suggest(word, items.values())] for word, code in asked)
    assert among == len(asked)
    assert first / len(asked) > 0.95


def test_an_items_own_name_finds_it() -> None:
    items = listed()
    assert all(suggest(item.item_zh, items.values())[0].code == item.code for item in items.values())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("有人持刀砍人，流血了", ["110", "120"]),
        ("厨房着火了", ["119"]),
        ("孩子掉进河里溺水", ["119", "120"]),
        ("要跳楼", ["110", "119", "120"]),
        ("有人割腕", ["110", "120"]),
        ("厨房火很大", ["119"]),
        ("孩子掉河里了", ["119", "120"]),
        ("老人滑到了水塘里", ["119", "120"]),
        ("孩 子 不 见 了", ["110"]),
        ("打·架 了，有人流\u200b血", ["110", "120"]),
        ("有人持刀搶劫", ["110"]),
        ("没有着火，只是油烟", []),
        ("无人受伤", []),
        ("说没有打架，后来又打架了", ["110"]),
        ("没有，着火了", ["119"]),
        ("报了警没有 着火了快来", ["119"]),
        ("门口一个人也没有\n着火了", ["119"]),
        ("他没有呼吸了", ["120"]),
        ("不知道有没有人受伤", ["120"]),
        ("被电话骚扰", []),
        ("老人被电动车撞了", ["120"]),
        ("修灯时被电了一下", ["120"]),
        ("大火锅店油烟扰民", []),
        ("楼上大火", ["119"]),
        ("煤气漏了", ["119"]),
        ("发现燃气管漏", ["119"]),
        ("没有燃气泄漏", []),
        ("围墙快要倒了", ["119"]),
        ("桥上要倒班", []),
        ("母亲心脏病发作", ["120"]),
        ("井盖没了，有人掉下去", ["120"]),
        ("有人把垃圾掉下去", []),
        ("井盖不见了", []),
        ("路灯不亮", []),
    ],
)
def test_words_of_danger_name_the_numbers_to_call(text: str, numbers: list[str]) -> None:
    assert [found.number for found in emergencies_in(text)] == numbers
