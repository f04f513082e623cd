"""Installation, services and processes brought up and taken down, by one ./relay at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from door import past, product
from door.cluster import Cluster
from door.layout import Layout
from door.node import ensure_frontend
from door.packages import install_missing, installed_postgres, missing_packages
from door.progress import Failure, Progress
from door.python_env import ensure_python
from door.redis_server import Redis
from door.services import Services, ensure_services, uses_own_postgres, uses_own_redis

DEMO_PASSWORD: Final = "relay60-demo"  # noqa: S105  printed to everyone: demonstration only
DEMO_ACCOUNTS: Final = (
    ("duty1, duty2", "duty officers 值班员", "/console"),
    ("lead", "duty lead 值班长", "/console"),
    ("chengguan, power, housing, police, renshe", "liaisons 联络员", "/phone"),
    ("town, community", "township and community desks 镇街、村社值班", "/township"),
    ("leader", "leader 领导", "/leader"),
    ("grid1", "grid member 网格员", "/phone"),
    ("admin", "administrator 管理员", "/admin"),
)


def bring_up(layout: Layout, services: Services, progress: Progress, *, new_epoch: bool) -> int:
    """From running services to a healthy product. Returns its port."""
    product.migrate(layout, services, progress)
    product.recognise(layout, services)
    product.check_anchors(layout, services, progress, new_epoch=new_epoch)
    if layout.mode == "demo":
        product.seed(layout, services, progress)
    product.collect_static(layout, services, progress)
    port = product.start(layout, services, progress)
    if layout.mode == "demo":
        product.tell_address(layout, services, port, progress)
        past.fill_in(layout, services, progress)
    return port


def prepare(layout: Layout, progress: Progress, *, testing: bool) -> dict[str, str]:
    """Packages, Python, Node, the built screens. Returns the environment in which Node can be called."""
    layout.make_directories()
    missing = missing_packages(testing=testing, own_postgres=uses_own_postgres(), own_redis=uses_own_redis())
    install_missing(layout, progress, missing)
    ensure_python(layout, progress)
    return ensure_frontend(layout, progress)


def print_welcome(port: int, progress: Progress, layout: Layout) -> None:
    """Where to look first, and who one can be."""
    url = product.address_of(port)
    progress.say(f"\nRelay60 runs, after {progress.elapsed_s:.1f} s.\n")
    for name, path in (("console", "/console"), ("phone", "/phone"), ("wall", "/wall"), ("admin", "/admin")):
        progress.say(f"  {name:<8} {url}{path}")
    if layout.mode == "demo":
        progress.say(f"\n  demonstration accounts, password {DEMO_PASSWORD}:")
        for names, role, path in DEMO_ACCOUNTS:
            progress.say(f"    {names:<48} {path:<10} {role}")
    progress.say("\n  ./relay status   ./relay logs -f   ./relay down   (docs/runbook.md)")


def stop_all(layout: Layout, progress: Progress) -> None:
    """Gateway, timer, worker, then Redis and PostgreSQL where they are ours."""
    product.stop(layout, progress)
    stop_services(layout, progress)


def stop_services(layout: Layout, progress: Progress) -> None:
    """Stop our own Redis and PostgreSQL."""
    if Redis(layout).running():
        with progress.step("stop Redis"):
            Redis(layout).stop()
    if installed_postgres() is not None and Cluster(layout).running():
        with progress.step("stop PostgreSQL"):
            Cluster(layout).stop()


@contextmanager
def borrowed_services(layout: Layout, progress: Progress) -> Iterator[Services]:
    """PostgreSQL and Redis for the time of the block. What ran is left running, what had to be started is stopped."""
    ran = installed_postgres() is not None and (Cluster(layout).running() or Redis(layout).running())
    with alone(layout):
        services = ensure_services(layout, progress)
    try:
        yield services
    finally:
        if not ran:
            stop_services(layout, progress)


@contextmanager
def alone(layout: Layout) -> Iterator[None]:
    """Only one ./relay at a time changes this run directory. Raises Failure when another is at it."""
    layout.run.mkdir(parents=True, exist_ok=True)
    with (layout.run / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("another ./relay is at work in this directory", remedy="wait until it has ended") from None
        yield
