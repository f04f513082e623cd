"""Issues that are taken through the whole loop over HTTP, verb by verb: in the product, and in the ordinary peer."""

from collections.abc import Mapping
from typing import Any, Final

from bench.commands import DESK, LIAISON, UNIT_CODE, Desk

LEAD: Final = "lead"
VERBS: Final = ("report", "accept", "file", "dispatch", "acknowledge", "feed_back", "verify", "close")
WORDS: Final = {"channel": "centre_phone", "text": "路灯不亮已经三天", "address": "和平路十二号"}
ANSWERED: Final = {"result": "handled", "text": "已更换灯泡并恢复照明"}
OF_ORDER: Final = ("acknowledge", "feed_back")


class Ours:
    """The product's desk: a duty officer, the duty lead, the unit's liaison, each with a line of their own."""

    def __init__(self, port: int) -> None:
        self._desk, self._lead, self._liaison = (Desk(port, name) for name in (DESK, LEAD, LIAISON))
        reference = self._desk.ask("GET", "/api/v1/reference")
        self.unit = next(unit["id"] for unit in reference["units"] if unit["code"] == UNIT_CODE)
        self.item = next(
            entry["code"]
            for entry in reference["catalogue"]
            if entry["lead_department"] == UNIT_CODE and not entry["sensitive"] and not entry["urgent"]
        )
        self._who = dict.fromkeys(OF_ORDER, self._liaison) | {"verify": self._lead}
        self._bodies: Mapping[str, Mapping[str, Any]] = {
            "report": WORDS | {"item": self.item},
            "dispatch": {"unit": self.unit},
            "feed_back": ANSWERED,
            "close": {"outcome": "resolved", "followed_up": True},
        }

    def batch(self, count: int) -> list[dict[str, Any]]:
        """What is known of each as it goes: its id, its order's, and the version of either."""
        return [{} for _ in range(count)]

    def do(self, verb: str, one: dict[str, Any]) -> None:
        """The command as the screens send it, version and all."""
        path = "/api/v1/reports" if verb == "report" else f"/api/v1/issues/{one.get('issue')}/{verb}"
        version = one.get("version")
        if verb in OF_ORDER:
            path, version = f"/api/v1/orders/{one['order']}/{verb}", one.get("order_version")
        answer = self._who.get(verb, self._desk).ask("POST", path, self._bodies.get(verb, {}), version=version)
        kind = "order_" if answer["object"]["kind"] == "order" else ""
        one[f"{kind}version"] = answer["version"]
        if verb == "report":
            one["issue"] = answer["object"]["id"]
        if verb == "dispatch":
            one["order"], one["order_version"] = answer["card"]["lead"]["order"], 1
        if verb in OF_ORDER:  # the fact follows the order's
            one["version"] += 1


class Ordinary:
    """The same people in the peer, by the same middleware."""

    def __init__(self, port: int, unit: str, item: str) -> None:
        self._desk, self._lead, self._liaison = (Desk(port, name) for name in (DESK, LEAD, LIAISON))
        self._who = dict.fromkeys(OF_ORDER, self._liaison) | {"verify": self._lead}
        self._bodies: Mapping[str, Mapping[str, Any]] = {
            "report": WORDS | {"item": item},
            "dispatch": {"unit": unit},
            "feed_back": ANSWERED,
            "close": {"outcome": "resolved"},
        }

    def batch(self, count: int) -> list[dict[str, Any]]:
        """As of ours."""
        return [{} for _ in range(count)]

    def do(self, verb: str, one: dict[str, Any]) -> None:
        """The same step."""
        path = "/api/v1/tickets" if verb == "report" else f"/api/v1/tickets/{one.get('ticket')}/{verb}"
        if verb in OF_ORDER:
            path = f"/api/v1/orders/{one['order']}/{verb}"
        answer = self._who.get(verb, self._desk).ask("POST", path, self._bodies.get(verb, {}))
        one["ticket"] = answer["id"]
        if answer["orders"]:
            one["order"] = answer["orders"][0]["id"]

    def floor(self, count: int) -> None:
        """So many empty commands."""
        for _ in range(count):
            self._desk.ask("POST", "/api/v1/floor", {})
