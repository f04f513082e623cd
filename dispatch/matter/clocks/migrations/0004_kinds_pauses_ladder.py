"""Brings the clocks of the whole daily loop, their pauses, and the ladder. What runs already are relays of 60 minutes.

Does not run beside the previous release, which knows three kinds of clock only. Reverses while there are no others.
"""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_aggregate"),
        ("intake", "0002_query_codes_and_posts"),
        ("issues", "0003_holder"),
        ("orders", "0002_taken_back"),
        ("organisations", "0002_contacts_and_community_centres"),
        ("people", "0002_accounts_and_delegations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("percent", models.PositiveSmallIntegerField()),
                ("rank", models.TextField()),
                ("told_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_judges_what_its_kind_says",
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="report_has_one_relay_up",
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_is_due_after_it_started",
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_stopped_late_is_breached",
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="relay_lasts_sixty_minutes",
        ),
        migrations.RemoveConstraint(
            model_name="due",
            name="nothing_fires_before_it_is_due",
        ),
        migrations.AddField(
            model_name="clock",
            name="allowance",
            field=models.DurationField(default=datetime.timedelta(seconds=3600)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="clock",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="paused_for",
            field=models.DurationField(default=datetime.timedelta(0)),
        ),
        migrations.AddField(
            model_name="clock",
            name="uncounted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="due",
            name="tells",
            field=models.TextField(
                choices=[
                    ("next_contact", "next_contact"),
                    ("duty_lead", "duty_lead"),
                    ("unit", "unit"),
                    ("head", "head"),
                    ("nobody", "nobody"),
                ],
                default="head",
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="clock",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.TextField(
                choices=[
                    ("relay_up", "relay_up"),
                    ("relay_down_order", "relay_down_order"),
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
        migrations.AlterField(
            model_name="due",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "relay_up"), ("order", None), ("report__isnull", False)),
                    models.Q(
                        ("kind__in", ["handling_order", "relay_down_order", "rework"]),
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
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "relay_up")),
                fields=("report", "round"),
                name="report_has_one_relay_up_per_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "handling_order")), fields=("order",), name="order_has_one_handling"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "rework")), fields=("order", "round"), name="order_has_one_rework_per_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "handling_issue")),
                fields=("issue", "round"),
                name="issue_has_one_handling_per_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["dispatch", "handling_issue", "on_scene", "redispatch", "relay_down_issue", "suspension"],
                    ),
                    ("stopped_at", None),
                ),
                fields=("issue", "kind"),
                name="issue_runs_one_clock_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "relay_up"), ("stopped_at", None)),
                fields=("report",),
                name="report_runs_one_relay_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at", None), ("due_at__gt", models.F("started_at")), _connector="OR"),
                name="clock_is_due_after_it_started",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at", None),
                    (
                        "due_at",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("started_at"), "+", models.F("paused_for")
                            ),
                            "+",
                            models.F("allowance"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="clock_is_due_by_its_allowance",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["relay_down_issue", "relay_down_order", "relay_up"]), _negated=True),
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
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_at__isnull", False), ("paused_at", None)),
                    models.Q(
                        ("breached_at", None),
                        ("due_at", None),
                        ("paused_at__gte", models.F("started_at")),
                        ("stopped_at", None),
                    ),
                    _connector="OR",
                ),
                name="paused_clock_has_no_due_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["handling_issue", "handling_order", "rework"]),
                    models.Q(("paused_at", None), ("paused_for", datetime.timedelta(0))),
                    _connector="OR",
                ),
                name="only_handling_is_paused",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("breached_at", None), ("kind", "suspension")),
                    ("stopped_at", None),
                    ("stopped_at__lt", models.F("due_at")),
                    ("breached_at__isnull", False),
                    _connector="OR",
                ),
                name="clock_stopped_late_is_breached",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("uncounted", False), ("stopped_at__isnull", False), _connector="OR"),
                name="what_runs_is_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.CheckConstraint(
                condition=models.Q(("tells__in", ["duty_lead", "head", "next_contact", "nobody", "unit"])),
                name="step_tells_somebody_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="due",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fired_at", None),
                    models.Q(("due_at__isnull", False), ("fired_at__gte", models.F("due_at"))),
                    _connector="OR",
                ),
                name="nothing_fires_before_it_is_due",
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="clock",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="clocks.clock"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="issue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="escalations", to="issues.issue"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="post",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
            ),
        ),
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["issue"], name="escalation_open"),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(fields=("clock", "percent"), name="each_step_is_told_once"),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="escalation_version_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", False), ("percent", 100), _connector="OR"),
                name="only_a_breach_waits_for_an_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("told_at")), _connector="OR"),
                name="escalation_ends_after_it_was_told",
            ),
        ),
    ]
