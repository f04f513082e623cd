"""The one ASGI application: Django for HTTP, the gateway for `/live`. Run by `server/serve.py` under Daphne."""

import os
from typing import cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

http_application = get_asgi_application()  # before any import that needs the app registry

from realtime.gateway.live import Application
from server.settings import ENV
from server.turned_away import TurnedAway
from server.wiring import live

http = TurnedAway(cast(Application, http_application), behind_proxy=ENV.behind_proxy)
application = ProtocolTypeRouter({"http": live.with_health(http), "websocket": live})
