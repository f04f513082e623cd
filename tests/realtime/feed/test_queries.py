"""What is read back of the feed: the latest facts of objects, at the versions that their rows have."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

from realtime.feed.models import StoredFact
from realtime.feed.queries import latest_facts
from tests.realtime.feed.toys import DESK, move, moved, toy_command

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(centre_id: UUID) -> QuerySet[StoredFact, Any]:
    """Rows that know an object's id and version: here the facts themselves."""
    return StoredFact.objects.filter(centre_id=centre_id).order_by().values_list("object_id", "version")


def test_an_object_is_as_its_latest_fact_tells_it(real_centre: UUID) -> None:
    toy = uuid4()
    move(toy_command(real_centre), moved(toy))
    move(toy_command(real_centre), moved(toy, version=2))
    latest = rows_of(real_centre).filter(version=2)
    (told,) = latest_facts(real_centre, latest)
    assert (told.kind, told.id, told.version, told.audience) == ("toy", toy, 2, DESK)
    assert told.card["open"] is True


def test_a_scope_that_can_hold_none_of_them_is_told_nothing(real_centre: UUID) -> None:
    """Django knows that no row can match, and has no statement for it."""
    move(toy_command(real_centre))
    with CaptureQueriesContext(connection) as asked:
        assert list(latest_facts(real_centre, rows_of(real_centre).filter(object_id__in=[]))) == []
    assert len(asked) == 0


def test_one_source_of_several_may_be_such(real_centre: UUID) -> None:
    """A snapshot asks for issues, orders and requests at once; who holds no unit has no orders."""
    toy = uuid4()
    move(toy_command(real_centre), moved(toy))
    rows = rows_of(real_centre)
    both = rows.filter(object_id__in=[]).union(rows.filter(object_id=toy), all=True)
    assert [told.id for told in latest_facts(real_centre, both)] == [toy]


def test_a_row_that_no_fact_tells_of_is_never_left_out_in_silence(real_centre: UUID) -> None:
    move(toy_command(real_centre))
    ahead = rows_of(real_centre).annotate(next=Length("name")).values_list("object_id", "next")
    with pytest.raises(LookupError, match="reconcile"):
        list(latest_facts(real_centre, ahead))
