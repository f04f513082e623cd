"""What a story of one action is."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from realtime.feed.contract import Answer, Command
from tests.dispatch.desk import Desk

Act = Callable[[Desk, UUID, Command], Answer | None]


@dataclass(frozen=True, slots=True)
class Story:
    """`prepare` gives the issue; `act` is done under a command of `by`."""

    prepare: Callable[[Desk], UUID]
    act: Act
    by: str = "duty1"

    def run(self, desk: Desk, issue_id: UUID) -> Answer | None:
        """The action, once."""
        return self.act(desk, issue_id, desk.command(self.by))
