"""Cards by the kind of object that has them, and what is made from their types: schemas, the screens' types, a page.

A card is declared beside its noun (realtime/feed/cards.py). What travels under a kind stands here, once.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from assessment.handovers.facts import HandoverCard
from assessment.situation.cards import SituationReportCard
from command.catalogue.facts import CatalogueItemCard
from command.channels.facts import ChannelCard
from command.duty.facts import AttendanceCard, RosterCard
from command.kept import ApiClientCard, PeopleImportCard
from command.organisations.facts import UnitCard
from command.outside.facts import OutsideWayCard
from command.people.facts import EventCard
from command.settings.facts import SettingCard
from dispatch.matter.cards.calls import AttemptCard, CallCard
from dispatch.matter.cards.clocks import EscalationCard
from dispatch.matter.cards.issues import IssueCard, LogCard
from dispatch.matter.cards.messages import MessageCard
from dispatch.matter.cards.orders import OrderCard
from dispatch.matter.cards.reports import ReportCard
from dispatch.matter.cards.returns import ReturnRequestCard
from dispatch.verbs.replies import ReplyCard
from realtime.delivery.facts import ReceiptCard
from realtime.feed.facts import FeedCard

CARDS: Final[Mapping[str, Any]] = {
    "issue": IssueCard,
    "order": OrderCard,
    "report": ReportCard,
    "return_request": ReturnRequestCard,
    "escalation": EscalationCard,
    "call": CallCard,
    "attempt": AttemptCard,
    "message": MessageCard,
    "situation_report": SituationReportCard,
    "receipt": ReceiptCard,
    "reply": ReplyCard,
    "reveal": LogCard,
    "amendment": LogCard,
    "viewing": LogCard,
    "setting": SettingCard,
    "unit": UnitCard,
    "roster": RosterCard,
    "attendance": AttendanceCard,
    "handover": HandoverCard,
    "channel": ChannelCard,
    "outside_way": OutsideWayCard,
    "catalogue_item": CatalogueItemCard,
    "api_client": ApiClientCard,
    "people_import": PeopleImportCard,
    "access": EventCard,
    "session_end": EventCard,
    "feed": FeedCard,
}
PAGE: Final = "docs/cards.md"
SCRIPT: Final = "frontend/src/api/cards.ts"
_AT: Final = "#/components/schemas/"
_PAGE_HEAD: Final = """# Cards

What a card holds, by the kind of object that it is of ([protocol](protocol.md), Facts). Written by `./relay generate`
from the types beside each noun (`server/cards.py` lists them); the same types are in the API's document and on the
screens. Every field is always there, and no card has others. A card that was told before a release changed its shape
keeps the shape of that time (protocol, Cards in another shape).
"""
_SCRIPT_HEAD: Final = """/**
 * Types of cards, as their makers declare them, and the card of each kind of object. Written by `./relay generate`
 * (server/cards.py).
 */

import type { components } from './schema'

type Schemas = components['schemas']

"""


def schemas() -> dict[str, dict[str, Any]]:
    """JSON schema of each card and of each part of one, by name, as `components.schemas` of the document holds them."""
    types = {card.__name__: TypeAdapter(card) for card in CARDS.values()}
    made = TypeAdapter.json_schemas(
        [(name, "serialization", adapter) for name, adapter in types.items()], ref_template=_AT + "{model}"
    )
    found: dict[str, dict[str, Any]] = made[1]["$defs"]
    return found


def script() -> str:
    """frontend/src/api/cards.ts."""
    names = "".join(
        f"/** {_first(schema['description'])} */\nexport type {name} = Schemas['{name}']\n"
        for name, schema in sorted(schemas().items())
    )
    kinds = "".join(f"  {kind}: {card.__name__}\n" for kind, card in CARDS.items())
    return f"{_SCRIPT_HEAD}{names}\nexport interface CardOf {{\n{kinds}}}\n\nexport type Kind = keyof CardOf\n"


def page() -> str:
    """docs/cards.md: those that objects have, as listed above, then their parts."""
    known = schemas()
    kinds: dict[str, list[str]] = {}
    for kind, card in CARDS.items():
        kinds.setdefault(card.__name__, []).append(f"`{kind}`")
    names = [*kinds, *sorted(known.keys() - kinds.keys())]
    return _PAGE_HEAD + "".join("".join([f"\n## {name}\n", *_told(known[name], kinds.get(name, []))]) for name in names)


def _told(schema: Mapping[str, Any], kinds: list[str]) -> Iterator[str]:
    if kinds:
        yield f"Of {', '.join(kinds)}. "
    yield " ".join(schema["description"].split()) + "\n\n| field | | |\n|---|---|---|\n"
    for field, of in sorted(schema["properties"].items()):
        yield f"| `{field}` | {_type(of)} | {of.get('description', '')} |\n"


def _type(of: Mapping[str, Any]) -> str:
    """A field's type in words: links, codes, JSON's own names."""
    if "$ref" in of:
        name = of["$ref"].removeprefix(_AT)
        return f"[{name}](#{name.lower()})"
    if "anyOf" in of:
        return " or ".join(_type(one) for one in of["anyOf"])
    if "enum" in of:
        return ", ".join(f"`{code}`" for code in of["enum"])
    if "prefixItems" in of:
        return f"[{', '.join(_type(one) for one in of['prefixItems'])}]"
    if of["type"] == "array":
        return f"list of {_type(of['items'])}"
    if of["type"] == "object":
        names = _type(of["propertyNames"]) + " → " if "propertyNames" in of else ""
        return names + _type(of["additionalProperties"])
    return str(of.get("format", of["type"]))


def _first(words: str) -> str:
    return words.partition("\n")[0]
