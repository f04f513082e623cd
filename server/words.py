"""The words of the domain for the screens: frontend/src/api/words.ts, from the lists that declare code and word.

Each list becomes a table (code to word) and the union of its codes, so that a screen that names a code nobody declares
does not compile.
"""

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Final, TypeAlias

import dispatch
from assessment.handovers.states import State as HandoverState
from command.access import Role
from command.catalogue.contract import Level
from command.channels.contract import ChannelRule, SourceFamily
from command.outside import contract as outside
from command.units import departments
from dispatch.matter.backfills.contract import Outage
from dispatch.matter.calls import states as calls
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.facts import ObjectFact
from dispatch.matter.issues import states as issues
from dispatch.matter.issues.outcomes import Ground, Outcome
from dispatch.matter.messages import states as messages
from dispatch.matter.orders import states as orders
from dispatch.matter.orders.models import Result
from dispatch.matter.replies.models import Channel
from dispatch.matter.reports.positions import Placing
from dispatch.matter.returns import states as returns
from dispatch.matter.texts.emergencies import EmergencyNumber
from dispatch.matter.viewings import models as viewings
from gis.grid.tiers import Tier
from realtime.delivery.facts import ReceiptDelivered, ReceiptDisplayed
from realtime.words import Word

SCRIPT: Final = "frontend/src/api/words.ts"
DeclaredFact: TypeAlias = type[ObjectFact] | type[ReceiptDelivered] | type[ReceiptDisplayed]
# Table and union, the list, what they are.
TABLES: Final[tuple[tuple[str, str, type[Word], str], ...]] = (
    ("ISSUE_STATES", "IssueState", issues.State, "Where an issue stands."),
    ("ISSUE_VERBS", "IssueVerb", issues.Verb, "What is done to an issue."),
    ("DEEDS", "Deed", issues.Deed, "What is done about an issue that moves no state."),
    ("ORDER_STATES", "OrderState", orders.State, "Where an order stands."),
    ("ORDER_VERBS", "OrderVerb", orders.Verb, "What is done to an order."),
    ("ORDER_ROLES", "OrderRole", orders.Role, "What a unit is to the issue."),
    ("REQUEST_STATES", "RequestState", returns.State, "How a return request stands."),
    ("REQUEST_VERBS", "RequestVerb", returns.Verb, "What ends a return request."),
    ("RETURN_GROUNDS", "ReturnGround", returns.ReturnGround, "Why a unit asks to give an order back."),
    ("DECLINE_GROUNDS", "DeclineGround", Ground, "Why an issue is declined."),
    ("OUTCOMES", "Outcome", Outcome, "What an issue is closed with."),
    ("RESULTS", "Result", Result, "What a unit answers."),
    ("LEVELS", "Level", Level, "How grave an issue is."),
    ("CLOCKS", "ClockKind", ClockKind, "What a clock judges."),
    ("EMERGENCY_NUMBERS", "EmergencyNumber", EmergencyNumber, "Whom danger to life goes to at once."),
    ("CALL_STATES", "CallState", calls.State, "How a call stands."),
    ("CALL_KINDS", "CallKind", calls.Kind, "For what a call is made."),
    ("CALL_RUNGS", "CallRung", calls.Rung, "Who is called together."),
    ("CALL_CHANNELS", "CallChannel", calls.Way, "By what an attempt goes out."),
    ("OUTSIDE_WAYS", "OutsideWay", outside.OutsideWay, "By what a call leaves the house."),
    ("OUTSIDE_OUTCOMES", "OutsideOutcome", outside.Outcome, "What came of a sending outside."),
    ("MESSAGE_KINDS", "MessageKind", messages.Kind, "What is written within a matter."),
    ("MESSAGE_DEEDS", "MessageDeed", messages.Deed, "What may be done about a message."),
    ("STRIKE_GROUNDS", "StrikeGround", messages.StrikeGround, "Why a message is struck out."),
    ("REACHED", "Reached", calls.Reached, "What came of a telephone call."),
    ("HANDOVER_STATES", "HandoverState", HandoverState, "How a handover of the desk stands."),
    ("OUTAGES", "Outage", Outage, "Why a step is entered from paper only now."),
    ("REPLY_CHANNELS", "ReplyChannel", Channel, "How a reporter was told."),
    ("VIEWED", "Viewed", viewings.What, "What was looked at."),
    ("VIEWING_REASONS", "ViewingReason", viewings.Reason, "Why that post may look."),
    ("PLACINGS", "Placing", Placing, "How sure a report's place is."),
    ("TIERS", "Tier", Tier, "How fine a cell is."),
    ("FAMILIES", "SourceFamily", SourceFamily, "Where a report comes from."),
    ("CHANNEL_RULES", "ChannelRule", ChannelRule, "What a channel may not bring."),
    ("ROLES", "Role", Role, "What a post makes of its holder."),
    ("RANKS", "Rank", departments.Rank, "What a contact of a unit is to it."),
    ("UNIT_KINDS", "UnitKind", departments.Kind, "What sort of body a unit is."),
    ("STATIONINGS", "Stationing", departments.Stationing, "How a body is present at the centre."),
)
_HEAD: Final = """/**
 * Codes of the domain with their Chinese words. Written by `./relay generate` from the Python lists that declare them
 * (server/words.py says which); docs/glossary.csv decides the words.
 */
"""


def script() -> str:
    """frontend/src/api/words.ts."""
    tables = [_table(name, union, told, dict(listed.choices())) for name, union, listed, told in TABLES]
    return _HEAD + "".join([*tables, _table("FACTS", "FactName", "What a fact tells, in the past tense.", facts())])


def facts() -> dict[str, str]:
    """The facts that a screen tells: name to word, by name."""
    return {fact.name: fact.zh for fact in declared_facts()}


def declared_facts() -> list[DeclaredFact]:
    """The classes of these facts, by name. Every module of `dispatch` is read: any may declare one."""
    for module in walk_packages(dispatch.__path__, f"{dispatch.__name__}."):
        if ".migrations" not in module.name:
            import_module(module.name)
    named = {fact.name: fact for fact in _named(ObjectFact)}  # with slots a class is made twice
    return sorted([*named.values(), ReceiptDelivered, ReceiptDisplayed], key=lambda fact: fact.name)


def _named(above: type[ObjectFact]) -> Iterator[type[ObjectFact]]:
    for one in above.__subclasses__():
        if {"name", "zh"} <= vars(one).keys():
            yield one
        yield from _named(one)


def _table(name: str, union: str, told: str, words: Mapping[str, str]) -> str:
    lines = "".join(f"  {_key(code)}: {_text(word)},\n" for code, word in words.items())
    return f"\n/** {told} */\nexport const {name} = {{\n{lines}}} as const\nexport type {union} = keyof typeof {name}\n"


def _key(code: str) -> str:
    return code if code.isidentifier() else _text(code)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace('"', "'")
