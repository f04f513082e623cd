"""States of a handover (交班). Pure: no Django, no clock, no database."""

from typing import Final

from realtime.words import Word


class State(Word):
    """How a handover stands."""

    GIVEN = "given", "待接班"  # signed by who gives; nobody has taken over yet
    TAKEN = "taken", "已接班"
    WITHDRAWN = "withdrawn", "已撤回"


WAITING: Final = State.GIVEN
