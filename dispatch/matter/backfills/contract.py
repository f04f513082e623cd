"""What is said of a step that happened on paper (补录). Pure: no Django, no clock, no database.

Source: docs/rules.md, "Whose time"; docs/decisions/0016-a-backfill-keeps-both-times.md.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.matter.issues.states import Deed
from dispatch.matter.issues.states import Verb as IssueVerb
from dispatch.matter.orders.states import Verb as OrderVerb
from realtime.words import Word

REPORT: Final = Deed.REPORT  # the step by which an issue begins; it has no verb in the state table
OF_ISSUES: Final = (IssueVerb.ACCEPT, IssueVerb.FILE, IssueVerb.DISPATCH)
OF_ORDERS: Final = (OrderVerb.ACKNOWLEDGE, OrderVerb.START, OrderVerb.FEED_BACK)


class Outage(Word):
    """Why it was not entered when it happened: the listed grounds of a backfill."""

    POWER_CUT = "power_cut", "停电"
    NETWORK_CUT = "network_cut", "断网"
    SYSTEM_OUTAGE = "system_outage", "系统停用"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """When a step happened, by the paper (UTC), and why it is entered only now."""

    happened_at: datetime
    ground: Outage
