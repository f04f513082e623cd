"""How long and how much: the numbers of the live protocol, each with its unit. Source: docs/protocol.md."""

from pydantic import BaseModel, ConfigDict


class Limits(BaseModel):
    """Every time and size that the gateway keeps to. The defaults are the protocol's; tests shorten them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    beat_s: float = 5.0
    beat_slots: int = 50  # beats are spread over the period: 10,000 answers at once would hold the next fact up
    seen_stale_s: float = 15.0  # an empty buffer proves nothing: 472 facts fit into the kernel unread
    behind_limit_s: float = 60.0  # without progress for so long: 4008
    pump_s: float = 0.02  # how often a connection that is behind is looked at
    hello_within_s: float = 10.0
    hello_after_reset_s: float = 120.0  # a snapshot has to be fetched first
    ticket_renew_s: float = 300.0
    ticket_lifetime_s: float = 900.0
    tail_interval_s: float = 0.2  # the promise is 250 ms, the read itself included
    tail_gap_s: float = 0.003  # least time between two looks, however often it is woken
    query_timeout_s: float = 1.0  # a hung database shows as an ageing verified_at within this
    healthy_within_s: float = 10.0
    write_every_s: float = 5.0  # a proof that a command could be written: 256 kB, a connection of its own
    wrote_within_s: float = 15.0
    worker_within_s: float = 30.0
    ring_facts: int = 4096
    replay_facts: int = 20_000  # a cursor older than this gets a snapshot: cheaper for both
    client_chars: int = 16_384
    send_buffer_bytes: int = 32_768
    tls_buffer_bytes: int = 16_384  # may wait in the process on a connection that is not written to directly
    drain_within_ms: int = 3000
    publish_slice_s: float = 0.01  # between two facts, others get a turn after so long
