"""`python -m django openapi`: writes the API's document; it is served, the screens' types are made from it."""

from typing import Any

from django.core.management.base import BaseCommand

from server.api import api
from server.document import DOCUMENT, written


class Command(BaseCommand):
    """Then `npm run api` in `frontend/` makes the types. A test and `./relay check` refuse stale copies of either."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the file anew."""
        DOCUMENT.write_text(written(api.get_openapi_schema()))
        self.stdout.write(f"{DOCUMENT}")
