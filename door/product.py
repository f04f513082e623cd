"""The product on its services: migrated, checked against its anchors, seeded, started, healthy."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, Final

from door import keeper, past
from door.cluster import psql
from door.layout import Layout
from door.processes import alive, happens, read_pid, stop_process, wait_for
from door.progress import Failure, Progress, run_logged
from door.redis_server import free_port
from door.services import Services, uses_own_postgres, uses_own_redis
from door.stamps import digest_of, is_fresh, mark

DEFAULT_PORT: Final = 8060
DIRECTLY: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a machine's proxy is not for 127.0.0.1
ANCHORS_MISFIT: Final = 3  # exit code of check_anchors
HEALTHY_WITHIN_S: Final = 60
RECOVERS_WITHIN_S: Final = 10  # after a stop by hand or a hang; later everything is restarted
PACKAGES: Final = ("realtime", "gis", "command", "dispatch", "assessment", "server", "demo")
SOURCES: Final = (*PACKAGES, "door", "requirements.lock")
NOT_SOURCES: Final = frozenset({"__pycache__"})


def django(layout: Layout, environment: Mapping[str, str], *arguments: str, what: str, remedy: str) -> None:
    """Run one of the product's commands with its output in .run/log/<command>.log."""
    run_logged(
        [layout.python, "-m", "django", *arguments],
        log=layout.log / f"{arguments[0]}.log",
        env=environment,
        cwd=layout.root,
        what=what,
        remedy=remedy,
    )


def migrate(layout: Layout, services: Services, progress: Progress) -> None:
    """Bring the schema up to this release, as its owner.

    Skipped while the migrations are the same, here and in the database, as after the last time: Django takes
    seconds to find that out.
    """
    stamp = layout.stamps / "migrated"
    files = sorted(file for name in PACKAGES for file in (layout.root / name).rglob("migrations/*.py"))
    here = digest_of([*files, layout.root / "requirements.lock"])
    if is_fresh(stamp, here + applied_migrations(services)):
        return
    environment = services.environment(layout) | {"RELAY_DATABASE_URL": services.owner_url}
    with progress.step("migrate the database"):
        django(
            layout,
            environment,
            "migrate",
            "--no-input",
            "--skip-checks",  # ./relay check makes them; here they cost a second of every start
            what="the migrations did not end well",
            remedy="nothing was started; read the log, put the former release back or restore a backup",
        )
        mark(stamp, here + applied_migrations(services))


def applied_migrations(services: Services) -> str:
    """A digest of what the database says was applied; empty when it was never migrated."""
    if psql("psql", services.owner_url, "SELECT to_regclass('django_migrations') IS NULL") == "t":
        return ""
    rows = "SELECT md5(string_agg(concat_ws(' ', id, app, name, applied), ',' ORDER BY id)) FROM django_migrations"
    return psql("psql", services.owner_url, rows)


def check_anchors(layout: Layout, services: Services, progress: Progress, *, new_epoch: bool) -> None:
    """Refuse a feed that does not continue its anchors, unless a new epoch is asked for: then open it.

    Raises Failure with status 3 when the feed is behind an anchor, or another history.
    """
    environment = services.environment(layout)
    with progress.step("compare the feed with its anchors"):
        found = subprocess.run(
            [layout.python, "-m", "django", "check_anchors", "--skip-checks"],
            cwd=layout.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if found.returncode == 0:
            return
        if found.returncode != ANCHORS_MISFIT:
            raise Failure(
                f"the anchors could not be checked:\n{(found.stdout + found.stderr).strip()}",
                remedy="nothing was started; put right what the message names, then run the same again",
            )
        if not new_epoch:
            raise Failure(refusal(found.stdout, layout), remedy=REFUSAL_REMEDY, status=ANCHORS_MISFIT)
        django(
            layout,
            environment,
            "open_epoch",
            "--skip-checks",
            what="the new epoch could not be opened",
            remedy="nothing was started; read the log",
        )


def refusal(reasons: str, layout: Layout) -> str:
    """What is said when the feed does not continue its anchors."""
    lines = "\n".join(f"    {line}" for line in reasons.strip().splitlines())
    return (
        f"the database does not continue what was written down outside it ({layout.anchors}):\n{lines}\n"
        "    Facts are lost, or this is another history: an older backup, another disk, or somebody's change."
    )


REFUSAL_REMEDY: Final = (
    "find the right database and start with that; or accept the loss with --new-epoch: it is written into the feed as\n"
    "       its first fact, and every screen starts over. A demonstration can be thrown away with ./relay reset."
)


def seed(layout: Layout, services: Services, progress: Progress) -> None:
    """Fill an empty database with the demonstration district, by real actions under shifted time. Once.

    Without its past: `door/past.py` fills that in, behind what runs.
    """
    if is_fresh(layout.stamps / "seed", digest_of([], also=services.database_url)):
        return
    environment = services.environment(layout) | {"RELAY_DATABASE_URL": services.sim_url}
    with progress.step("seed the demonstration district"):
        django(
            layout,
            environment,
            "seed_demo",
            "--today",
            "--skip-checks",
            what="the demonstration could not be seeded",
            remedy="read the log; ./relay reset --yes starts over",
        )
        mark_seeded(layout, services)


def recognise(layout: Layout, services: Services) -> None:
    """Remember a real centre that the database holds: restored onto another machine, or its stamps are gone.

    Without that the next `up` would take the installation for a demonstration, and seed accounts into it whose
    password everybody knows.
    """
    if layout.real_mark.exists():
        return
    code = psql("psql", services.owner_url, "SELECT code FROM organisations_centre WHERE NOT is_demonstration LIMIT 1")
    if code:
        mark(layout.real_mark, code)


def mark_seeded(layout: Layout, services: Services) -> None:
    """Remember that this database has its people: it is never seeded again."""
    mark(layout.stamps / "seed", digest_of([], also=services.database_url))


def collect_static(layout: Layout, services: Services, progress: Progress) -> None:
    """Put the built screens where the gateway serves them from; skipped while the build is the same.

    The former release's files stay beside them for a day: screens that are open go on fetching them.
    """
    dist = digest_of([layout.frontend / "dist", layout.root / "requirements.lock"])
    stamp = layout.stamps / "static"
    if is_fresh(stamp, dist) and (layout.run / "static").is_dir():
        return
    with progress.step("collect the screens' files"):
        django(
            layout,
            services.environment(layout),
            "collect_screens",
            what="the screens' files could not be collected",
            remedy="read the log",
        )
        mark(stamp, dist)


def tell_address(layout: Layout, services: Services, port: int, progress: Progress) -> None:
    """Let the demonstration's signs and slips lead to where it is. Once for each address."""
    stamp = layout.stamps / "demo-address"
    if is_fresh(stamp, address_of(port)):
        return
    with progress.step("tell the demonstration its address"):
        django(
            layout,
            services.environment(layout),
            "demo_address",
            "--skip-checks",
            address_of(port),
            what="the demonstration could not be told its address",
            remedy="read the log; its signs and slips have no QR code until an administrator sets one",
        )
        mark(stamp, address_of(port))


def address_of(port: int) -> str:
    """The address printed to people of this machine."""
    return f"http://127.0.0.1:{port}"


def current_port(layout: Layout) -> int | None:
    """The port that the running (or last) gateway was given."""
    return read_pid(layout.run / "port")


def keeper_pid(layout: Layout) -> int | None:
    """The keeper's process, when it lives."""
    return running_pid(layout, keeper.KEEPER)


def digest_of_running(layout: Layout, environment: Mapping[str, str]) -> str:
    """What the processes run from: their sources, what the environment tells them, and the screens' collected files.

    Screens look for a newer release when they have been cut off and are back: new files alone restart the gateway too.
    """
    told = sorted(
        f"{name}={value}" for name, value in environment.items() if name.startswith("RELAY_") and name != "RELAY_PORT"
    )
    collected = layout.stamps / "static"
    files = collected.read_text() if collected.exists() else ""
    return digest_of([layout.root / name for name in SOURCES], leave=NOT_SOURCES, also="\n".join([*told, files]))


def start(layout: Layout, services: Services, progress: Progress) -> int:
    """Start gateway, timer and worker under their keeper and wait until they are healthy. Returns the port.

    What runs from the same sources and addresses is left running; what runs from others is stopped first.
    """
    environment = services.environment(layout)
    digest = digest_of_running(layout, environment)
    stamp = layout.stamps / "running"
    port = current_port(layout)
    for name in (*keeper.NAMES, *keeper.SERVICES):
        keeper.hold_of(layout, name).unlink(missing_ok=True)
    running = port if keeper_pid(layout) and is_fresh(stamp, digest) else None
    if running and happens(lambda: is_healthy(running), within_s=RECOVERS_WITHIN_S):
        return running
    stop(layout, progress)
    wanted = int(os.environ.get("RELAY_PORT", DEFAULT_PORT))
    port = free_port(wanted)
    if port != wanted:
        progress.say(f"           port {wanted} is taken by another program: {port} is used")
    (layout.run / "port").write_text(str(port))
    with progress.step("start gateway, timer and worker"):
        log = layout.log / "keeper.log"
        with log.open("ab") as sink:
            kept = subprocess.Popen(
                [sys.executable, "-m", "door.keeper"],
                cwd=layout.root,
                env=environment | {"RELAY_PORT": str(port), keeper.OURS: " ".join(own_services())},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        (layout.pids / "keeper.pid").write_text(str(kept.pid))
        wait_until_healthy(layout, port, kept)
        mark(stamp, digest)
    return port


def own_services() -> list[str]:
    """Those of the services that the door starts, and the keeper again."""
    return ["redis"] * uses_own_redis() + ["postgres"] * uses_own_postgres()


def wait_until_healthy(layout: Layout, port: int, kept: subprocess.Popen[bytes]) -> None:
    """Wait for /healthz to say so. Raises Failure with what it says instead; at once when the keeper is gone."""
    if not happens(lambda: is_healthy(port) or kept.poll() is not None, within_s=HEALTHY_WITHIN_S):
        said = json.dumps(health(port), ensure_ascii=False)
        raise Failure(
            f"{address_of(port)}/healthz is not healthy after {HEALTHY_WITHIN_S} s: {said}",
            remedy="read the log; ./relay logs timer, ./relay logs postgres say more",
            log=layout.log / "gateway.log",
        )
    if kept.poll() is not None:
        raise Failure("the keeper of the processes ended", remedy="read the log", log=layout.log / "keeper.log")


def stop(layout: Layout, progress: Progress) -> None:
    """Stop gateway, timer and worker with who keeps them; also those that a killed keeper left behind."""
    past.stop(layout)
    names = (keeper.WATCHMAN, keeper.KEEPER, *keeper.NAMES)  # the watchman first: it would start the keeper again
    if any(running_pid(layout, name) for name in names):
        keeper.stopping(layout).touch()
        try:
            with progress.step("stop gateway, timer and worker"):
                for name in names:
                    within_s = keeper.DRAIN_WITHIN_S + 5 if name == keeper.KEEPER else 5
                    stop_process(running_pid(layout, name), within_s=within_s)
        finally:
            keeper.stopping(layout).unlink(missing_ok=True)
    (layout.pids / "keeper.pid").unlink(missing_ok=True)
    (layout.stamps / "running").unlink(missing_ok=True)


def running_pid(layout: Layout, name: str) -> int | None:
    """The process of that name, when it lives."""
    pid = read_pid(keeper.pid_of(layout, name))
    return pid if alive(pid, keeper.word_of(name)) else None


def hold(layout: Layout, name: str) -> None:
    """Stop one process; its keeper leaves it stopped. Returns when it has ended."""
    keeper.hold_of(layout, name).touch()
    stop_process(running_pid(layout, name), within_s=keeper.DRAIN_WITHIN_S)


def release(layout: Layout, name: str) -> None:
    """Let the keeper start one process again. Raises Failure when there is no keeper, or it doesn't."""
    keeper.hold_of(layout, name).unlink(missing_ok=True)
    if keeper_pid(layout) is None:
        raise Failure("the product is not running", remedy="./relay up")
    wait_for(
        lambda: running_pid(layout, name) is not None,
        within_s=keeper.LONGEST_PAUSE_S + 5,
        what=f"{name} was not started again",
        log=layout.log / "keeper.log",
    )


def is_healthy(port: int) -> bool:
    """Whether /healthz says that head and timer are fresh."""
    return health(port).get("healthy") is True


def health(port: int) -> dict[str, Any]:
    """What /healthz answers, healthy or not; empty when nobody answers."""
    try:
        with DIRECTLY.open(f"{address_of(port)}/healthz", timeout=3) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except (OSError, ValueError):
        return {}
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def write_down_duration(layout: Layout, took_s: float, *, was_bare: bool) -> None:
    """Keep how long `up` took in `.run/up.json`: the one on a bare machine, and the last."""
    file = layout.run / "up.json"
    said = json.loads(file.read_text()) if file.exists() else {"bare_s": None}
    said["last_s"] = round(took_s, 1)
    if was_bare:
        said["bare_s"] = said["last_s"]
    file.write_text(json.dumps(said) + "\n")
