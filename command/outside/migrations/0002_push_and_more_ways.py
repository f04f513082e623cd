"""More kinds of ways, and browsers that take pushes. Runs beside the release before: that one makes none of them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import command.outside.contract


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_mediation_committees"),
        ("outside", "0001_outside"),
        ("people", "0007_post_of_one_unit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("endpoint_digest", models.BinaryField()),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="way",
            name="outside_way_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="way",
            name="wecom_names_corp_and_agent",
        ),
        migrations.AlterField(
            model_name="way",
            name="kind",
            field=models.TextField(
                choices=[
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
            model_name="way",
            name="last_outcome",
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
        migrations.AlterField(
            model_name="way",
            name="test_outcome",
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
            model_name="way",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            command.outside.contract.OutsideWay["DINGTALK"],
                            command.outside.contract.OutsideWay["PUSH"],
                            command.outside.contract.OutsideWay["SMS"],
                            command.outside.contract.OutsideWay["VOICE"],
                            command.outside.contract.OutsideWay["WECOM"],
                            command.outside.contract.OutsideWay["WECOM_GROUP"],
                        ],
                    )
                ),
                name="outside_way_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="way",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            (
                                command.outside.contract.OutsideWay["WECOM"],
                                command.outside.contract.OutsideWay["DINGTALK"],
                            ),
                        ),
                        _negated=True,
                    ),
                    models.Q(models.Q(("corp", ""), _negated=True), ("agent__isnull", False)),
                    _connector="OR",
                ),
                name="outside_application_names_corp_and_agent",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="sign_in",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="push_subscription", to="people.signin"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("endpoint_digest",), name="a_browser_takes_pushes_for_one_person"
            ),
        ),
    ]
