"""Rosters: weekly and dated shifts, days of their own. Runs beside the release before, which knows none of these tables.

No two shifts of a post at one time, and no post of another unit: the database refuses both. The first needs `btree_gist`,
an extension that the owner of a database may create by itself.
"""

import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

OF_ITS_UNIT = """
ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (post_id, unit_id) REFERENCES people_post (id, unit_id)
"""
NAMED = {
    "duty_weeklyshift": "weekly_shift_is_of_a_post_of_its_unit",
    "duty_datedshift": "dated_shift_is_of_a_post_of_its_unit",
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0003_mediation_committees"),
        ("people", "0007_post_of_one_unit"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roster", to="organisations.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DatedShift",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("cloud", "cloud"),
                            ("invited", "invited"),
                            ("joint", "joint"),
                            ("on_call", "on_call"),
                            ("resident", "resident"),
                            ("rotating", "rotating"),
                        ],
                        null=True,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        models.F("unit"),
                        models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"),
                        name="on_duty_by_date",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="dated_shift_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", None),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("starts_at"), "+", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="dated_shift_lasts_a_day_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", None),
                            ("kind__in", ["cloud", "invited", "joint", "on_call", "resident", "rotating"]),
                            _connector="OR",
                        ),
                        name="dated_shift_kind_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("post", "="),
                            (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                        ],
                        name="nobody_has_two_dated_shifts_at_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnDay",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "day"), name="own_day_stands_once_per_unit")],
            },
        ),
        migrations.CreateModel(
            name="WeeklyShift",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("weekday", models.PositiveSmallIntegerField()),
                ("from_min", models.PositiveSmallIntegerField()),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("cloud", "cloud"),
                            ("invited", "invited"),
                            ("joint", "joint"),
                            ("on_call", "on_call"),
                            ("resident", "resident"),
                            ("rotating", "rotating"),
                        ]
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(
                        models.F("unit"),
                        models.Func(
                            models.F("weekday"),
                            models.F("from_min"),
                            models.F("minutes"),
                            template="int4range(weekday * 1440 + from_min, weekday * 1440 + from_min + minutes)",
                        ),
                        name="on_duty_by_week",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="weekly_shift_begins_on_a_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_min__lt", 1440)), name="weekly_shift_begins_within_its_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gt", 0), ("minutes__lte", 1440)),
                        name="weekly_shift_lasts_a_day_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["cloud", "invited", "joint", "on_call", "resident", "rotating"])
                        ),
                        name="weekly_shift_kind_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("post", "="),
                            (
                                models.Func(
                                    models.F("weekday"),
                                    models.F("from_min"),
                                    models.F("minutes"),
                                    template="int4multirange(int4range(weekday * 1440 + from_min, weekday * 1440 + from_min + minutes), int4range(weekday * 1440 + from_min - 10080, weekday * 1440 + from_min + minutes - 10080))",
                                ),
                                "&&",
                            ),
                        ],
                        name="weekly_shifts_of_a_post_do_not_overlap",
                    ),
                ],
            },
        ),
        *(
            migrations.RunSQL(OF_ITS_UNIT.format(table=table, name=name), f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            for table, name in NAMED.items()
        ),
    ]
