"""Other sides for the tests of outside ways."""

from tests.outside.fixtures import certificate, corp, gateway, trusted, vendor

__all__ = ["certificate", "corp", "gateway", "trusted", "vendor"]
