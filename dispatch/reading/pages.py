"""Where a page of a list ended, for lists in the order of an instant and an id. Pure."""

from datetime import UTC, datetime
from uuid import UUID

from realtime.feed.errors import Invalid


def cursor_of(at: datetime, key: UUID) -> str:
    """The position of a row, as a page names it."""
    return f"{at.isoformat()}~{key}"


def position(cursor: str) -> tuple[datetime, UUID]:
    """Where the page before ended. Raises Invalid for what none of our pages gave."""
    instant, _, last = cursor.partition("~")
    try:
        at, key = datetime.fromisoformat(instant), UUID(last)
        known = at.astimezone(UTC) if at.tzinfo else None  # PostgreSQL knows no offset of 16 hours
    except (ValueError, OverflowError):
        known, key = None, None
    if known is None or key is None:
        raise Invalid("page.cursor", "翻页位置无效。", field="cursor", remedy="请从第一页重新开始。")
    return known, key
