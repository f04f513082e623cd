"""What a bench tells the person who waits: one line per step, on standard error."""

import sys
import time

_BEGAN = time.monotonic()


def say(step: str) -> None:
    """Prints the step with the seconds since the start."""
    print(f"[{time.monotonic() - _BEGAN:6.1f} s] {step}", file=sys.stderr, flush=True)
