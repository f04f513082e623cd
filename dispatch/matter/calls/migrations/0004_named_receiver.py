"""A rung before all others: the named receiver of an order. Runs beside the release before, which calls nobody by it."""

from django.db import migrations, models

RUNGS = {
    "receiver": "指定接收人",
    "duty_officer": "值班员",
    "liaison": "联络员",
    "deputy": "副职",
    "head": "负责人",
    "duty_lead": "值班长",
}


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_push_and_more_ways"), ("orders", "0007_named_receiver")]

    operations = [
        operation
        for model in ("attempt", "call")
        for operation in (
            migrations.RemoveConstraint(model_name=model, name=f"{model}_rank_is_known"),
            migrations.AlterField(model_name=model, name="rank", field=models.TextField(choices=list(RUNGS.items()))),
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(
                    condition=models.Q(("rank__in", sorted(RUNGS))), name=f"{model}_rank_is_known"
                ),
            ),
        )
    ]
