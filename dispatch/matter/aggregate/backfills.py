"""Entering what happened on paper (补录): checks and marks that the step's own action calls. None of them records.

The step itself is the ordinary action, under the same lock and by the same state table; its time stays the database's.
"""

from datetime import datetime, timedelta

import orjson

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.rows import inserted
from dispatch.matter.backfills.contract import OnPaper
from dispatch.matter.backfills.models import Backfill
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.rights import must_backfill
from dispatch.matter.orders.models import Order
from realtime.feed.contract import Command
from realtime.feed.errors import Invalid
from realtime.feed.queries import facts_of

RULE = "计时·补录"
FIELD = "backfill.happened_at"


def enter(aggregate: Aggregate, row: Issue | Order, verb: str, on_paper: OnPaper | None, cmd: Command) -> None:
    """Marks the step that the action is taking as one that happened on paper; nothing for None.

    Call it after the state and the version were checked and before the first fact of the step is told: from then on
    every fact of the action says both times. The row is saved with the aggregate.

    Raises Forbidden (not the duty lead), Invalid (in the future, too old, before the previous step). Two statements.
    """
    if on_paper is None:
        return
    post_id = must_backfill(cmd.actor)
    _check(aggregate, row, on_paper.happened_at)
    aggregate.backfill = Backfill(
        issue=aggregate.issue,
        order=row if isinstance(row, Order) else None,
        version=row.version + 1,
        verb=verb,
        happened_at=on_paper.happened_at,
        entered_at=aggregate.at,
        ground=on_paper.ground,
        post_id=post_id,
        by=cmd.actor.principal,
    )


def save(aggregate: Aggregate) -> None:
    """Writes what `enter` has marked, after the issue and the order that it is about. One statement, or none."""
    if aggregate.backfill is not None:
        aggregate.writes.append(inserted(aggregate.backfill))


def _check(aggregate: Aggregate, row: Issue | Order, happened_at: datetime) -> None:
    if happened_at >= aggregate.at:
        raise Invalid(
            "backfill.in_the_future",
            "纸上时间晚于现在。",
            field=FIELD,
            rule=RULE,
            remedy="请核对日期和时刻；现在发生的，直接办理，不用补录。",
        )
    days = aggregate.settings.backfill_days
    if happened_at < aggregate.at - timedelta(days=days):
        raise Invalid(
            "backfill.too_old",
            f"纸上时间早于 {days} 天前，超出补录期限。",
            field=FIELD,
            rule=RULE,
            remedy="请核对日期；确为更早的事，直接办理，并在情况说明中写明原委。",
            extra={"days": days},
        )
    before = _last_step_at(aggregate, row)
    if before is not None and happened_at < before.replace(second=0, microsecond=0):  # paper knows minutes
        raise Invalid(
            "backfill.before_previous_step",
            "纸上时间早于上一步的时间。",
            field=FIELD,
            rule=RULE,
            remedy="请按先后次序补录：上一步也发生在纸上的，须先补录上一步；已直接办理的，以办理时间为准。",
            extra={"previous_at": before.isoformat()},
        )


def _last_step_at(aggregate: Aggregate, row: Issue | Order) -> datetime | None:
    """When an issue or an order came into its state: on paper, if that was backfilled too. None: it is new.

    Read from the feed, which knows both times of every step. What left the state as it was (a correction, a reply) may
    well have been done after the outage. One statement; none for a new row.
    """
    if not row.version:
        return None
    for fact in reversed(facts_of(aggregate.issue.centre_id, [row.pk])):
        body = orjson.loads(fact.bytes)["body"]
        if "to" in body and body["from"] != body["to"]:
            paper = body.get("backfill")
            return datetime.fromisoformat(paper["happened_at"]) if paper else fact.at
    return None
