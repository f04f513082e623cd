"""What the gateway asks once per centre: whose rights have which version, which sessions ended lately."""

from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection

from realtime.gateway.contract import AccessState

_VERSIONS: Final = """
SELECT 'person:' || id, access_version FROM people_person WHERE centre_id = %(centre)s
UNION ALL
SELECT 'device:' || id, access_version FROM people_device WHERE centre_id = %(centre)s
"""
_ENDED: Final = """
SELECT s.id FROM people_signin s JOIN people_person p ON p.id = s.person_id
WHERE p.centre_id = %(centre)s AND s.ended_at > relay_at(NULL) - interval '15 minutes'
UNION ALL
SELECT id FROM people_device WHERE centre_id = %(centre)s AND revoked_at > relay_at(NULL) - interval '15 minutes'
"""


class PeopleAuthority:
    """Fills `realtime.gateway.contract.Authority` from the rows of people and devices."""

    async def load_access(self, connection: AsyncConnection[tuple[Any, ...]], centre_id: UUID) -> AccessState:
        """The state of all persons and devices of a centre, the suspended and revoked ones too. Two statements."""
        async with connection.cursor() as cursor:
            await cursor.execute(_VERSIONS, {"centre": centre_id})
            versions = dict(await cursor.fetchall())
            await cursor.execute(_ENDED, {"centre": centre_id})
            ended = frozenset(row[0] for row in await cursor.fetchall())
        return AccessState(versions, ended)
