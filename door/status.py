"""`./relay status`: what runs, in which version, how much is in it, how far the feed has come."""

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from door import keeper, past
from door.cluster import Cluster, psql
from door.layout import Layout
from door.packages import installed_postgres
from door.product import address_of, current_port, health, running_pid
from door.progress import Failure
from door.redis_server import Redis
from door.services import DATABASE, given, uses_own_postgres, uses_own_redis

HEALTH_KEYS: Final = ("head", "verified_at", "wrote_at", "timer_at", "worker_at", "server_time")
RUNNING: Final = "running"
SILENT_S: Final = 10.0  # a process that has turns touches its file each second
COUNTED: Final = {"issues": "issues_issue", "orders": "orders_order", "facts": "feed_fact", "people": "people_person"}


def status_of(layout: Layout) -> dict[str, Any]:
    """Everything as one JSON object; nothing in it needs the product to run."""
    port = current_port(layout)
    said = health(port) if port else {}
    found, url = processes(layout), given_or_own_url(layout)
    unkept = nobody_keeps(found)
    return {
        "url": address_of(port) if port else None,
        "healthy": said.get("healthy") is True and not unkept,
        "ailments": [*unkept, *said.get("ailments", ["gateway"])],
        "versions": versions(layout),
        "counts": counts(url),
        "past": past.as_status(url, layout),
        "failing_ways": failing_ways(url),
        "feed": {key: said.get(key) for key in HEALTH_KEYS},
        "processes": found,
        "disks": disks(layout),
    }


def versions(layout: Layout) -> dict[str, str | None]:
    """Of the product, of its commit, and of what it runs on."""
    project = tomllib.loads((layout.root / "pyproject.toml").read_text())["project"]
    postgres = installed_postgres()
    return {
        "relay60": str(project["version"]),
        "commit": _first_line(["git", "-C", str(layout.root), "rev-parse", "--short", "HEAD"]),
        "python": ".".join(map(str, sys.version_info[:3])),
        "postgresql": str(postgres) if postgres else None,
        "redis": _first_line(["redis-server", "--version"]),
    }


def counts(url: str | None) -> dict[str, int | None]:
    """Rows of the main tables, where the database can be asked; empty otherwise."""
    if url is None:
        return {}
    try:
        tables = set(psql("psql", url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").splitlines())
        asked = {name: table for name, table in COUNTED.items() if table in tables}
        if not asked:
            return {}
        columns = [f"(SELECT count(*) FROM {table})" for table in asked.values()]  # noqa: S608  names of ours
        answer = psql("psql", url, f"SELECT {', '.join(columns)}")
    except Failure:
        return {}
    return dict(zip(asked, map(int, answer.split("|")), strict=True))


def failing_ways(url: str | None) -> list[str]:
    """By what calls no longer leave the house, each with since when; empty where the database can't be asked."""
    if url is None:
        return []
    asked = "SELECT kind || ' since ' || failing_since FROM outside_way WHERE in_use AND failing_since IS NOT NULL"
    try:
        return psql("psql", url, asked).splitlines()
    except Failure:  # before the first migration
        return []


def given_or_own_url(layout: Layout) -> str | None:
    """An address of the database that can be read from, when it can be reached."""
    if shutil.which("psql") is None:
        return None
    if not uses_own_postgres():
        return given(os.environ, "DATABASE_URL")
    if installed_postgres() is None:
        return None
    cluster = Cluster(layout)
    return cluster.url("relay_app", DATABASE) if cluster.running() else None


def processes(layout: Layout) -> dict[str, dict[str, Any]]:
    """Each process by name: whether it runs, and its number where it is ours."""
    found: dict[str, dict[str, Any]] = {}
    for name in (keeper.KEEPER, keeper.WATCHMAN, *keeper.NAMES):
        pid = running_pid(layout, name)
        found[name] = {"running": pid is not None, "pid": pid, "silent_s": silent_s(layout, name) if pid else None}
    if uses_own_postgres():
        found["postgres"] = {"running": installed_postgres() is not None and Cluster(layout).running()}
    if uses_own_redis():
        found["redis"] = {"running": Redis(layout).running()}
    return found


def nobody_keeps(found: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Keeper and watchman, when neither runs: each starts the other again, and without both nobody starts anything."""
    both = [keeper.KEEPER, keeper.WATCHMAN]
    return both if all(said_of(found[name]) != RUNNING for name in both) else []


def disks(layout: Layout) -> dict[str, int]:
    """How full the disks of database, uploads and logs are, in whole percent, as far as they are this machine's."""
    found = {}
    for name, folder in (("database", layout.postgres), ("uploads", layout.data), ("logs", layout.log)):
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            continue
        found[name] = round(100 * usage.used / max(1, usage.used + usage.free))
    return found


def silent_s(layout: Layout, name: str) -> float | None:
    """Seconds since a process's last sign of life; None before the first."""
    try:
        return round(max(0.0, time.time() - keeper.beat_of(layout, name).stat().st_mtime), 1)
    except OSError:
        return None


def said_of(one: Mapping[str, Any]) -> str:
    """Whether a process runs, and whether it hangs."""
    if not one["running"]:
        return "stopped"
    silent = one.get("silent_s") or 0.0
    return RUNNING if silent < SILENT_S else f"HANGS: no sign of life for {silent:.0f} s"


def as_text(status: dict[str, Any]) -> str:
    """The same for people."""
    verdict = "healthy" if status["healthy"] else f"NOT healthy: {', '.join(status['ailments'])}"
    lines = [f"{status['url'] or 'never started'}   {verdict}"]
    if status["url"] and nobody_keeps(status["processes"]):
        lines.append("  nobody starts again what ends: ./relay up brings keeper and watchman back")
    lines += [f"  {name:<10} {said_of(one)}" for name, one in status["processes"].items()]
    lines += [f"  {name:<10} {value}" for name, value in status["counts"].items()]
    lines += [past.as_line(status["past"])] if status["past"] else []
    lines += [f"  {name:<10} disk {used} % full" for name, used in status["disks"].items()]
    lines += [f"  calls      do not leave the house by {one}" for one in status["failing_ways"]]
    for head in status["feed"]["head"] or []:
        lines.append(f"  feed       centre {head.get('centre')}: epoch {head.get('epoch')}, seq {head.get('seq')}")
    lines.append("  versions   " + json.dumps(status["versions"]))
    return "\n".join(lines)


def _first_line(command: list[str]) -> str | None:
    """What a program says first, or None when it can't be run."""
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    except FileNotFoundError:
        return None
    return said.stdout.partition("\n")[0] or None if said.returncode == 0 else None
