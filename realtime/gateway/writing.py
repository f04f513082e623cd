"""Proves every few seconds that a command could be written now: a connection, rows that need room, a commit.

Reading proves nothing of that: on a full disk, on one that is read-only, and where every connection is taken, the head
is read as before and each command is refused.
"""

import asyncio
import logging
from datetime import datetime
from typing import Final, Literal, TypeAlias

import psycopg

from realtime.gateway.database import Database

logger = logging.getLogger(__name__)

WITHIN_S: Final = 4.0
Reason: TypeAlias = Literal["database_full", "database_read_only", "database_connections", "database_unwritable"]
UNWRITABLE: Final = "database_unwritable"
_NO_CONNECTION: Final = ("too many clients", "too many connections", "connection slots are reserved")
_REASONS: Final[dict[str, Reason]] = {
    "53100": "database_full",
    "25006": "database_read_only",
    "53300": "database_connections",
}


class Writing:
    """One task per process.

    wrote_at  the database's time at the last proof
    why       what stood against the last try; None when nothing did
    """

    def __init__(self, conninfo: str, every_s: float) -> None:
        self._conninfo, self._every_s = conninfo, every_s
        self.wrote_at: datetime | None = None
        self.why: Reason | None = None

    async def run(self) -> None:
        """Tries until cancelled."""
        while True:
            await self.prove()
            await asyncio.sleep(self._every_s)

    async def prove(self) -> None:
        """One try."""
        database = Database(self._conninfo, timeout_s=WITHIN_S, name="relay60 proof")
        try:
            ((at,),) = await database.rows("SELECT feed_prove_room_v1()")
        except (psycopg.Error, OSError) as error:
            reason = reason_of(error)
            if reason != self.why:
                logger.error("nothing can be written into the database (%s): %s", reason, error)
            self.why = reason
            return
        finally:
            await database.close()
        if self.why is not None:
            logger.info("the database can be written again")
        self.wrote_at, self.why = at, None


def reason_of(error: Exception) -> Reason:
    """Why a write failed, in one word; a connection that is refused says so in its text alone."""
    state = getattr(error, "sqlstate", None)
    if state is None and any(words in str(error) for words in _NO_CONNECTION):
        return "database_connections"
    return _REASONS.get(state or "", UNWRITABLE)
