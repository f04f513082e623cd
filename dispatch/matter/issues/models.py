"""Rows of issues. The constraints say what must never be; docs/rules.md, "An issue", says why."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from command.catalogue.contract import Level
from dispatch.matter.issues.outcomes import Ground, Outcome, Triage
from dispatch.matter.issues.states import OPEN, State

_OPEN = sorted(OPEN)
_TAKEN_IN = sorted(OPEN - {State.REPORTED})
_SENT = sorted({State.IN_HANDLING, State.SUSPENDED, State.FED_BACK})
_ENDED = sorted({State.CLOSED, State.ARCHIVED})


def number_text(number: int) -> str:
    """An issue's number as people read and say it: six digits, more when there are more."""
    return f"{number:06d}"


class Issue(models.Model):
    """A happening that the centre deals with (事项). Its row is locked first by every action on it or its children."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey("organisations.Centre", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # one gap-free sequence per centre, whatever the channel
    version = models.PositiveIntegerField(default=0)  # of the issue's card; 1 with the first fact
    last_at = models.DateTimeField()  # the aggregate's latest time: no later action has an earlier one
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    item = models.TextField()  # code of the catalogue
    level = models.TextField(choices=[(level.value, level.value) for level in Level])
    urgent = models.BooleanField()
    was_urgent = models.BooleanField(default=False, db_default=False)  # ever: only the duty lead declines it
    sensitive = models.BooleanField()
    cell = models.ForeignKey("grid.Cell", on_delete=models.PROTECT, null=True, related_name="+")  # null: unplaced
    place = models.TextField()  # path of the place that its facts are for: a grid at the finest, else the centre
    responsible = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("organisations.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    held_since = models.DateTimeField(null=True)  # the custody's open hop: null when the issue has ended
    round = models.PositiveIntegerField(default=1)
    channel = models.TextField()  # of its first report
    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    filed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)  # the first sending of an order
    suspended_at = models.DateTimeField(null=True)  # the latest approval
    suspended_until = models.DateTimeField(null=True)
    suspended_by = models.TextField(null=True)  # principal who approved
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)  # the reporter took it back; the desk closes or goes on
    emergency_at = models.DateTimeField(null=True)  # 110, 119 or 120 was told, the latest time
    settled = models.BooleanField(default=False)  # on the spot, without an order
    triage = models.TextField(null=True, choices=[(t.value, t.value) for t in Triage])  # null: not yet at its end
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    reports_merged = models.PositiveIntegerField(default=0)  # of the issues that were merged into this one
    last_by = models.TextField()  # principal of the last step, to tell a rival who was first
    ground = models.TextField(null=True, choices=[(g.value, g.value) for g in Ground])
    outcome = models.TextField(null=True, choices=[(o.value, o.value) for o in Outcome])
    told_at = models.DateTimeField(null=True)
    next_on = models.DateField(null=True)
    exercise = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(name="issue_number_is_given_once_per_centre", fields=["centre", "number"]),
            CheckConstraint(name="issue_number_is_positive", condition=Q(number__gte=1)),
            CheckConstraint(name="issue_version_is_positive", condition=Q(version__gte=1)),
            CheckConstraint(name="issue_state_is_known", condition=Q(state__in=sorted(State))),
            CheckConstraint(name="issue_has_category_and_level", condition=~Q(item="") & Q(level__in=sorted(Level))),
            CheckConstraint(name="issue_has_a_channel", condition=~Q(channel="")),
            CheckConstraint(name="issue_has_a_place_or_the_centre", condition=~Q(place="")),
            CheckConstraint(
                name="issue_is_held_since_some_time",
                condition=Q(holder=None, held_since=None) | Q(holder__isnull=False, held_since__isnull=False),
            ),
            CheckConstraint(
                name="issue_taken_in_has_time", condition=~Q(state__in=_TAKEN_IN) | Q(accepted_at__isnull=False)
            ),
            CheckConstraint(
                name="issue_sent_has_times",
                condition=~Q(state__in=_SENT) | Q(filed_at__isnull=False, sent_at__isnull=False),
            ),
            CheckConstraint(
                name="issue_verified_was_sent_or_settled",
                condition=~Q(state=State.VERIFIED) | Q(sent_at__isnull=False) | Q(settled=True),
            ),
            CheckConstraint(
                name="issue_settled_has_time",
                condition=Q(settled=False) | Q(verified_at__isnull=False, triage="settled"),
            ),
            CheckConstraint(
                name="issue_merged_names_its_target",
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into=None)),
            ),
            CheckConstraint(
                name="issue_is_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("pk"))
            ),
            CheckConstraint(
                name="issue_gone_holds_no_merged_reports",
                condition=~Q(state__in=sorted({State.DECLINED, State.MERGED, State.VOIDED})) | Q(reports_merged=0),
            ),
            CheckConstraint(
                name="issue_suspended_has_an_end",
                condition=Q(
                    state=State.SUSPENDED,
                    suspended_at__isnull=False,
                    suspended_until__gt=F("suspended_at"),
                    suspended_by__isnull=False,
                )
                | (~Q(state=State.SUSPENDED) & Q(suspended_at=None, suspended_until=None, suspended_by=None)),
            ),
            CheckConstraint(
                name="issue_archived_has_time",
                condition=Q(state=State.ARCHIVED, archived_at__isnull=False)
                | (~Q(state=State.ARCHIVED) & Q(archived_at=None)),
            ),
            CheckConstraint(
                name="issue_voided_has_time",
                condition=Q(state=State.VOIDED, voided_at__isnull=False) | (~Q(state=State.VOIDED) & Q(voided_at=None)),
            ),
            CheckConstraint(
                name="issue_closed_as_withdrawn_was_withdrawn",
                condition=~Q(outcome=Outcome.WITHDRAWN) | Q(withdrawn_at__isnull=False),
            ),
            CheckConstraint(name="issue_triage_is_known", condition=Q(triage=None) | Q(triage__in=sorted(Triage))),
            CheckConstraint(
                name="issue_closed_has_time_and_outcome",
                condition=Q(state__in=_ENDED, closed_at__isnull=False, outcome__isnull=False)
                | (~Q(state__in=_ENDED) & Q(closed_at=None, outcome=None)),
            ),
            CheckConstraint(
                name="issue_declined_has_ground",
                condition=Q(state=State.DECLINED, ground__isnull=False) | (~Q(state=State.DECLINED) & Q(ground=None)),
            ),
            CheckConstraint(
                name="issue_not_resolved_says_when_told",
                condition=~Q(outcome=Outcome.NOT_RESOLVED) | Q(told_at__isnull=False),
            ),
            CheckConstraint(
                name="issue_followed_has_next_date", condition=~Q(outcome=Outcome.FOLLOWED) | Q(next_on__isnull=False)
            ),
        ]
        indexes: ClassVar = [
            Index(name="issue_open", fields=["centre", "-number"], condition=Q(state__in=_OPEN)),
            Index(name="issue_by_state", fields=["centre", "state", "-number"]),
            Index(name="issue_by_place", fields=["centre", "place"], opclasses=["uuid_ops", "text_pattern_ops"]),
            Index(name="issue_by_item", fields=["centre", "item", "-number"]),
            Index(name="issue_by_channel", fields=["centre", "channel", "-number"]),
            Index(name="issue_by_time", fields=["centre", "-reported_at"]),
            Index(name="issue_declined_lately", fields=["centre", "last_at"], condition=Q(state=State.DECLINED)),
            Index(name="issue_to_archive", fields=["closed_at"], condition=Q(state=State.CLOSED)),
        ]


class IssueNumber(models.Model):
    """The last number given in a centre: one row, updated late in the action, so that a refusal leaves no gap."""

    centre = models.OneToOneField("organisations.Centre", on_delete=models.PROTECT, primary_key=True, related_name="+")
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [CheckConstraint(name="last_number_is_positive", condition=Q(last__gte=1))]


class Past(models.Model):
    """A centre's past (过往事项), filled in behind its present: how much of it there is, and how far it has come.

    Its numbers were reserved before the first report of today, and its issues are seen only ended, each in one commit.
    """

    centre = models.OneToOneField("organisations.Centre", on_delete=models.PROTECT, primary_key=True, related_name="+")
    first_number = models.PositiveIntegerField()  # of those that were reserved
    issues = models.PositiveIntegerField()  # so many belong to it
    filled_in = models.PositiveIntegerField(default=0)  # so many are in
    as_of = models.DateTimeField()  # the instant from which its times were counted back
    until = models.DateTimeField()  # all of it happened before: a period that begins earlier lacks what is not in yet
    reached = models.DateTimeField(null=True)  # the latest report among what is in
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="past_has_issues", condition=Q(issues__gte=1, first_number__gte=1)),
            CheckConstraint(
                name="past_is_complete_with_its_last_issue",
                condition=Q(filled_in=F("issues"), completed_at__isnull=False)
                | Q(filled_in__lt=F("issues"), completed_at=None),
            ),
            CheckConstraint(name="past_ends_before_its_times_were_counted", condition=Q(until__lte=F("as_of"))),
        ]


class IssueKey(models.Model):
    """The key that seals one issue's personal data, itself sealed. Without this row the data is gone for good."""

    issue = models.OneToOneField(Issue, on_delete=models.PROTECT, primary_key=True, related_name="key")
    wrapped = models.BinaryField()


class NoteKind(models.TextChoices):
    """What a sealed note says."""

    DECLINE_TEXT = "decline_text"  # to the reporter
    PASSED_UP = "passed_up"  # what was tried, for who takes it next
    RECONSIDER_REASON = "reconsider_reason"
    MERGE_REASON = "merge_reason"
    UNMERGE_REASON = "unmerge_reason"
    SETTLEMENT = "settlement"  # what the parties agreed on the spot
    DISPATCH_REASON = "dispatch_reason"  # why another unit than the catalogue's
    REDISPATCH_REASON = "redispatch_reason"
    SUSPEND_REASON = "suspend_reason"
    RESUME_REASON = "resume_reason"
    RECALL_REASON = "recall_reason"
    REQUEST_TEXT = "request_text"
    RULING_REASON = "ruling_reason"
    REOPEN_REASON = "reopen_reason"
    VOID_REASON = "void_reason"
    AMEND_REASON = "amend_reason"
    WITHDRAW_REASON = "withdraw_reason"
    EMERGENCY_ANSWER = "emergency_answer"  # what 110, 119 or 120 said
    REWORK_REASON = "rework_reason"
    CLOSE_REASON = "close_reason"
    WAIVE_REASON = "waive_reason"
    REVEAL_REASON = "reveal_reason"
    FEEDBACK = "feedback"
    CALL_NOTE = "call_note"  # of a telephone call of the desk's
    MESSAGE = "message"  # within the matter, a progress note among them


class Note(models.Model):
    """Words that belong to a fact, sealed. Facts name a note by id; only who may see the issue reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="notes")
    kind = models.TextField(choices=NoteKind.choices)
    at = models.DateTimeField()
    by = models.TextField()  # principal
    sealed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(name="note_kind_is_known", condition=Q(kind__in=sorted(NoteKind.values)))
        ]


class Drawn(models.Model):
    """By which code a centre's open cards were last looked through, or are being: `redrawing.py` writes it."""

    centre = models.OneToOneField("organisations.Centre", on_delete=models.PROTECT, primary_key=True, related_name="+")
    code = models.TextField()  # SHA-256 in hex


class Redrawing(models.Model):
    """A centre whose open objects are being looked through: other code may make other cards of them. No row: done."""

    centre = models.OneToOneField("organisations.Centre", on_delete=models.PROTECT, primary_key=True, related_name="+")
    after = models.UUIDField(null=True)  # the last issue that was told; None: begun with none
