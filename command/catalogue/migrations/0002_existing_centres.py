"""Centres that were there before the catalogue became theirs get the listed items, which they worked with until now."""

from typing import Any

from django.db import migrations

from command.catalogue.founding import found_catalogue


def give(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("catalogue", "CatalogueItem")
    centres = apps.get_model("organisations", "Centre").objects.values_list("pk", flat=True)
    held = set(rows.objects.values_list("centre_id", flat=True))
    for centre_id in centres:
        if centre_id not in held:
            found_catalogue(centre_id, rows)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_items")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
