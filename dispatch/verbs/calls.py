"""应答 and 电话叫应: a person says that a call has reached somebody. Neither stops a clock, nor is it 签收.

Nothing that is past due is fired here: who answered in the last moment did answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from command.access import Right, Role
from command.organisations.queries import unit
from command.people.models import Post
from command.settings.queries import settings_of
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.notes import note_if
from dispatch.matter.aggregate.rows import inserted
from dispatch.matter.call_law.following import answered, post_of
from dispatch.matter.call_law.recording import change_of
from dispatch.matter.calls.facts import CallTelephoned
from dispatch.matter.calls.models import Attempt, Call, Telephoning
from dispatch.matter.calls.states import HEARD, RUNNING, Reached, State, Verb, step
from dispatch.matter.cards.calls import audience_of
from dispatch.matter.clock_law.escalating import answer as answer_step
from dispatch.matter.issues.models import Issue, NoteKind
from realtime.feed import clock
from realtime.feed.actions import once, record, wire_time
from realtime.feed.contract import Actor, Answer, Change, Command, Json
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound
from realtime.feed.statements import Statement

RULE = "叫应"


@transaction.atomic(durable=True)
def answer(call_id: UUID, *, cmd: Command) -> Answer:
    """应答: the caller's post was called, and its holder says so; nobody else is called any more.

    Where another call goes on from this one, that one is answered. Raises Replayed, KeyReused, NotFound, Forbidden (not
    called), Conflict (it has ended: which post took it, and when).
    """
    once(cmd)
    issue, call = _lock(call_id, cmd.actor)
    cmd.actor.must(Right.CALLS_ANSWER)
    while call.into_id is not None:
        call = Call.objects.select_related("answered_post", "escalation__clock").get(pk=call.into_id)
    if call.state not in RUNNING:
        raise _moved_on(call, Verb.ANSWER)
    post = post_of(cmd.actor, call)
    if post is None or post.pk not in call.posts:
        raise Forbidden("call.not_called", "这次叫应没有呼叫您的岗位。", rule=RULE, remedy="请由被叫应的岗位应答。")
    at = clock.at(issue.last_at)
    changes = [answered(call, issue, post, at, by=cmd.actor.principal)]
    return _finish(issue, call, changes, at, cmd)


@transaction.atomic(durable=True)
def telephone(call_id: UUID, post_id: UUID, outcome: Reached, text: str | None, *, cmd: Command) -> Answer:
    """What came of ringing one of the called posts by telephone: 接通 and 已转达 end the call, 未接 and 空号 do not.

    text  a note, sealed with the issue's key
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (it is not on the telephone list, erased), Invalid.
    """
    once(cmd)
    issue, call = _lock(call_id, cmd.actor)
    cmd.actor.must(Right.CALLS_TELEPHONE, about=audience_of(call, issue))
    heard = outcome in HEARD
    verb = Verb.REACH if heard else Verb.TRY
    if call.state != State.LISTED:
        raise _moved_on(call, verb)
    post = Post.objects.filter(pk=post_id, pk__in=call.posts).first() if post_id in call.posts else None
    if post is None:
        raise Invalid(
            "call.post_not_called", "被拨打的岗位不在这次叫应之列。", field="post", rule=RULE, remedy="请从清单中选择。"
        )
    at = clock.at(issue.last_at)
    aggregate = Aggregate(issue, [], [], [], at)
    note = note_if(aggregate, NoteKind.CALL_NOTE, text, "note", cmd)
    by = cmd.actor.principal
    row = Telephoning(id=uuid4(), call=call, post=post, outcome=outcome, at=at, by=by, note_id=note)
    writes = [*aggregate.writes, inserted(row)]
    before = audience_of(call, issue)
    was, becomes = State(call.state), step(State(call.state), verb)
    call.state = becomes
    if heard:
        call.ended_at, call.next_at = at, None
        call.answered_at, call.answered_by, call.answered_post = at, by, post
    else:
        call.next_at = at + timedelta(minutes=settings_of(issue.centre_id).call_again_min)
    change = change_of(
        call, issue, lambda shown: CallTelephoned(shown, by, was, becomes, post.pk, outcome), before=before
    )
    return _finish(issue, call, [change], at, cmd, writes)


def _lock(call_id: UUID, actor: Actor) -> tuple[Issue, Call]:
    """The call under its issue's lock. Raises NotFound for one that the actor may not know of. Three statements."""
    own = Call.objects.filter(pk=call_id).values("issue_id")
    issue = Issue.objects.filter(pk__in=own, centre_id=actor.centre_id).select_for_update(no_key=True).first()
    if issue is None:
        raise _not_found()
    call = Call.objects.select_related("answered_post", "escalation__clock").get(pk=call_id)
    if not actor.scope.sees(audience_of(call, issue)):
        raise _not_found()
    return issue, call


def _finish(
    issue: Issue, call: Call, changes: list[Change], at: datetime, cmd: Command, writes: Sequence[Statement] = ()
) -> Answer:
    """Saves and records. Who answers the breach of a relay takes it off the wall by that."""
    call.save()
    if call.state not in RUNNING:
        Attempt.objects.filter(call=call, attempted_at=None, ended_at=None).delete()
        if call.escalation is not None and (change := answer_step(issue, call.escalation, at, by=cmd.actor.principal)):
            changes.append(change)
    Issue.objects.filter(pk=issue.pk).update(last_at=at)
    return record(cmd, *changes, at=at, writes=writes)


def _moved_on(call: Call, verb: Verb) -> Conflict:
    """The refusal of who comes late: which post took it, and when."""
    state = State(call.state)
    detail, who = f"这次叫应为「{state.zh}」，不能{verb.zh}。", None
    if call.answered_post is not None and call.answered_at is not None:
        local = call.answered_at.astimezone(ZoneInfo(settings.TIME_ZONE))
        short = unit(call.answered_post.unit_id, centre_id=call.issue.centre_id).short
        who = {"unit": str(call.answered_post.unit_id), "role": str(call.answered_post.role)}
        way = "经电话" if state is State.ANSWERED_BY_TELEPHONE else ""
        detail = f"已由{short}{Role(call.answered_post.role).zh}于 {local:%H:%M} {way}应答。"
    ended = wire_time(call.ended_at) if call.ended_at else None
    remedy = "无须再应答；派遣单仍须签收、办理。" if state not in RUNNING else "请等待逐级叫应结束。"
    extra: dict[str, Json] = {"state": state, "verb": verb, "by": who, "at": ended, "open": []}
    return Conflict("call.not_open", detail, rule=RULE, remedy=remedy, extra=extra)


def _not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("call.not_found", "没有这次叫应，或不在您的知悉范围内。")
