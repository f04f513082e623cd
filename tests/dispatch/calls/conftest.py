"""Other sides for calls that leave the house."""

from tests.outside.fixtures import certificate, corp, gateway, trusted, vendor

__all__ = ["certificate", "corp", "gateway", "trusted", "vendor"]
