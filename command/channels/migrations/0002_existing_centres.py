"""Centres that were there before channels became theirs get the listed ones, which they worked with until now."""

from typing import Any

from django.db import migrations

from command.channels.contract import listed


def give(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("report_channels", "Channel")
    centres = apps.get_model("organisations", "Centre").objects.values_list("pk", flat=True)
    held = set(rows.objects.values_list("centre_id", flat=True))
    for centre_id in centres:
        if centre_id not in held:
            rows.objects.bulk_create(
                rows(
                    centre_id=centre_id,
                    code=channel.code,
                    name_zh=channel.name_zh,
                    source_family=channel.source_family,
                    reporter_known=channel.reporter_known,
                    rank=rank,
                )
                for rank, channel in enumerate(listed().values(), start=1)
            )


class Migration(migrations.Migration):
    dependencies = [("report_channels", "0001_channels")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
