"""The other side of an outside way, as it stands elsewhere: a real HTTPS server that checks what a real one checks.

`mood` is what it does: `ok`, `error_inside` (in a 200), `nonsense`, `redirect`, `huge`, `slow` (no answer), `drip` (a
head without end), `down` (503), `refuses` (400).
"""

import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SECRET = "a-secret-of-the-centre"
FIELDS = {"count", "key", "link", "number", "place", "text", "to"}
Answered = tuple[int, bytes]


@dataclass
class Side:
    """What the other side has seen. `shown`: by key, what a person there reads; repeats of a key show nothing new."""

    mood: str = "ok"
    secret: str = SECRET
    address: str = ""
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    followed: int = 0
    tokens: list[str] = field(default_factory=list)
    expire: bool = False
    users: dict[str, str] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def everything(self) -> str:
        """All that ever came, as text."""
        return "\n".join(f"{path} {headers} {body.decode()}" for path, headers, body in self.requests)


def sms_gateway(side: Side, path: str, headers: dict[str, str], body: bytes) -> Answered:
    """A centre's SMS gateway, as docs/outside.md asks of it."""
    at = headers.get("relay-timestamp", "")
    wanted = "sha256=" + hmac.new(side.secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, headers.get("relay-signature", "")):
        return 401, b"{}"
    if abs(time.time() - int(at)) > 300 or headers.get("content-type") != "application/json":
        return 400, b"{}"
    said = json.loads(body)
    if set(said) != FIELDS or said["key"] != headers.get("idempotency-key"):
        return 400, b"{}"
    if side.mood == "error_inside":
        return 200, json.dumps({"result": "refused", "reason": "余额不足"}).encode()
    side.shown.setdefault(said["key"], said)
    return 200, json.dumps({"result": "accepted"}).encode()


def wecom(side: Side, path: str, headers: dict[str, str], body: bytes) -> Answered:
    """企业微信 as its documentation says: every refusal of its own is a 200 with an errcode."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    def said(code: int, **more: Any) -> Answered:
        return 200, json.dumps({"errcode": code, "errmsg": "ok" if code == 0 else "error", **more}).encode()

    if parts.path == "/cgi-bin/gettoken":
        if query.get("corpid") != "ww1234" or query.get("corpsecret") != side.secret:
            return said(40001)
        side.tokens.append(f"token{len(side.tokens)}")
        return said(0, access_token=side.tokens[-1], expires_in=7200)
    if query.get("access_token") != (side.tokens[-1] if side.tokens else None):
        return said(40014)
    if side.expire:
        side.expire = False
        side.tokens.append("nobody was told")
        return said(42001)
    asked = json.loads(body)
    if parts.path == "/cgi-bin/user/getuserid":
        user = side.users.get(asked["mobile"])
        return said(0, userid=user) if user else said(46004)
    if parts.path == "/cgi-bin/message/send":
        if side.mood == "error_inside":
            return said(45009)
        if asked["msgtype"] != "text" or asked["agentid"] != 1000002 or asked["touser"] not in side.users.values():
            return said(40056)
        side.shown.setdefault(f"{asked['touser']} {asked['text']['content']}", asked)
        return said(0, msgid="m1", invaliduser="")
    return 404, b""


@contextmanager
def other_side(
    answers: Callable[[Side, str, dict[str, str], bytes], Answered], certificate: tuple[Path, Path]
) -> Iterator[Side]:
    """Runs it on a free port of this machine."""
    side = Side()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == "/inside":
                side.followed += 1
            headers = {name.lower(): value for name, value in self.headers.items()}
            side.requests.append((self.path, headers, body))
            if side.mood == "slow":
                side.over.wait(30)
                return
            if side.mood == "drip":
                self.connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not side.over.wait(0.05):
                    self.connection.sendall(b"X-A: b\r\n")
                return
            match side.mood:
                case "redirect":
                    self._write(302, b"", location=side.address.replace("/send", "") + "/inside")
                case "down" | "refuses":
                    self._write(503 if side.mood == "down" else 400, b"")
                case "nonsense":
                    self._write(200, b"<html>OK</html>")
                case "huge":
                    self._write(200, b'{"result": "accepted", "x": "' + b"a" * 5_000_000 + b'"}')
                case _:
                    self._write(*answers(side, self.path, headers, body))

        def _write(self, status: int, body: bytes, location: str = "") -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with suppress(OSError):  # who asked has gone
                super().handle()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    side.address = f"https://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield side
    finally:
        side.over.set()
        server.shutdown()
        server.server_close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that who trusts it by name may take, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, secret
