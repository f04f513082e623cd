"""Who acts without an account: the page behind a grid's QR code, and a reporter with a query code.

Both are told nothing of the centre but their answers; what they may do is listed here, and nothing else.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from realtime.feed.contract import Audience, AudienceClass, Pair, Scope
from realtime.feed.errors import Forbidden

CHANNEL: Final = "public_qr"  # the channel of the page: an inhabitant's own telling
PAGE: Final = "public:page"  # the principal of everything that comes by the page
_PAGE_RIGHTS: Final = frozenset({"reports.make"})
_REPORTER_RIGHTS: Final = frozenset({"issues.withdraw"})


@dataclass(frozen=True, slots=True)
class PageActor:
    """The page of a grid. It reports through its one channel and sees nothing."""

    centre_id: UUID

    @property
    def principal(self) -> str:
        """The same for every grid: who writes there is not known."""
        return PAGE

    @property
    def channels(self) -> frozenset[str]:
        """Its own channel only."""
        return frozenset({CHANNEL})

    @property
    def scope(self) -> Scope:
        """Nothing."""
        return Scope(())

    def scope_for(self, right: str) -> Scope:
        """Nothing. Raises Forbidden for anything but `reports.make`."""
        self.must(right)
        return self.scope

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Returns for `reports.make`. Raises Forbidden for anything else."""
        _must(right, _PAGE_RIGHTS)


@dataclass(frozen=True, slots=True)
class ReporterActor:
    """Who holds the query code of a report. Made for that report's issue, and the one that it was merged into."""

    report_id: UUID
    issue_id: UUID
    centre_id: UUID
    places: tuple[str, ...]  # of those issues

    @property
    def principal(self) -> str:
        """`reporter:<id of the report>`."""
        return f"reporter:{self.report_id}"

    @property
    def scope(self) -> Scope:
        """The issues' places, so that they can be locked; no read is ever made with it."""
        return Scope(tuple(Pair(f"place:{place}", AudienceClass.SENSITIVE) for place in self.places))

    def scope_for(self, right: str) -> Scope:
        """The issues' places. Raises Forbidden for what a reporter may not do."""
        self.must(right)
        return self.scope

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Returns for what a reporter may do. Raises Forbidden for anything else."""
        _must(right, _REPORTER_RIGHTS)


def _must(right: str, held: frozenset[str]) -> None:
    if right not in held:
        raise Forbidden("right.missing", "这个页面不能进行这项操作。", extra={"right": right})
