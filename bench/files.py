"""The limit of open files: 10,000 sockets need more than a shell's usual 1,024."""

import resource


def raise_file_limit() -> int:
    """Raises the soft limit to the hard one, for this process and the servers that it starts. The new limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
