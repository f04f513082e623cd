"""Every file that is made from the code: `./relay generate` writes them, `./relay check` makes them again and compares.

What one Python text declares reaches docs and screens by these files alone. `frontend/src/api/schema.d.ts` is made from
the document here by openapi-typescript: `door/generating.py` calls it.
"""

from typing import Any, Final

from django.conf import settings

from assessment.figures import pages
from realtime.gateway.schema import schemas
from server import cards, centre_settings, facts, limits, verbs, words
from server.api import api
from server.document import DOCUMENT, written
from server.refusals import written as written_refusals

_FRAMES: Final = "docs/protocol"


def made() -> dict[str, str]:
    """What each file should hold, by its path below the root."""
    document: dict[str, Any] = api.get_openapi_schema()
    document["components"]["schemas"] |= cards.schemas()
    return {
        DOCUMENT.relative_to(settings.BASE_DIR).as_posix(): written(document),
        limits.SCRIPT: limits.script(document),
        words.SCRIPT: words.script(),
        cards.SCRIPT: cards.script(),
        verbs.SCRIPT: verbs.script(),
        centre_settings.SCRIPT: centre_settings.script(),
        facts.SCRIPT: facts.script(),
        cards.PAGE: cards.page(),
        written_refusals.PAGE: written_refusals.page(),
        written_refusals.CODES: written_refusals.codes(),
        pages.PAGE: pages.page(),
        pages.SCRIPT: pages.script(),
        **{f"{_FRAMES}/{name}": content.decode() for name, content in schemas().items()},
    }
