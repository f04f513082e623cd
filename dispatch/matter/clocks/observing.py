"""Device time: what was observed offline may start a relay up earlier, never stop one.

Source: docs/rules.md, "Whose time".
"""

from datetime import datetime

from command.people.queries import last_sign_in
from dispatch.matter.reports.models import Report
from realtime.delivery.queries import last_contact


def relay_began_at(report: Report, *, received_at: datetime) -> datetime:
    """When the relay up of a report began: at receipt, or as early as its device says and can have been out of reach.

    Since its last contact a device can't have told us; before it, it could have. The connection or sign-in that
    brings the report is no such contact. Another system's device is not known to us: its reports start at our
    interface. No statement without `observed_at`, else two at most.
    """
    observed_at = report.observed_at
    if observed_at is None or observed_at >= received_at or not report.by.startswith("person:"):
        return received_at
    contacts = [last_contact(report.centre_id, report.by, told_of=observed_at), last_sign_in(report.by)]
    known = [contact for contact in contacts if contact is not None]
    if not known:
        return received_at
    return min(received_at, max(observed_at, *known))
