"""Which facts mark an issue as changed for those who see them. Pure. Source: docs/rules.md, "The unseen mark".

What marks comes with words or a judgement of somebody else, which whoever deals with the matter has to read. The next
step of the state table alone does not: the row shows it. `sql/unseen_v3.sql` names the same facts; a test compares.
"""

from typing import Final

MARKING: Final = frozenset(
    {
        "report.added",
        "report.rated",
        "report.reconsideration_asked",
        "reply.made",
        "issue.withdrawn",
        "issue.passed_up",
        "issue.took_in",
        "issue.unmerged",
        "issue.amended",
        "issue.emergency_referred",
        "issue.suspended",
        "issue.resumed",
        "issue.reconsidered",
        "issue.reopened",
        "order.fed_back",
        "order.reworked",
        "return.requested",
        "return.granted",
        "return.compelled",
        "message.made",
        "message.progress_noted",
    }
)
# How the matter ended: the desk's own step, and the answer to the member who reported it.
MARKING_FOR_MEMBERS: Final = frozenset({"issue.declined", "issue.closed"})
# The issue leaves the boards: what was marked before is over.
ENDING: Final = frozenset({"issue.declined", "issue.closed", "issue.merged", "issue.voided", "issue.archived"})
