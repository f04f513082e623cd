"""How an action refuses, in the order of docs/rules.md: scope (404), right (403), state (409), version (412).

A refusal by state says in words what is, who did it, and what this actor could do instead.
"""

from collections.abc import Sequence
from typing import Final

from command.people.queries import done_by
from realtime.feed.contract import Actor, Json

RULE_ISSUE: Final = "事项"
RULE_ORDER: Final = "派遣单"


def who_did(principal: str, actor: Actor) -> tuple[dict[str, Json] | None, str]:
    """Name and unit of a principal for the problem document, and in words: to colleagues, never to a reporter."""
    if not actor.principal.startswith("person:"):
        return None, "中心"
    found = done_by([principal], actor.centre_id).get(principal)
    if found is None:
        return None, "系统"
    return {"name": found.name, "unit": found.unit}, f" {found.unit} {found.name} " if found.unit else f" {found.name} "


def remedy_of(verbs: Sequence[str]) -> str:
    """What may be done instead, in words."""
    return f"当前可以：{'、'.join(verbs)}。" if verbs else "您当前没有可做的操作。"
