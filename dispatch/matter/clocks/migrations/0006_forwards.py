"""A taker of a forward has a clock of its own. Runs beside the previous release, which starts none."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0005_escalations"),
        ("intake", "0002_query_codes_and_posts"),
        ("issues", "0005_search"),
        ("orders", "0005_forwards"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_judges_what_its_kind_says",
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="relay_lasts_sixty_minutes",
        ),
        migrations.AddField(
            model_name="clock",
            name="forward",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.forward"
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.TextField(
                choices=[
                    ("relay_up", "relay_up"),
                    ("relay_down_order", "relay_down_order"),
                    ("relay_down_forward", "relay_down_forward"),
                    ("relay_down_issue", "relay_down_issue"),
                    ("dispatch", "dispatch"),
                    ("redispatch", "redispatch"),
                    ("handling_order", "handling_order"),
                    ("handling_issue", "handling_issue"),
                    ("rework", "rework"),
                    ("on_scene", "on_scene"),
                    ("suspension", "suspension"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "relay_up"), ("order", None), ("report__isnull", False)),
                    models.Q(
                        ("kind__in", ["handling_order", "relay_down_forward", "relay_down_order", "rework"]),
                        ("order__isnull", False),
                        ("report", None),
                    ),
                    models.Q(
                        (
                            "kind__in",
                            ["dispatch", "handling_issue", "on_scene", "redispatch", "relay_down_issue", "suspension"],
                        ),
                        ("order", None),
                        ("report", None),
                    ),
                    _connector="OR",
                ),
                name="clock_judges_what_its_kind_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("forward__isnull", False), ("kind", "relay_down_forward")),
                    models.Q(models.Q(("kind", "relay_down_forward"), _negated=True), ("forward", None)),
                    _connector="OR",
                ),
                name="clock_of_a_forward_names_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "relay_down_forward")),
                fields=("forward",),
                name="forward_has_one_relay_down",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["relay_down_forward", "relay_down_issue", "relay_down_order", "relay_up"]),
                        _negated=True,
                    ),
                    models.Q(
                        ("allowance", datetime.timedelta(seconds=3600)),
                        (
                            "due_at",
                            django.db.models.expressions.CombinedExpression(
                                models.F("started_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                            ),
                        ),
                        ("paused_for", datetime.timedelta(0)),
                    ),
                    _connector="OR",
                ),
                name="relay_lasts_sixty_minutes",
            ),
        ),
    ]
