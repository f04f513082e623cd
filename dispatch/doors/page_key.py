"""The key to what an inhabitant has half written: told to that browser alone, for as long as it is open.

The page seals with it what it keeps for a reload. It belongs to a cookie that no script reads, that goes to this one
address, and that a browser forgets when it is closed; after three days the server answers to it no more. Nothing is
kept here: the key is made from the cookie. Source:
docs/decisions/0029-an-inhabitants-words-are-sealed-to-the-browser-that-is-open.md.
"""

import base64
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from ninja import Router, Schema

from command.people.sources import source_asking
from command.requests import PROBLEMS, ProblemOut
from dispatch.doors.inhabitants import DOOR
from dispatch.doors.limits import must_not_be_too_often

router = Router(tags=["public"], auth=None)

COOKIE: Final = "relay60_page"
PATH: Final = "/api/v1/public/draft-key"
LASTS: Final = timedelta(days=3)  # what is half written is kept for one; a tab may stand open before somebody writes
_SIGNER: Final = TimestampSigner(salt="relay60.page")


class PageKeyOut(Schema):
    """A key for AES-256-GCM, 32 bytes in base64. No page may store it."""

    key: str


@router.get("/public/draft-key", response={200: PageKeyOut, PROBLEMS: ProblemOut})
def read_page_key(request: HttpRequest, response: HttpResponse) -> PageKeyOut:
    """The key to what is half written in this browser: the same for as long as it is open, three days at most."""
    must_not_be_too_often((DOOR, source_asking(request)))
    response["Cache-Control"] = "no-store"
    token = request.COOKIES.get(COOKIE, "")
    try:
        _SIGNER.unsign(token, max_age=LASTS)
    except BadSignature:
        token = _SIGNER.sign(secrets.token_urlsafe(24))
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(COOKIE, token, path=PATH, httponly=True, samesite="Strict", secure=secure)
    key = salted_hmac("relay60.page.key", token, algorithm="sha256").digest()
    return PageKeyOut(key=base64.b64encode(key).decode())
