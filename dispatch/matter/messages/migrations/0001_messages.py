"""Messages within a matter, and which units have read them. Runs beside the previous release."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import dispatch.matter.messages.states


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("issues", "0012_messages"),
        ("orders", "0006_forwards_go_down"),
        ("organisations", "0003_mediation_committees"),
        ("people", "0007_post_of_one_unit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("message", "留言"), ("progress", "办理进展")])),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("answer_by", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("struck_at", models.DateTimeField(null=True)),
                ("struck_by", models.TextField(null=True)),
                (
                    "struck_ground",
                    models.TextField(
                        choices=[
                            ("mistaken", "内容有误"),
                            ("elsewhere", "发错事项或对象"),
                            ("twice", "重复"),
                            ("off_the_matter", "与事项无关"),
                        ],
                        null=True,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_with",
                        to="matter_messages.message",
                    ),
                ),
                (
                    "asks",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="issues.issue",
                    ),
                ),
                (
                    "note",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="issues.note"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="orders.order",
                    ),
                ),
                (
                    "struck_unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="matter_messages.message",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["issue", "at"], name="message_of_an_issue"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["by", "at"], name="message_by_writer"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            dispatch.matter.messages.states.Kind["MESSAGE"],
                            dispatch.matter.messages.states.Kind["PROGRESS"],
                        ],
                    )
                ),
                name="message_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1)), name="message_version_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer_by", None), ("answered_at", None), ("asks", None)),
                    models.Q(
                        ("answer_by__gt", models.F("at")),
                        ("asks__isnull", False),
                        ("kind", dispatch.matter.messages.states.Kind["MESSAGE"]),
                    ),
                    _connector="OR",
                ),
                name="message_that_asks_says_whom_and_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asks", None), models.Q(("asks", models.F("unit")), _negated=True), _connector="OR"
                ),
                name="message_asks_others",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_at", None), ("answered_at__gte", models.F("at")), _connector="OR"),
                name="message_is_answered_after_it_was_written",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", dispatch.matter.messages.states.Kind["PROGRESS"]), _negated=True),
                    models.Q(("answers", None), ("order__isnull", False)),
                    _connector="OR",
                ),
                name="progress_is_of_an_order_and_answers_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answers", None), models.Q(("answers", models.F("id")), _negated=True), _connector="OR"
                ),
                name="message_answers_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("struck_at", None), ("struck_by", None), ("struck_ground", None), ("struck_unit", None)),
                    models.Q(
                        ("struck_at__gte", models.F("at")),
                        ("struck_by__isnull", False),
                        (
                            "struck_ground__in",
                            [
                                dispatch.matter.messages.states.StrikeGround["ELSEWHERE"],
                                dispatch.matter.messages.states.StrikeGround["MISTAKEN"],
                                dispatch.matter.messages.states.StrikeGround["OFF_THE_MATTER"],
                                dispatch.matter.messages.states.StrikeGround["TWICE"],
                            ],
                        ),
                        ("struck_unit__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="message_is_struck_by_somebody_on_a_ground",
            ),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(fields=("message", "unit"), name="a_unit_reads_a_message_once"),
        ),
    ]
