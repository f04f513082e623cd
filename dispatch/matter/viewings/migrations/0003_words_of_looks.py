# The Chinese words of the codes; the columns stay as they are.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("viewings", "0002_stay"),
    ]

    operations = [
        migrations.AlterField(
            model_name="viewing",
            name="reason",
            field=models.TextField(
                choices=[
                    ("desk", "值班席办理"),
                    ("order", "承办派遣单"),
                    ("held", "本级受理或当场化解"),
                    ("reported", "本人上报"),
                ]
            ),
        ),
        migrations.AlterField(
            model_name="viewing",
            name="what",
            field=models.TextField(choices=[("photo", "照片"), ("document", "附件"), ("slip", "受理回执")]),
        ),
    ]
