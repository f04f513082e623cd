"""What is a relay in the law is one in every figure, report and list of words."""

from assessment.dictionary import BY_CODE, FIGURES, Group
from assessment.situation import relays, words
from dispatch.matter.clocks.allowances import RELAYS, ClockKind


def test_every_relay_of_the_law_is_counted_and_named() -> None:
    assert set(relays.RELAYS) == {str(kind) for kind in RELAYS}
    assert set(words.RELAYS) == {str(kind) for kind in RELAYS}
    rates = {figure.code for figure in FIGURES if figure.group is Group.RELAY} - {"relay_p50", "relay_p90"}
    assert rates == {str(kind) for kind in RELAYS}
    assert all(BY_CODE[str(kind)].zh for kind in RELAYS)


def test_every_clock_has_a_word_in_the_report() -> None:
    assert set(words.CLOCKS) == {str(kind) for kind in ClockKind}
