"""The other side of an outside way, as it stands elsewhere: a real HTTPS server that checks what a real one checks.

`mood` is what it does: `ok`, `error_inside` (in a 200), `nonsense`, `redirect`, `huge`, `slow` (no answer), `drip` (a
head without end), `down` (503), `busy` (429), `refuses` (400).
"""

import base64
import hashlib
import hmac
import json
import os
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
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

SECRET = "a-secret-of-the-centre"
FIELDS = {
    "sms": {"count", "key", "link", "number", "place", "text", "to"},
    "voice": {"count", "key", "number", "place", "speech", "to"},
}
Answered = tuple[int, bytes]


def unpadded(text: str) -> bytes:
    """The bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Browser:
    """A browser that takes pushes: its keys are its own, and it alone opens what is sealed for it."""

    def __init__(self) -> None:
        self.path = f"/push/{os.urandom(16).hex()}?v=1"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.p256dh = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def subscription(self, address: str) -> dict[str, str]:
        """As the page tells it."""
        keys = {"p256dh": self.p256dh, "auth": self.auth}
        told = {name: base64.urlsafe_b64encode(key).rstrip(b"=").decode() for name, key in keys.items()}
        return {"endpoint": address + self.path, **told}

    def opened(self, body: bytes) -> dict[str, Any]:
        """RFC 8188 and 8291, from the receiver's side."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)

        def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
            first = hmac.new(salt, secret, hashlib.sha256).digest()
            return hmac.new(first, info + b"\x01", hashlib.sha256).digest()[:length]

        secret = derived(shared, self.auth, b"WebPush: info\x00" + self.p256dh + sender, 32)
        key = derived(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        plain = AESGCM(key).decrypt(derived(secret, salt, b"Content-Encoding: nonce\x00", 12), sealed, None)
        assert plain.rstrip(b"\x00").endswith(b"\x02")
        told: dict[str, Any] = json.loads(plain.rstrip(b"\x00")[:-1])
        return told


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
    browser: Browser = field(default_factory=Browser)
    application_key: str = ""
    gone: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def everything(self) -> str:
        """All that ever came, as text."""
        return "\n".join(f"{path} {headers} {body.decode('latin-1')}" for path, headers, body in self.requests)


def gateway(side: Side, path: str, headers: dict[str, str], body: bytes) -> Answered:
    """A centre's SMS (/send) and voice (/voice) gateway, as docs/outside.md asks of it."""
    at = headers.get("relay-timestamp", "")
    wanted = "sha256=" + hmac.new(side.secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, headers.get("relay-signature", "")):
        return 401, b"{}"
    if abs(time.time() - int(at)) > 300 or headers.get("content-type") != "application/json":
        return 400, b"{}"
    said = json.loads(body)
    if set(said) != FIELDS["voice" if path == "/voice" else "sms"] or said["key"] != headers.get("idempotency-key"):
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


def dingtalk(side: Side, path: str, headers: dict[str, str], body: bytes) -> Answered:
    """钉钉 as its documentation says: every refusal of its own is a 200 with an errcode."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    def said(code: int, **more: Any) -> Answered:
        return 200, json.dumps({"errcode": code, "errmsg": "ok" if code == 0 else "error", **more}).encode()

    if parts.path == "/gettoken":
        if query.get("appkey") != "dingabc" or query.get("appsecret") != side.secret:
            return said(40089)
        side.tokens.append(f"token{len(side.tokens)}")
        return said(0, access_token=side.tokens[-1], expires_in=7200)
    if query.get("access_token") != (side.tokens[-1] if side.tokens else None):
        return said(40014)
    asked = json.loads(body)
    if parts.path == "/topapi/v2/user/getbymobile":
        user = side.users.get(asked["mobile"])
        return said(0, result={"userid": user}) if user else said(60121)
    if parts.path == "/topapi/message/corpconversation/asyncsend_v2":
        if side.mood == "error_inside":
            return said(88)
        msg = asked["msg"]
        if msg["msgtype"] != "text" or asked["agent_id"] != 1000002 or asked["userid_list"] not in side.users.values():
            return said(40035)
        shown = f"{asked['userid_list']} {msg['text']['content']}"
        if shown in side.shown:
            return said(143106)  # the same words to the same person on one day
        side.shown[shown] = asked
        return said(0, task_id=1)
    return 404, b""


def robot(side: Side, path: str, headers: dict[str, str], body: bytes) -> Answered:
    """企业微信's robot of a group."""
    parts = urlsplit(path)
    asked = json.loads(body)
    code = 0
    if parse_qs(parts.query).get("key") != [side.secret]:
        code = 93000
    elif side.mood == "error_inside":
        code = 45009
    elif parts.path != "/cgi-bin/webhook/send" or asked["msgtype"] != "text" or set(asked["text"]) != {"content"}:
        code = 40058
    else:
        side.shown[str(len(side.shown))] = asked
    return 200, json.dumps({"errcode": code, "errmsg": "ok" if code == 0 else "error"}).encode()


def push_service(side: Side, path: str, headers: dict[str, str], body: bytes) -> Answered:
    """A browser vendor's push service (RFC 8030, 8292), and the browser behind it (RFC 8291)."""
    if side.gone:
        return side.gone, b""
    if path != side.browser.path:
        return 404, b""
    if not is_signed(side, headers.get("authorization", "")):
        return 403, b""
    if headers.get("content-encoding") != "aes128gcm" or not 0 < int(headers.get("ttl", "0")) <= 86400:
        return 400, b""
    if headers.get("urgency") != "high" or not 0 < len(headers.get("topic", "")) <= 32:
        return 400, b""
    side.shown[headers["topic"]] = side.browser.opened(body)
    return 201, b""


def is_signed(side: Side, header: str) -> bool:
    """Whether the sender is who the browser subscribed with, and means this service, now."""
    scheme, _, rest = header.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
    if scheme != "vapid" or parts.get("k") != side.application_key:
        return False
    head, claims, signature = parts["t"].split(".")
    raw = unpadded(signature)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(parts["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    said = json.loads(unpadded(claims))
    mine = said["aud"] == side.address.removesuffix("/send") and said["sub"].startswith("https://")
    return json.loads(unpadded(head))["alg"] == "ES256" and mine and 0 < said["exp"] - time.time() <= 86400


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
                case "down" | "busy" | "refuses":
                    self._write({"down": 503, "busy": 429}.get(side.mood, 400), b"")
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
