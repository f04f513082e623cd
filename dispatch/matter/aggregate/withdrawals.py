"""Who took a matter back: each reporter for the own report only. An issue is withdrawn when all of its reporters did.

Plain functions over a locked issue, whose lock covers the reports that were merged into it. Source: docs/rules.md.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report


def reports_of_matter(issue: Issue) -> QuerySet[Report]:
    """The reports of an issue, and those of the issues that were merged into it."""
    return Report.objects.filter(Q(issue=issue) | Q(issue__merged_into=issue))


def settle(matter: Aggregate, *, joining: Sequence[Report] = (), leaving: UUID | None = None) -> None:
    """Says on the issue when the last of its reporters withdrew; None while one of them still stands by it.

    joining   reports of an issue that is being merged into this one
    leaving   an issue that is being unmerged from it
    One statement when others are merged into it, else none.
    """
    issue = matter.issue
    times = [report.withdrawn_at for report in (*matter.reports, *joining)]
    if issue.reports_merged:
        others = Report.objects.filter(issue__merged_into=issue).exclude(issue=leaving)
        times += others.values_list("withdrawn_at", flat=True)
    known = [time for time in times if time is not None]
    issue.withdrawn_at = max(known) if len(known) == len(times) else None


def forget(matter: Aggregate) -> None:
    """The matter starts over: reporters who took it back are asked again. One statement."""
    reports_of_matter(matter.issue).update(withdrawn_at=None)
    matter.issue.withdrawn_at = None
    for report in matter.reports:
        report.withdrawn_at = None
