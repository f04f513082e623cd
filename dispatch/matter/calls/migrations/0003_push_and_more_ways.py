"""Attempts by more ways, and what a browser told of a push. Runs beside the release before: that one makes none of them."""

from django.db import migrations, models

import command.outside.contract
import dispatch.matter.calls.states


class Migration(migrations.Migration):
    dependencies = [
        ("calls", "0002_outside"),
        ("people", "0007_post_of_one_unit"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempt_channel_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempt_outcome_is_known",
        ),
        migrations.AddField(
            model_name="attempt",
            name="delivered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="displayed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="channel",
            field=models.TextField(
                choices=[
                    ("page", "打开的页面"),
                    ("push", "网页推送"),
                    ("sms", "短信网关"),
                    ("wecom", "企业微信"),
                    ("dingtalk", "钉钉"),
                    ("voice", "语音网关"),
                    ("wecom_group", "企业微信群"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="outcome",
            field=models.TextField(
                choices=[
                    ("delivered", "已送出"),
                    ("no_number", "没有工作电话"),
                    ("no_device", "没有可推送的设备"),
                    ("gone", "设备已停止接收推送"),
                    ("unseen", "设备没有收到"),
                    ("unknown_there", "对方没有此人"),
                    ("refused", "对方拒绝"),
                    ("secret_wrong", "密钥不被接受"),
                    ("redirected", "对方要求转到别处，已拒绝"),
                    ("address_barred", "地址不允许"),
                    ("certificate", "证书不可信"),
                    ("timed_out", "超时"),
                    ("unreachable", "连不上"),
                    ("unavailable", "对方故障"),
                    ("unreadable", "回答无法识别"),
                    ("not_recorded", "中途中断，结果不明"),
                    ("not_in_use", "已停用"),
                    ("not_needed", "已无须叫应"),
                ],
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "channel__in",
                        [
                            dispatch.matter.calls.states.Way["DINGTALK"],
                            dispatch.matter.calls.states.Way["PAGE"],
                            dispatch.matter.calls.states.Way["PUSH"],
                            dispatch.matter.calls.states.Way["SMS"],
                            dispatch.matter.calls.states.Way["VOICE"],
                            dispatch.matter.calls.states.Way["WECOM"],
                            dispatch.matter.calls.states.Way["WECOM_GROUP"],
                        ],
                    )
                ),
                name="attempt_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", None),
                    (
                        "outcome__in",
                        [
                            command.outside.contract.Outcome["ADDRESS_BARRED"],
                            command.outside.contract.Outcome["CERTIFICATE"],
                            command.outside.contract.Outcome["DELIVERED"],
                            command.outside.contract.Outcome["GONE"],
                            command.outside.contract.Outcome["NO_DEVICE"],
                            command.outside.contract.Outcome["NO_NUMBER"],
                            command.outside.contract.Outcome["NOT_IN_USE"],
                            command.outside.contract.Outcome["NOT_NEEDED"],
                            command.outside.contract.Outcome["NOT_RECORDED"],
                            command.outside.contract.Outcome["REDIRECTED"],
                            command.outside.contract.Outcome["REFUSED"],
                            command.outside.contract.Outcome["SECRET_WRONG"],
                            command.outside.contract.Outcome["TIMED_OUT"],
                            command.outside.contract.Outcome["UNAVAILABLE"],
                            command.outside.contract.Outcome["UNKNOWN_THERE"],
                            command.outside.contract.Outcome["UNREACHABLE"],
                            command.outside.contract.Outcome["UNREADABLE"],
                            command.outside.contract.Outcome["UNSEEN"],
                        ],
                    ),
                    _connector="OR",
                ),
                name="attempt_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivered_at", None), ("displayed_at", None)),
                    models.Q(
                        ("channel", dispatch.matter.calls.states.Way["PUSH"]),
                        ("delivered_at__gte", models.F("attempted_at")),
                        ("displayed_at", None),
                    ),
                    models.Q(
                        ("channel", dispatch.matter.calls.states.Way["PUSH"]),
                        ("displayed_at__gte", models.F("delivered_at")),
                    ),
                    _connector="OR",
                ),
                name="only_of_a_push_a_browser_tells",
            ),
        ),
    ]
