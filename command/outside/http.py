"""One request to the other side: https only, to an address that was checked, bounded in time and size, never led on.

Whatever goes wrong is an `Outcome`, told by `Failed`.
"""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from command.outside.contract import Outcome

WITHIN_S: Final = 8.0  # name, connection, request and answer together
MOST_BYTES: Final = 64 * 1024  # of an answer; what is longer is cut off


class Failed(Exception):
    """The exchange came to no answer that could be judged."""

    def __init__(self, outcome: Outcome, status: int | None = None) -> None:
        self.outcome, self.status = outcome, status
        super().__init__(str(outcome))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered, 2xx; `body` is cut off after 64 KiB."""

    status: int
    body: bytes


def split_address(address: str) -> tuple[str, int, str]:
    """Host, port and path of an address. Raises ValueError for all but a plain https address."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 443
    if parts.scheme != "https" or not host or parts.username or parts.password or parts.fragment or parts.query:
        raise ValueError(address)
    if not address.isascii() or not address.isprintable() or any(sign in address for sign in ' \\"<>'):
        raise ValueError(address)
    return host, port, parts.path or "/"


def split_endpoint(endpoint: str) -> tuple[str, str]:
    """Address, and query with its `?`, of where a push service takes messages. Raises ValueError as `split_address`."""
    address, mark, query = endpoint.partition("?")
    split_address(address)
    if not query.isascii() or not query.isprintable() or any(sign in query for sign in ' \\"<>#'):
        raise ValueError(endpoint)
    return address, mark + query


def may_be_called(ip: str, *, intranet: bool) -> bool:
    """Whether an address is on the internet, or inside where that is allowed; never one of no single machine's own."""
    one = ip_address(ip)
    if (mapped := getattr(one, "ipv4_mapped", None)) is not None:
        one = mapped
    if one.is_link_local or one.is_multicast or one.is_unspecified:
        return False
    return one.is_global or (intranet and one.is_private)


class _Pinned(HTTPSConnection):
    """A connection to the address that was checked, under the host's name: a second look-up could answer otherwise."""

    def __init__(self, host: str, port: int, ip: str, left_s: float) -> None:
        self.trusted = ssl.create_default_context()
        super().__init__(host, port, timeout=left_s, context=self.trusted)
        self.ip = ip

    def connect(self) -> None:
        plain = socket.create_connection((self.ip, self.port), timeout=self.timeout)
        self.sock = self.trusted.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def cut(self) -> None:
        """Ends whatever waits on it, from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def exchange(
    method: str,
    address: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    intranet: bool,
    query: str = "",
    within_s: float | None = None,
) -> Reply:
    """One request and its answer. Raises Failed for every other answer than 2xx, and for none within the time."""
    until = time.monotonic() + (WITHIN_S if within_s is None else within_s)
    try:
        host, port, path = split_address(address)
    except ValueError:
        raise Failed(Outcome.ADDRESS_BARRED) from None
    ip = _looked_up(host, port, intranet=intranet)
    connection = _Pinned(host, port, ip, max(0.1, until - time.monotonic()))
    watch = threading.Timer(max(0.1, until - time.monotonic()), connection.cut)  # a drop a second is no answer either
    watch.daemon = True
    watch.start()
    try:
        connection.request(method, path + query, body, dict(headers or {}))
        answer = connection.getresponse()
        status = answer.status
        read = answer.read(MOST_BYTES)
    except ssl.SSLCertVerificationError:
        raise Failed(Outcome.CERTIFICATE) from None
    except (OSError, HTTPException, ValueError) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= until
        raise Failed(Outcome.TIMED_OUT if late else Outcome.UNREACHABLE) from None
    finally:
        watch.cancel()
        connection.close()
    if time.monotonic() >= until and not read:
        raise Failed(Outcome.TIMED_OUT)
    _judge(status)
    return Reply(status, read)


def _looked_up(host: str, port: int, *, intranet: bool) -> str:
    """The first of the host's addresses; all of them must be allowed. Raises Failed."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Failed(Outcome.UNREACHABLE) from None
    if not found or not all(may_be_called(ip.partition("%")[0], intranet=intranet) for ip in found):
        raise Failed(Outcome.ADDRESS_BARRED)
    return found[0]


def _judge(status: int) -> None:
    """Raises Failed for all but 2xx."""
    match status // 100:
        case 2:
            return
        case 3:
            outcome = Outcome.REDIRECTED
        case 5:
            outcome = Outcome.UNAVAILABLE
        case _ if status in (401, 403):
            outcome = Outcome.SECRET_WRONG
        case _:
            outcome = Outcome.UNAVAILABLE if status in (408, 425, 429) else Outcome.REFUSED
    raise Failed(outcome, status)
