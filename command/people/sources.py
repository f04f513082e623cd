"""Whom a network address stands for, where it is counted how often somebody comes."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from django.http import HttpRequest

_IPV6_PREFIX: Final = 64  # what one household is given; each address in it is as good as another


def source_of(address: str) -> str:
    """Whom an address stands for: an IPv4 address itself, of an IPv6 one the network that a household is given."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(found) >> _IPV6_PREFIX << _IPV6_PREFIX))
    return str(found)


def source_asking(request: HttpRequest) -> str:
    """Whom the address of a request stands for."""
    return source_of(str(request.META.get("REMOTE_ADDR", "")))
