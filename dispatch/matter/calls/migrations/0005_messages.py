"""Calls for messages that need an answer, and for answers that waited overnight. Runs beside the previous release."""

import django.db.models.deletion
from django.db import migrations, models

import dispatch.matter.calls.states


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0004_named_receiver"),
        ("clocks", "0011_cards_are_told_again"),
        ("issues", "0012_messages"),
        ("matter_messages", "0001_messages"),
        ("orders", "0006_forwards_go_down"),
        ("organisations", "0003_mediation_committees"),
        ("people", "0007_post_of_one_unit"),
        ("returns", "0002_of_one_issue"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="call",
            name="call_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="call",
            name="call_names_what_its_kind_asks_about",
        ),
        migrations.AddField(
            model_name="call",
            name="message",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matter_messages.message"
            ),
        ),
        migrations.AlterField(
            model_name="call",
            name="kind",
            field=models.TextField(
                choices=[
                    ("new_order", "新派遣单"),
                    ("forwarded_order", "转办派遣单"),
                    ("urgent_report", "紧急事项"),
                    ("ladder", "超时升级"),
                    ("return_request", "退单申请"),
                    ("danger", "险情补充"),
                    ("message", "留言待答复"),
                    ("verification", "反馈待核查"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            dispatch.matter.calls.states.Kind["DANGER"],
                            dispatch.matter.calls.states.Kind["FORWARDED_ORDER"],
                            dispatch.matter.calls.states.Kind["LADDER"],
                            dispatch.matter.calls.states.Kind["MESSAGE"],
                            dispatch.matter.calls.states.Kind["NEW_ORDER"],
                            dispatch.matter.calls.states.Kind["RETURN_REQUEST"],
                            dispatch.matter.calls.states.Kind["URGENT_REPORT"],
                            dispatch.matter.calls.states.Kind["VERIFICATION"],
                        ],
                    )
                ),
                name="call_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", dispatch.matter.calls.states.Kind["NEW_ORDER"]), ("order__isnull", False)),
                    models.Q(
                        ("forward__isnull", False),
                        ("kind", dispatch.matter.calls.states.Kind["FORWARDED_ORDER"]),
                        ("order__isnull", False),
                    ),
                    models.Q(("escalation__isnull", False), ("kind", dispatch.matter.calls.states.Kind["LADDER"])),
                    models.Q(
                        ("kind", dispatch.matter.calls.states.Kind["RETURN_REQUEST"]),
                        ("order__isnull", False),
                        ("request__isnull", False),
                    ),
                    models.Q(("kind", dispatch.matter.calls.states.Kind["MESSAGE"]), ("message__isnull", False)),
                    models.Q(
                        (
                            "kind__in",
                            [
                                dispatch.matter.calls.states.Kind["URGENT_REPORT"],
                                dispatch.matter.calls.states.Kind["DANGER"],
                                dispatch.matter.calls.states.Kind["VERIFICATION"],
                            ],
                        ),
                        ("order", None),
                    ),
                    _connector="OR",
                ),
                name="call_names_what_its_kind_asks_about",
            ),
        ),
    ]
