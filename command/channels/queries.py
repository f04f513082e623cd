"""Reads of a centre's channels. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from command.channels import models
from command.channels.contract import Channel, ChannelRule, SourceFamily, listed
from realtime.feed.statements import Rows

CHANNEL_OF: Final = """
SELECT code, name_zh, source_family, reporter_known, retired_at, rules FROM report_channels_channel
WHERE centre_id = %s AND code = %s
"""


def of_found(rows: Rows) -> Channel | None:
    """The channel that `CHANNEL_OF` has found, retired or not; None: the centre has none of this code."""
    if not rows:
        return None
    code, name_zh, family, reporter_known, retired_at, rules = rows[0]
    row = models.Channel(code=code, name_zh=name_zh, source_family=family, reporter_known=reporter_known)
    row.retired_at, row.rules = retired_at, rules
    return channel_of(row)


def channels(centre_id: UUID) -> Mapping[str, Channel]:
    """All channels by code, as lists show them; the retired too, for reports that came by them. One statement."""
    rows = models.Channel.objects.filter(centre_id=centre_id).order_by("rank", "code")
    return {row.code: channel_of(row) for row in rows}


def channel_of(row: models.Channel) -> Channel:
    """The frozen value of a row."""
    return Channel(
        row.code,
        row.name_zh,
        SourceFamily(row.source_family),
        row.reporter_known,
        retired=row.retired_at is not None,
        added=row.code not in listed(),
        rules=frozenset(map(ChannelRule, row.rules)),
    )
