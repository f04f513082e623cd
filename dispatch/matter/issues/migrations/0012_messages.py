"""Notes that are messages. Runs beside the previous release."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0011_past"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="note",
            name="note_kind_is_known",
        ),
        migrations.AlterField(
            model_name="note",
            name="kind",
            field=models.TextField(
                choices=[
                    ("decline_text", "Decline Text"),
                    ("passed_up", "Passed Up"),
                    ("reconsider_reason", "Reconsider Reason"),
                    ("merge_reason", "Merge Reason"),
                    ("unmerge_reason", "Unmerge Reason"),
                    ("settlement", "Settlement"),
                    ("dispatch_reason", "Dispatch Reason"),
                    ("redispatch_reason", "Redispatch Reason"),
                    ("suspend_reason", "Suspend Reason"),
                    ("resume_reason", "Resume Reason"),
                    ("recall_reason", "Recall Reason"),
                    ("request_text", "Request Text"),
                    ("ruling_reason", "Ruling Reason"),
                    ("reopen_reason", "Reopen Reason"),
                    ("void_reason", "Void Reason"),
                    ("amend_reason", "Amend Reason"),
                    ("withdraw_reason", "Withdraw Reason"),
                    ("emergency_answer", "Emergency Answer"),
                    ("rework_reason", "Rework Reason"),
                    ("close_reason", "Close Reason"),
                    ("waive_reason", "Waive Reason"),
                    ("reveal_reason", "Reveal Reason"),
                    ("feedback", "Feedback"),
                    ("call_note", "Call Note"),
                    ("message", "Message"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "amend_reason",
                            "call_note",
                            "close_reason",
                            "decline_text",
                            "dispatch_reason",
                            "emergency_answer",
                            "feedback",
                            "merge_reason",
                            "message",
                            "passed_up",
                            "recall_reason",
                            "reconsider_reason",
                            "redispatch_reason",
                            "reopen_reason",
                            "request_text",
                            "resume_reason",
                            "reveal_reason",
                            "rework_reason",
                            "ruling_reason",
                            "settlement",
                            "suspend_reason",
                            "unmerge_reason",
                            "void_reason",
                            "waive_reason",
                            "withdraw_reason",
                        ],
                    )
                ),
                name="note_kind_is_known",
            ),
        ),
    ]
