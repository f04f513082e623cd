"""The number that a report has with who sent it, such as 12345's or 110's: how a search finds the issue by it.

Source: docs/rules.md, "An issue".
"""

import unicodedata
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, Func, OuterRef, Q, TextField

from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report

SHORTEST_TAIL: Final = 4  # characters: of fewer nearly every number is an end
_FEW: Final = 300  # of more, some issue of the newest has one: the search ends early
_PARTING: Final = str.maketrans("", "", " -_/.#:()[]〔〕（）【】")  # as the function `senders_number_backwards`


def brought_as(words: str, centre_id: UUID, *, seen: Q, handled: Q) -> Q:
    """The issues of which a report came under this number, and those that such a one was merged into.

    The number is given whole, or by its end of four characters or more. Case, blanks and signs that part it are
    nothing.

    seen     the issues that who asks may see
    handled  the issues whose merged reports who asks reads, too
    One statement, by the index `report_by_senders_number`; none for words that can be no number.
    """
    backwards = _backwards(words)
    if not any(character.isdigit() for character in backwards):
        return Q(pk__in=[])
    ends = Func(F("source_number"), function="senders_number_backwards", output_field=TextField())
    reports = Report.objects.filter(centre_id=centre_id, source_number__isnull=False).annotate(ends=ends)
    whole = len(backwards) < SHORTEST_TAIL
    reports = reports.filter(ends=backwards) if whole else reports.filter(ends__startswith=backwards)
    own = Issue.objects.filter(seen, pk=OuterRef("issue_id"))
    target = Issue.objects.filter(handled, pk=OuterRef("issue__merged_into"))
    reports = reports.filter(Exists(own) | Exists(target))
    found = list(reports.values_list("issue_id", "issue__merged_into")[: _FEW + 1])
    if len(found) <= _FEW:
        return Q(pk__in={key for pair in found for key in pair if key is not None})
    merged = reports.filter(issue__merged_into=OuterRef("pk"))
    return Q(Exists(reports.filter(issue=OuterRef("pk")))) | Q(Exists(merged))


def _backwards(words: str) -> str:
    plain = unicodedata.normalize("NFKC", "".join(words.split()))
    return plain.upper().translate(_PARTING)[::-1]
