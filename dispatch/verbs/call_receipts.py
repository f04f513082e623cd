"""A browser tells that it has a push, or shows it. It shows the proof that came sealed in the push, and no session."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from command.outside.receipts import proves
from dispatch.matter.call_law.outside import receive
from dispatch.matter.calls.models import Attempt
from realtime.feed.errors import NotFound


def receive_push(device: UUID, attempts: Sequence[UUID], shown: str, *, displayed: bool) -> None:
    """Records it for each attempt that the push was for; a repeat changes nothing.

    A transaction for each issue. Raises NotFound for a wrong proof, and where nothing is kept of these attempts.
    """
    by_issue: dict[UUID, list[UUID]] = defaultdict(list)
    if proves(shown, device, attempts):
        rows = Attempt.objects.filter(pk__in=attempts).order_by("call__issue_id", "pk")
        for attempt, issue in rows.values_list("pk", "call__issue_id"):
            by_issue[issue].append(attempt)
    if not by_issue:
        raise NotFound("push.unknown", "没有这次推送。")
    for issue, own in by_issue.items():
        receive(issue, own, displayed=displayed)
