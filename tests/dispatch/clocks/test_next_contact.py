"""Whom the 50 % step of a relay names: who is on duty that hour first. Dense, without a database.

Source: docs/rules.md, "The relay", "Calls".
"""

from uuid import UUID, uuid5

import pytest

from command.organisations.queries import Contact
from command.units.departments import Rank
from dispatch.matter.clock_law.ladder import next_contact

NAMES = "ABCDE"
OF = {name: uuid5(UUID(int=0), name) for name in NAMES}
RANKS = {"l": Rank.LIAISON, "d": Rank.DEPUTY, "h": Rank.HEAD}


def listed(words: str) -> list[Contact]:
    """`Al Bd`: A a liaison, B a deputy."""
    return [
        Contact(OF[word[0]], OF[word[0]], word[0], RANKS[word[1]], order)
        for order, word in enumerate(words.split(), start=1)
    ]


@pytest.mark.parametrize(
    ("on_duty", "contacts", "called", "rank", "named"),
    [
        # Without a roster, or in a gap of it: the second listed contact, whoever was called.
        ("", "", "", "unit", None),
        ("", "Al", "A", "liaison", "A"),
        ("", "Al Bl Cd Dh", "AB", "liaison", "B"),
        ("", "Al Cd Dh", "A", "deputy", "C"),
        ("", "Dh", "", "head", "D"),
        # Somebody is on duty and was not called: the shift has changed, or an issue's own relay called nobody yet.
        ("E", "Al Cd Dh", "A", "on_duty", "E"),
        ("A", "Al Cd Dh", "", "on_duty", "A"),
        ("AE", "Al Cd Dh", "A", "on_duty", "E"),
        ("AE", "Al Cd Dh", "", "on_duty", None),
        ("E", "", "A", "on_duty", "E"),
        # All on duty were called: the deputy, then the head; a liaison off duty is passed over.
        ("A", "Al Cd Dh", "A", "deputy", "C"),
        ("A", "Al Bl Cd Dh", "A", "deputy", "C"),
        ("B", "Al Bl Cd Dh", "AB", "deputy", "C"),
        ("A", "Al Bl Dh", "A", "head", "D"),
        ("AB", "Al Bl Cd", "ABC", "deputy", "C"),  # called before: called once more
        # The deputy is on duty: the head is next.
        ("C", "Al Cd Dh", "C", "head", "D"),
        ("CD", "Al Cd Dh", "CD", "on_duty", None),
        # Nobody else is listed: who is on duty is called once more.
        ("A", "Al Bl", "A", "on_duty", "A"),
        ("A", "", "A", "on_duty", "A"),
        ("AB", "", "AB", "on_duty", None),
    ],
)
def test_the_next_contact(on_duty: str, contacts: str, called: str, rank: str, named: str | None) -> None:
    found = next_contact(tuple(OF[one] for one in on_duty), listed(contacts), [OF[one] for one in called])
    assert found == (rank, OF[named] if named else None)
