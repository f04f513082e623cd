"""Reads of a centre's channels. Frozen values out; nothing here writes or locks."""

from collections.abc import Mapping
from uuid import UUID

from command.channels import models
from command.channels.contract import Channel, ChannelRule, SourceFamily, listed


def channel(centre_id: UUID, code: str) -> Channel | None:
    """One channel, retired or not; None when the centre has none of this code. One statement."""
    row = models.Channel.objects.filter(centre_id=centre_id, code=code).first()
    return channel_of(row) if row else None


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
