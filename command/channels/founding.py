"""What a centre's channels begin with. Rows are made here once; from then on `actions` is the only writer."""

from uuid import UUID

from command.channels.contract import listed
from command.channels.models import Channel


def found_channels(centre_id: UUID, model: type[Channel] = Channel) -> None:
    """Gives a centre the listed channels, inside the transaction that founds it. One statement.

    model  as a migration knows it
    """
    model.objects.bulk_create(
        model(
            centre_id=centre_id,
            code=channel.code,
            name_zh=channel.name_zh,
            source_family=channel.source_family,
            reporter_known=channel.reporter_known,
            rank=rank,
        )
        for rank, channel in enumerate(listed().values(), start=1)
    )
