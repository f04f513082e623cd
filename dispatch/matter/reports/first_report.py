"""What a sender's number brought first: another report with it gets the first one's answer."""

from dataclasses import dataclass
from uuid import UUID

import orjson
import rfc8785

from dispatch.matter.reports.models import Report
from realtime.feed.contract import Answer, Audience
from realtime.feed.queries import facts_of


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The first report of a number: its answer, byte for byte, who made it, and who sees its issue now."""

    answer: Answer
    by: str  # principal
    audience: Audience


def first_report(centre_id: UUID, channel: str, source_number: str) -> FirstReport | None:
    """The report that brought this number first; None for a new number. Two statements."""
    found = Report.objects.filter(centre_id=centre_id, channel=channel, source_number=source_number)
    row = found.values_list("issue_id", "by").first()
    if row is None:
        return None
    issue_id, by = row
    facts = facts_of(centre_id, [issue_id])
    first = orjson.loads(facts[0].bytes)
    answer = {"card": first["card"], "object": first["object"], "seq": facts[0].seq, "version": first["version"]}
    seen_by = Audience.of_wire(orjson.loads(facts[-1].audience)["after"])
    return FirstReport(Answer(rfc8785.dumps(answer)), by, seen_by)
