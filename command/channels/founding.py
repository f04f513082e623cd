"""What a centre's channels begin with. Rows are made here once; from then on `actions` is the only writer."""

from uuid import UUID

from command.channels.contract import listed
from command.channels.models import Channel


def found_channels(centre_id: UUID) -> None:
    """Gives a centre the listed channels, inside the transaction that founds it. One statement."""
    Channel.objects.bulk_create(
        Channel(
            centre_id=centre_id,
            code=channel.code,
            name_zh=channel.name_zh,
            source_family=channel.source_family,
            reporter_known=channel.reporter_known,
            rules=sorted(channel.rules),
            rank=rank,
        )
        for rank, channel in enumerate(listed().values(), start=1)
    )
