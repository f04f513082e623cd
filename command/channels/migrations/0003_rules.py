"""What a channel may not bring, as the list says of those that a centre began with."""

from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models

from command.channels.contract import listed

RULES = (
    *("no_police_matters", "no_identity_numbers", "no_parties_from_systems", "names_nobody"),
    *("no_pictures", "place_needed", "by_hand", "identity_protected"),
)


def give(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("report_channels", "Channel")
    for channel in listed().values():
        if channel.rules:
            rows.objects.filter(code=channel.code).update(rules=sorted(channel.rules))


class Migration(migrations.Migration):
    dependencies = [("report_channels", "0002_existing_centres")]
    operations = [
        migrations.AddField(
            model_name="channel",
            name="rules",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("rules__contained_by", list(RULES))), name="channel_rules_are_known"
            ),
        ),
    ]
