"""Posts reports over HTTP, one kept-open connection a thread, until each is answered or given up."""

import hashlib
import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from demo.replay.tally import Fate

TIMEOUT_S: Final = 10.0
FIRST_WAIT_S: Final = 0.25
LONGEST_WAIT_S: Final = 4.0
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Posted:
    """What the server said, or that it said nothing."""

    fate: Fate
    reason: str = ""


class Poster:
    """One thread's line to the server. Not for sharing."""

    def __init__(self, base_url: str, key: str, *, give_up_after_s: float, stop: threading.Event) -> None:
        """
        key              of an API client
        give_up_after_s  how long a report is asked again that gets no answer
        stop             ends the asking again, never a request under way
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a base URL looks like http://127.0.0.1:8060, not {base_url}")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._line = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
        self._path = parts.path.rstrip("/") + "/api/v1/reports"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._give_up_after_s = give_up_after_s
        self._stop = stop

    def post(self, report: Mapping[str, Any]) -> Posted:
        """Files one report. The key is made of its content: asking again is the same command, and does no harm."""
        body = json.dumps(report, ensure_ascii=False, sort_keys=True).encode()
        headers = self._headers | {"Idempotency-Key": f"replay:{hashlib.sha256(body).hexdigest()}"}
        until, wait_s = time.monotonic() + self._give_up_after_s, FIRST_WAIT_S
        while True:
            said = self._ask(body, headers)
            if said.fate is not Fate.UNANSWERED:
                return said
            if time.monotonic() + wait_s > until or self._stop.wait(wait_s):
                return said
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def close(self) -> None:
        """Hangs up."""
        self._line.close()

    def _ask(self, body: bytes, headers: Mapping[str, str]) -> Posted:
        try:
            self._line.request("POST", self._path, body, dict(headers))
            answer = self._line.getresponse()
            said = answer.read()
        except (http.client.HTTPException, OSError) as error:
            self._line.close()
            return Posted(Fate.UNANSWERED, type(error).__name__)
        if answer.status == http.client.CREATED:
            return Posted(Fate.IN)
        if answer.status == http.client.OK:
            return Posted(Fate.IN_ALREADY)
        code = _code(said) or f"http.{answer.status}"
        return Posted(Fate.UNANSWERED if answer.status in _AGAIN else Fate.REFUSED, code)


def _code(said: bytes) -> str | None:
    try:
        code = json.loads(said)["code"]
    except (ValueError, KeyError, TypeError):
        return None
    return str(code)
