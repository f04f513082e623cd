"""Lets the database refuse instants that don't belong together. Does not run beside the previous release."""

from decimal import Decimal
from pathlib import Path

import django.db.models.deletion
import django.db.models.functions
import django.db.models.lookups
from django.db import migrations, models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import CombinedExpression

SQL = (Path(__file__).parents[1] / "sql" / "instants_v1.sql").read_text(encoding="utf-8")
BACK = """
DROP TRIGGER due_moves_with_its_clock ON clocks_due;
CREATE OR REPLACE FUNCTION aggregate_due_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM clocks_clock c WHERE c.id = NEW.clock_id AND c.issue_id = NEW.issue_id) THEN
        PERFORM aggregate_refuse('due_is_of_one_issue', 'due_is_of_one_issue: its clock is another''s');
    END IF;
    RETURN NEW;
END
$$;
"""


def _seconds(span: CombinedExpression | F) -> Func:
    return Func(span, template="extract(epoch FROM %(expressions)s)", output_field=models.DecimalField())


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0009_instants_of_what_began_before"),
        ("intake", "0005_far_positions"),
        ("issues", "0007_declined_lately"),
        ("orders", "0006_forwards_go_down"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(fields=("issue", "card_id"), name="card_id_is_given_once_per_issue"),
        ),
        migrations.AlterField(
            model_name="clock",
            name="issue",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clocks",
                to="issues.issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=Q(("amber_share__gte", 1), ("amber_share__lte", 99)), name="amber_share_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("amber_at", None), ("due_at", None)),
                    Q(
                        django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.Abs(
                                _seconds(F("amber_at") - F("started_at") - F("paused_for")) * Value(100)
                                - _seconds(F("allowance")) * F("amber_share"),
                                output_field=models.DecimalField(),
                            ),
                            Decimal("0.00005"),
                        ),
                        ("amber_at__isnull", False),
                        ("due_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="turns_amber_at_its_share",
            ),
        ),
        migrations.RunSQL(SQL, BACK),
    ]
