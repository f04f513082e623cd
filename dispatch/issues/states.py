"""States of an issue (事项). Pure: no Django, no clock, no database.

Source: docs/rules.md, "An issue". The picture in tests/dispatch/issues/test_states.py is drawn by hand from that
page, not from this table.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

State = StrEnum("State", "REPORTED ACCEPTED DECLINED FILED IN_HANDLING FED_BACK VERIFIED CLOSED")
Verb = StrEnum("Verb", "ACCEPT DECLINE FILE DISPATCH FEED_BACK VERIFY REWORK CLOSE")

TABLE: Final[Mapping[tuple[State, Verb], State]] = {
    (State.REPORTED, Verb.ACCEPT): State.ACCEPTED,
    (State.REPORTED, Verb.DECLINE): State.DECLINED,
    (State.ACCEPTED, Verb.DECLINE): State.DECLINED,
    (State.ACCEPTED, Verb.FILE): State.FILED,
    (State.FILED, Verb.DISPATCH): State.IN_HANDLING,
    (State.IN_HANDLING, Verb.FEED_BACK): State.FED_BACK,  # derived: the lead order is fed back, none is open
    (State.FED_BACK, Verb.VERIFY): State.VERIFIED,
    (State.FED_BACK, Verb.REWORK): State.IN_HANDLING,
    (State.VERIFIED, Verb.REWORK): State.IN_HANDLING,  # the follow-up said: not fixed
    (State.VERIFIED, Verb.CLOSE): State.CLOSED,
}

FIRST: Final = State.REPORTED
DERIVED: Final = frozenset({Verb.FEED_BACK})  # follows from an order; nobody does it to an issue
OPEN: Final = frozenset(State) - {State.DECLINED, State.CLOSED}  # 在办


class NotAllowed(Exception):
    """The verb is not open in this state. Carries both, and what is open."""

    def __init__(self, state: State, verb: Verb) -> None:
        self.state, self.verb = state, verb
        self.open = open_verbs(state)
        super().__init__(f"cannot {verb} an issue that is {state}; open: {', '.join(self.open) or 'nothing'}")


def open_verbs(state: State) -> tuple[Verb, ...]:
    """What somebody may do to an issue in `state`, rights aside."""
    return tuple(verb for verb in Verb if (state, verb) in TABLE and verb not in DERIVED)


def step(state: State, verb: Verb) -> State:
    """The state after `verb`. Raises NotAllowed for every pair the table does not name."""
    try:
        return TABLE[state, verb]
    except KeyError:
        raise NotAllowed(state, verb) from None
