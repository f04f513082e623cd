"""Where in which history: the part of every frame that lets a client prove that it missed nothing."""

from dataclasses import dataclass

from realtime.feed.contract import HASH_PIECE_BYTES


@dataclass(frozen=True, slots=True)
class Position:
    """An epoch, a seq and the chain's hash there (32 bytes)."""

    epoch: int
    seq: int
    hash: bytes

    @property
    def piece(self) -> str:
        """The hash's first bytes in hex, as frames and cursors carry it."""
        return piece_of(self.hash)


def piece_of(hash_: bytes) -> str:
    """The first 8 bytes of a hash, in hex."""
    return hash_[:HASH_PIECE_BYTES].hex()
