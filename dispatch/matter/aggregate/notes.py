"""Words that go with a fact: checked, sealed, read back. Facts only name them by id."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.cards.issues import log_card
from dispatch.matter.facts import Shown
from dispatch.matter.issues.keys import seal_of
from dispatch.matter.issues.models import Issue, Note, NoteKind
from dispatch.matter.texts.emergencies import numbers_in
from gis.names import codepoint, shows_something
from realtime.feed.contract import Command
from realtime.feed.errors import Conflict, Invalid

MAX_NOTE_CHARS: Final = 2_000
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")  # all but tabs, breaks of lines and pages
# What reporters and units say, and who passes a matter up: looked over for words of danger.
_FROM_OUTSIDE: Final = frozenset(
    {NoteKind.WITHDRAW_REASON, NoteKind.PASSED_UP, NoteKind.FEEDBACK, NoteKind.REQUEST_TEXT}
)


def checked(text: str, field: str, *, limit: int = MAX_NOTE_CHARS) -> str:
    """The text without blanks around it. Raises Invalid for one longer than `limit` characters, or that looks empty.

    NULs, zero-width spaces and blanks of other scripts are nothing to whoever has to act on it. Sealed, a control
    character would pass PostgreSQL unseen and break every sheet and file that the text is later written to: it is
    refused as well.
    """
    words = text.strip()
    if not shows_something(words):
        raise Invalid("text.empty", "内容不能为空。", field=field, rule="文字", remedy="请填写内容。")
    if len(words) > limit:
        raise Invalid(
            "text.too_long",
            f"内容有 {len(words)} 字，最多 {limit} 字。",
            field=field,
            rule="文字",
            remedy=f"请精简到 {limit} 字以内。",
        )
    if control := _CONTROL.search(words):
        raise Invalid(
            "request.unstorable",
            f"第 {control.start() + 1} 个字符是看不见的控制字符（{codepoint(control[0])}），无法保存。",
            field=field,
            rule="文字",
            remedy="请删去该字符，或重新输入这段文字后再提交。",
        )
    return words


def sealed_note(aggregate: Aggregate, kind: NoteKind, text: str, *, by: str) -> Note:
    """A note of the aggregate's issue, sealed, not yet saved; its words of danger are told with the fact.

    Raises Conflict for an erased issue. One statement.
    """
    seal = seal_of(aggregate.issue.pk)
    if seal is None:
        raise Conflict("issue.erased", "该事项的个人信息已按规定删除，不能再补充文字。")
    if kind in _FROM_OUTSIDE:
        aggregate.danger = numbers_in(text)
    note_id = uuid.uuid4()
    sealed = seal.seal(text, _binding(note_id))
    return Note(id=note_id, issue=aggregate.issue, kind=kind, at=aggregate.at, by=by, sealed=sealed)


def note(aggregate: Aggregate, kind: NoteKind, text: str, field: str, cmd: Command) -> Note:
    """A sealed note with the words of a field, sent with the facts. Raises Invalid (empty, too long), Conflict."""
    row = sealed_note(aggregate, kind, checked(text, field), by=cmd.actor.principal)
    aggregate.put(row)
    return row


def note_if(aggregate: Aggregate, kind: NoteKind, text: str | None, field: str, cmd: Command) -> UUID | None:
    """The id of such a note; None without words."""
    return note(aggregate, kind, text, field, cmd).pk if text else None


def shown_once(issue: Issue, row: Note) -> Shown:
    """An object that is told once and never again: the note's id, and of which issue."""
    return Shown(row.pk, 1, log_card(issue))


def read_notes(issue_id: UUID) -> Mapping[UUID, str]:
    """All notes of an issue in clear, by id; empty when its key was destroyed. Two statements."""
    seal = seal_of(issue_id)
    if seal is None:
        return {}
    notes = Note.objects.filter(issue_id=issue_id)
    return {note.pk: seal.open(bytes(note.sealed), _binding(note.pk)) for note in notes}


def told_by_notes(issue_id: UUID, kind: NoteKind) -> list[tuple[datetime, str]]:
    """When the notes of one kind were written and what they say, the first first. Two statements; one without any."""
    rows = list(Note.objects.filter(issue_id=issue_id, kind=kind).order_by("at", "pk"))
    seal = seal_of(issue_id) if rows else None
    return [(row.at, seal.open(bytes(row.sealed), _binding(row.pk))) for row in rows] if seal else []


def _binding(note_id: UUID) -> str:
    return f"note:{note_id}"
