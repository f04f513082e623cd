"""Words for copied issues: a copy's sealed bytes are bound to the original, so nothing opens them."""

import json
import os
import random
from collections.abc import Iterable
from uuid import UUID

import psycopg

from command.catalogue.queries import items
from demo.seed.messages import message
from dispatch.matter.issues.keys import new_key, seal_of_row
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from dispatch.reading import duplicates as queries
from dispatch.verbs.report import binding


def give_words(issue_ids: Iterable[UUID]) -> None:
    """Seals new words, such as the demonstration tells, into issues and all that they are compared with."""
    choose = random.Random(60)
    reports: dict[UUID, Report] = {}
    for issue in Issue.objects.filter(pk__in=list(issue_ids)):
        own = Report.objects.select_related("issue").filter(issue=issue).order_by("received_at").first()
        if own is not None:
            reports |= {row.pk: row for row in (own, *queries._others(issue, own))}
    known = {item.code: item for item in items(next(iter(reports.values())).centre_id).values()} if reports else {}
    keys = {row.issue_id: new_key(row.issue_id) for row in reports.values()}
    sealed = [
        (
            seal_of_row(keys[row.issue_id]).seal(
                json.dumps({"text": message(known[row.issue.item], choose), "address": None}), binding(row.pk)
            ),
            row.pk,
        )
        for row in reports.values()
    ]
    with psycopg.connect(os.environ["RELAY_DATABASE_OWNER_URL"]) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_report DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE issues_issuekey DISABLE TRIGGER USER")
        cursor.executemany(
            "UPDATE issues_issuekey SET wrapped = %s WHERE issue_id = %s",
            [(key.wrapped, issue_id) for issue_id, key in keys.items()],
        )
        cursor.executemany("UPDATE intake_report SET sealed = %s WHERE id = %s", sealed)
        cursor.execute("ALTER TABLE intake_report ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE issues_issuekey ENABLE TRIGGER USER")
