"""Hands facts to this process's connections. Pure of server and database: bytes, scopes, positions and writers."""
