"""Codes and their Chinese words: none without the other, one word for one thing, and the glossary's."""

import csv
import re
from dataclasses import dataclass
from typing import ClassVar

import pytest

from dispatch.matter.facts import ObjectFact
from dispatch.matter.issues import states as issues
from dispatch.matter.orders import states as orders
from dispatch.matter.returns import states as returns
from door.layout import ROOT
from realtime.words import Word
from server.words import TABLES, facts

with (ROOT / "docs" / "glossary.csv").open(encoding="utf-8", newline="") as stream:
    GLOSSARY = {row["code_name"]: row["zh"] for row in csv.DictReader(stream)}
BY_THE_GLOSSARY = (issues.State, issues.Verb, orders.State, orders.Verb, orders.Role)


def test_a_code_without_a_word_can_not_be_written() -> None:
    with pytest.raises(TypeError, match="Verb 'urge' has no Chinese word"):

        class Verb(Word):
            URGE = "urge"


def test_a_fact_without_a_word_can_not_be_written() -> None:
    with pytest.raises(TypeError, match=r"order\.urged has no Chinese word"):

        @dataclass(frozen=True, slots=True)
        class OrderUrged(ObjectFact):
            name: ClassVar[str] = "order.urged"


def test_a_word_is_its_code() -> None:
    verb = issues.Verb("accept")
    assert (verb, f"{verb}", verb.value, verb.zh) == ("accept", "accept", "accept", "受理")


@pytest.mark.parametrize("listed", BY_THE_GLOSSARY, ids=lambda listed: f"{listed.__module__}.{listed.__name__}")
def test_a_word_is_the_glossarys(listed: type[Word]) -> None:
    """An order's recall names its object: 撤回 alone may also be a reporter's."""
    allowed = {word: (word.zh, word.zh.removesuffix("派遣单"), None) for word in listed}
    assert [word for word in listed if GLOSSARY.get(word) not in allowed[word]] == []


def test_what_two_nouns_have_is_called_alike() -> None:
    """Screens look states and verbs up in one table each; a request's 撤回 is never offered."""
    for one, other in ((issues.State, orders.State), (issues.Verb, orders.Verb), (orders.Verb, returns.Verb)):
        both = dict(one.choices()).items(), dict(other.choices())
        assert [(code, zh) for code, zh in both[0] if both[1].get(code, zh) != zh] == []


def test_no_two_codes_of_a_list_have_one_word() -> None:
    for name, _, listed, _ in TABLES:
        words = [word.zh for word in listed]
        assert sorted(words) == sorted(set(words)), name


def test_every_fact_that_a_screen_tells_has_its_word() -> None:
    told = [
        name
        for file in (ROOT / "dispatch").rglob("*.py")
        for name in re.findall(r'^    name: ClassVar\[str\] = "([^"]+)"$', file.read_text(encoding="utf-8"), re.M)
    ]
    assert len(told) > 60
    assert sorted(set(told) - facts().keys()) == []
    assert facts()["order.recalled"] == orders.Verb.RECALL.zh
