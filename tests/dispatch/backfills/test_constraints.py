"""What the database itself refuses of a backfill, whoever writes: each constraint by its name."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from command.people.models import Post
from dispatch.matter.backfills.models import Backfill
from tests.dispatch.desk import Desk
from tests.dispatch.paper import FROM_PAPER

ACKNOWLEDGED = FROM_PAPER["acknowledge_from_paper"]


def entered(desk: Desk) -> Backfill:
    """A backfill as the action writes it."""
    ACKNOWLEDGED.run(desk, ACKNOWLEDGED.prepare(desk))
    return Backfill.objects.get()


def again(row: Backfill, **changes: Any) -> None:
    """Writes the same row as another one, with some columns changed."""
    row.pk, row.version = uuid4(), row.version + 1
    for column, value in changes.items():
        setattr(row, column, value)
    with transaction.atomic():
        row.save(force_insert=True)


CHANGES: dict[str, dict[str, Any]] = {
    "backfill_ground_is_listed": {"ground": "forgotten"},
    "backfill_is_of_a_listed_step": {"verb": "accept"},
    "backfill_is_entered_by_a_person": {"by": "api:somebody"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_database_refuses(desk: Desk, name: str) -> None:
    row = entered(desk)
    with pytest.raises(IntegrityError, match=name):
        again(row, **CHANGES[name])


def test_it_happened_before_it_was_entered(desk: Desk) -> None:
    row = entered(desk)
    with pytest.raises(IntegrityError, match="backfill_happened_before_it_was_entered"):
        again(row, happened_at=row.entered_at + timedelta(seconds=1))


def test_a_step_is_backfilled_once(desk: Desk) -> None:
    row = entered(desk)
    with pytest.raises(IntegrityError, match="step_is_backfilled_once"):
        again(row, version=row.version)
    again(row, order=None, verb="accept", version=1)
    with pytest.raises(IntegrityError, match="step_is_backfilled_once"):
        again(row, version=1)  # of the issue, where no order tells two rows apart


@pytest.mark.parametrize("username", ["duty1", "chengguan", "admin"])
def test_no_other_post_vouches_for_it(desk: Desk, username: str) -> None:
    row = entered(desk)
    post = Post.objects.filter(person__username=username).first()
    with pytest.raises(IntegrityError, match="backfill_is_a_duty_leads"):
        again(row, post=post)


def test_it_is_of_its_issues_order_and_its_centres_lead(desk: Desk, other_desk: Desk) -> None:
    row = entered(desk)
    with pytest.raises(IntegrityError, match="backfill_is_of_one_issue"):
        again(row, issue_id=desk.dispatched())
    row = Backfill.objects.get()
    with pytest.raises(IntegrityError, match="backfill_is_of_one_issue"):
        again(row, post=Post.objects.get(person__username="o_lead"))


def test_it_stays_as_it_was(desk: Desk) -> None:
    entered(desk)
    rows = Backfill.objects.all()
    for act in (lambda: rows.update(happened_at=F("entered_at") - timedelta(hours=9)), rows.delete):
        with pytest.raises(IntegrityError, match="backfill_stays_as_it_was"), transaction.atomic():
            act()


@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE"])
def test_the_application_may_not_even_ask(db: None, privilege: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('relay_app', 'backfills_backfill', %s)", [privilege])
        assert cursor.fetchone() == (False,)
