"""网页推送: a message to one browser by its push service (RFC 8030), sealed for it (RFC 8291), signed (RFC 8292).

By `cryptography` alone: docs/decisions/0037-web-push.md.
"""

import hashlib
import os
import time
from typing import Final
from urllib.parse import urlsplit

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from command.base64url import base64url, from_base64url
from command.outside.contract import Access, Message, Outcome, PushDevice
from command.outside.http import Failed, exchange, split_endpoint
from command.outside.receipts import proof

TTL_S: Final = 600  # what a phone gets later would call for what has long gone up the ladder
HOLDS_S: Final = 3600  # of a signature; RFC 8292, 2: a day at most
_RECORD: Final = 4096
_GONE: Final = frozenset({404, 410})  # RFC 8030, 7.3: the subscription is no more
_CURVE: Final = ec.SECP256R1()
_NUMBER: Final = 32  # bytes of a number on the curve


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over to the push service of one browser. Never raises for what the other side does."""
    device = message.device
    if device is None:
        return Outcome.NO_DEVICE
    try:
        address, query = split_endpoint(device.endpoint)
        body = encrypted(_payload(message, device), device)
    except ValueError:
        return Outcome.GONE  # neither address nor key of a browser
    headers = {
        "Authorization": signed(access, device.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_S),
        "Topic": base64url(hashlib.sha256(message.key.encode()).digest()[:24]),  # sent again, it is shown once
        "Urgency": "high",
    }
    try:
        exchange("POST", address, body, headers, intranet=access.intranet, query=query)
    except Failed as failed:
        return Outcome.GONE if failed.status in _GONE else failed.outcome
    return Outcome.DELIVERED


def new_key() -> str:
    """A key of the product's own for push services: the secret number, base64url."""
    return base64url(ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(_NUMBER))


def public_key(secret: str) -> str:
    """What a browser subscribes with: the public point, base64url. Raises ValueError."""
    return base64url(_point(_private(secret)))


def signed(access: Access, endpoint: str, *, now: float | None = None) -> str:
    """The header by which a push service knows the sender: ES256 over whom it is for, until when, and whom to ask."""
    parts = urlsplit(endpoint)
    until = int(time.time() if now is None else now) + HOLDS_S
    claims = {"aud": f"https://{parts.netloc}", "exp": until, "sub": access.address}
    head = base64url(orjson.dumps({"alg": "ES256", "typ": "JWT"})) + "." + base64url(orjson.dumps(claims))
    key = _private(access.secret)
    r, s = decode_dss_signature(key.sign(head.encode(), ec.ECDSA(SHA256())))
    token = f"{head}.{base64url(r.to_bytes(_NUMBER) + s.to_bytes(_NUMBER))}"
    return f"vapid t={token}, k={base64url(_point(key))}"


def encrypted(
    plain: bytes, device: PushDevice, *, salt: bytes | None = None, key: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """One record that the browser alone opens (aes128gcm). Raises ValueError for keys that are none.

    salt, key  made anew each time; given by the tests, which hold RFC 8291's own example
    """
    key = key or ec.generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, device.p256dh)
    shared = key.exchange(ec.ECDH(), theirs)
    ours = _point(key)
    secret = _derived(shared, device.auth, b"WebPush: info\0" + device.p256dh + ours, 32)
    content = AESGCM(_derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + _RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return head + content.encrypt(nonce, plain + b"\x02", None)  # 2: the last record


def _payload(message: Message, device: PushDevice) -> bytes:
    """Number, place, how many; and by what the device tells that it has it. Its worker makes the words."""
    told = {
        "attempts": [str(one) for one in message.attempts],
        "count": message.count,
        "device": str(device.id),
        "number": message.number,
        "place": message.place,
        "proof": proof(device.id, message.attempts),
    }
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _private(secret: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(secret)), _CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
