"""W4: every screen of a gateway that restarts comes back, and PostgreSQL hardly notices."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bench.generator import Generator
from bench.live import LifeGoesOn
from bench.processes import Server
from bench.progress import say
from bench.wiretap import TAIL, Wiretap

DEADLINE_S: Final = 90.0


@dataclass(frozen=True, slots=True)
class Storm:
    """What a restart was like for its screens."""

    out_s: float  # from the first screen dropped to the last one live again
    after_listening_s: float  # from the new process answering to the last one live again
    statements: int  # of the new process, from its start until all were live
    looks: int  # those among them that only looked at the heads: as many as with no screen at all
    facts: int  # that happened meanwhile
    resets: int  # screens that were told to start over
    live: int

    def statements_per_100(self) -> float:
        """Statements for each 100 screens, start-up and the recording of who got what included, looks not."""
        return (self.statements - self.looks) / self.live * 100


def measure_w4(
    server: Server,
    screens: Generator,
    centre_id: UUID,
    env: Mapping[str, str],
    start: Callable[[Mapping[str, str], int], Server],
) -> tuple[Storm, Server]:
    """Restarts the gateway under its open screens, as an operator would; answers with the new server.

    start   starts a gateway with an environment on a port
    """
    say("W4: restarting the gateway under its screens")
    with Wiretap(env["RELAY_DATABASE_URL"]) as tap, LifeGoesOn(centre_id) as life:
        screens.begin_survive(deadline_s=DEADLINE_S)
        server.stop()
        again = start(dict(env) | {"RELAY_DATABASE_URL": tap.url}, server.port)
        listening_at = time.monotonic()
        said = screens.survived()
        counted, facts = tap.statements(), life.facts
        # The tap ends here and takes the new gateway's connections with it: it connects anew by itself or is stopped.
    return (
        Storm(
            out_s=said["last_live_at"] - said["first_drop_at"],
            after_listening_s=said["last_live_at"] - listening_at,
            statements=sum(counted.values()),
            looks=counted.get(TAIL, 0),
            facts=facts,
            resets=sum(said["resets"].values()),
            live=max(1, said["live"]),
        ),
        again,
    )
