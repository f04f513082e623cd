"""Ties rights to the gateway: `/live` as server/asgi.py mounts it."""

from command.people.authority import PeopleAuthority
from realtime.gateway.asgi import live_application

live = live_application(PeopleAuthority())
