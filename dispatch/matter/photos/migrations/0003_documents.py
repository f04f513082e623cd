"""Lets a document lie beside the photos: what it is, no width and no height. Runs beside the previous release."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_query_codes_and_posts"),
        ("issues", "0005_search"),
        ("orders", "0004_one_lead_at_a_time"),
        ("organisations", "0003_mediation_committees"),
        ("photos", "0002_of_one_issue"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="photo",
            name="photo_has_a_size",
        ),
        migrations.AddField(
            model_name="photo",
            name="document",
            field=models.TextField(null=True),
        ),
        migrations.AlterField(
            model_name="photo",
            name="height",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="photo",
            name="width",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("document", None),
                        ("height__gte", 1),
                        ("height__isnull", False),
                        ("size__gte", 1),
                        ("width__gte", 1),
                        ("width__isnull", False),
                    ),
                    models.Q(("document__isnull", False), ("height", None), ("size__gte", 1), ("width", None)),
                    _connector="OR",
                ),
                name="photo_has_a_size",
            ),
        ),
    ]
