"""One household, one source, whatever address of its network it comes from."""

import pytest

from command.people.sources import source_of


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_one_household_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source
