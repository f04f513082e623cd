"""Strangers at the open doors: one request each, from addresses of their own or all from one, by a kept-alive line."""

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address


@dataclass(frozen=True, slots=True)
class Request:
    """What a stranger sends."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Line:
    """One connection; whom it stands for is said in X-Forwarded-For, as a proxy in front would."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, request: Request, address: str) -> tuple[int, bytes]:
        """Status and body of the answer."""
        headers = {"X-Forwarded-For": address, "Accept-Encoding": "gzip"} | request.headers
        try:
            self._line.request(request.method, request.path, request.body or None, headers)
            answer = self._line.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, OSError):
            self._line.close()
            raise


def somebody(chance: random.Random) -> str:
    """An address that nobody had before."""
    return str(IPv4Address(chance.randrange(0x0B000000, 0xDF000000)))


class Steadily:
    """So many requests a second from distinct addresses until the block ends; `statuses` counts the answers."""

    def __init__(self, port: int, rate: float, make: Callable[[], Request]) -> None:
        self._port, self._rate, self._make = port, rate, make
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._go, args=(number,)) for number in range(LINES)]
        self.statuses: Counter[int] = Counter()

    def __enter__(self) -> "Steadily":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go(self, number: int) -> None:
        line, chance = Line(self._port), random.Random(number)
        pause = LINES / self._rate
        due = time.monotonic() + pause * number / LINES
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due = max(due + pause, time.monotonic())
            status, _ = line.ask(self._make(), somebody(chance))
            self.statuses[status] += 1


LINES = 4
