"""Channels over HTTP, for administrators: parse, call, answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from command import forms
from command.access import Right
from command.channels import actions
from command.channels.contract import ChannelRule, SourceFamily
from command.channels.models import Channel
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, Line, ProblemOut, answered, must_expect

router = Router(tags=["admin"], auth=BY_PERSON)


class ChannelIn(Body):
    """A channel to be added."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=forms.CODE)]
    name_zh: Line
    source_family: SourceFamily
    reporter_known: bool = True
    rules: frozenset[ChannelRule] = frozenset()


class AmendedChannelIn(Body):
    """What may change about a channel."""

    name_zh: Line
    reporter_known: bool
    rules: frozenset[ChannelRule] | None = None


class KeptChannelOut(Schema):
    """A channel as the administrator sees it."""

    id: UUID
    code: str
    name_zh: str
    source_family: str
    reporter_known: bool
    rules: list[ChannelRule]
    retired_at: datetime | None
    version: int


@router.get("/channels", response={200: list[KeptChannelOut], PROBLEMS: ProblemOut})
def list_channels(request: HttpRequest) -> list[Channel]:
    """All channels of the centre, the retired ones too, as lists show them."""
    actor = person_of(request)
    actor.must(Right.ADMIN_CHANNELS)
    return list(Channel.objects.filter(centre_id=actor.centre_id).order_by("rank", "code"))


@router.post("/channels", response=ANSWERS)
def add_channel(request: HttpRequest, new: ChannelIn) -> HttpResponse:
    """Adds a channel: the next report may come by it."""
    added = actions.NewChannel(new.code, new.name_zh, new.source_family, new.reporter_known, new.rules)
    return answered(actions.add(added, cmd=command_of(request)))


@router.post("/channels/{channel_id}/amend", response=ANSWERS)
def amend_channel(request: HttpRequest, channel_id: UUID, asked: AmendedChannelIn) -> HttpResponse:
    """Renames a channel, and says what it may not bring."""
    expected, cmd = must_expect(request), command_of(request)
    amended = actions.amend(channel_id, asked.name_zh, asked.reporter_known, asked.rules, expected=expected, cmd=cmd)
    return answered(amended)


@router.post("/channels/{channel_id}/retire", response=ANSWERS)
def retire_channel(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Takes a channel out of use."""
    return answered(actions.retire(channel_id, expected=must_expect(request), cmd=command_of(request)))


@router.post("/channels/{channel_id}/reinstate", response=ANSWERS)
def reinstate_channel(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Takes a retired channel into use again."""
    return answered(actions.reinstate(channel_id, expected=must_expect(request), cmd=command_of(request)))
