"""The server process: HTTP and `/live` in one Daphne. `python -m server.serve --port 8060`."""

import argparse
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

import daphne.server  # noqa: F401  # first: it installs Twisted's asyncio reactor

# isort: split
from server.asgi import application  # sets Django up: what follows needs the app registry

# isort: split
from server.relay_server import RelayServer, endpoint, prepare_process
from server.settings import ENV
from server.wiring import live


def arguments_of(words: list[str] | None = None) -> argparse.Namespace:
    """The command line. Exits with a message where it makes no sense."""
    parser = argparse.ArgumentParser(prog="python -m server.serve", description="Relay60's HTTP and live gateway")
    parser.add_argument("--port", type=int, default=ENV.port)
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--tls-cert", help="certificate chain (PEM); with --tls-key the port speaks TLS")
    parser.add_argument("--tls-key", help="private key (PEM)")
    arguments = parser.parse_args(words)
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        parser.error("--tls-cert and --tls-key go together")
    return arguments


def main() -> None:
    """Serves until SIGTERM or SIGINT, then drains."""
    asked = arguments_of()
    where = endpoint(asked.bind, asked.port, asked.tls_cert, asked.tls_key)
    server = RelayServer(application, live, ENV.gateway, [where])
    prepare_process()
    server.run()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
