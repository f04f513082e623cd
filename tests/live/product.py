"""The whole product, running for a test: database, Redis, gateway, timer, worker. Everything is a real process."""

import base64
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx

from tests.live.databases import Cluster, at_database, rows, server_of, through
from tests.live.people import Caller, Person
from tests.live.processes import ROOT, Process, free_port, must_run, redis_process, run
from tests.live.screen import Screen
from tests.live.waiting import wait_for
from tests.live.wire import Wire

_serial: Final = count(1)


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the keys of the test run lie; all its databases are sealed with them."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> "Keys":
        """New keys in a new folder."""
        folder.mkdir(parents=True)
        (folder / "secret").write_text(secrets.token_urlsafe(48))
        (folder / "master").write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        return cls(folder)


PUBLIC_URL: Final = "https://zz.example.gov.cn"  # where inhabitants reach the centre: no address of this machine


@dataclass(frozen=True, slots=True)
class Template:
    """A migrated and seeded database that nobody uses: products are copies of it."""

    cluster: Cluster
    database: str
    keys: Keys
    folder: Path

    @property
    def static(self) -> Path:
        """The built screens, collected once for all products."""
        return self.folder / "static"

    @classmethod
    @contextmanager
    def make(cls, cluster: Cluster, database: str, folder: Path, *, plan: str = "township") -> "Iterator[Template]":
        """Makes it from the door's template by migrations and the demonstration's seed; drops it at the end."""
        template = cls(cluster, database, Keys.make(folder / "keys"), folder)
        cluster.copy("relay_template", database)
        try:
            env = environment(template.keys, cluster, database, folder)
            must_run(
                ["django", "migrate", "--no-input", "-v", "0"], env | {"RELAY_DATABASE_URL": cluster.owner(database)}
            )
            must_run(["django", "seed_demo", "--plan", plan], env)
            must_run(["django", "demo_address", PUBLIC_URL], env)
            must_run(["django", "collect_screens"], env)
            yield template
        finally:
            cluster.drop(database)


def environment(keys: Keys, cluster: Cluster, database: str, folder: Path) -> dict[str, str]:
    """What every process of a product is told. Time may be shifted: the database's role is the simulator's."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "server.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RELAY_MODE": "test",
        "RELAY_RUN_DIR": str(folder),
        "RELAY_DATA_DIR": str(folder / "data"),
        "RELAY_SECRET_KEY_FILE": str(keys.folder / "secret"),
        "RELAY_MASTER_KEY_FILE": str(keys.folder / "master"),
        "RELAY_DATABASE_URL": cluster.sim(database),
        "RELAY_DATABASE_OWNER_URL": cluster.owner(database),
        "RELAY_DATABASE_SIM_URL": cluster.sim(database),
    }


@dataclass
class Product:
    """One running product. What a test breaks, the test puts right, or takes a product of its own."""

    template: Template
    folder: Path
    database: str = field(init=False)

    def __post_init__(self) -> None:
        cluster = self.template.cluster
        self.database = f"{self.template.database}_{next(_serial)}"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "static").symlink_to(self.template.static)
        self._stack, self._visitors = ExitStack(), ExitStack()
        cluster.copy(self.template.database, self.database)
        self._stack.callback(cluster.drop, self.database)
        self.port, redis_port = free_port(), free_port()
        self.wire = Wire(server_of(cluster.sim_url))  # between the gateway and PostgreSQL
        self._stack.callback(self.wire.close)
        self.env = environment(self.template.keys, cluster, self.database, self.folder) | {
            "RELAY_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "RELAY_PORT": str(self.port),
        }
        wired = self.env | {"RELAY_DATABASE_URL": through(self.sim_url, self.wire.port)}
        self.redis = self._adopt(redis_process(redis_port, self.folder))
        self.gateway = self._adopt(
            self._python("gateway", "server.serve", "--port", str(self.port), env=wired, ready=self._answers)
        )
        self.timer = self._adopt(self._python("timer", "django", "timer", ready=self._timer_passes))
        self.worker = self._adopt(self._python("worker", "django", "worker"))

    @property
    def base_url(self) -> str:
        """Where people reach it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """Where screens reach it."""
        return f"ws://127.0.0.1:{self.port}/live"

    @property
    def sim_url(self) -> str:
        """Its database, for the role that may shift time; its processes have the same."""
        return self.template.cluster.sim(self.database)

    def start(self) -> "Product":
        """Starts all its processes that do not run."""
        for process in (self.redis, self.gateway, self.timer, self.worker):
            process.start()
        return self

    def stop(self) -> None:
        """Stops its processes, Redis last; the database stays."""
        for process in (self.worker, self.timer, self.gateway, self.redis):
            process.stop()

    def close(self) -> None:
        """Stops and removes everything."""
        self._visitors.close()
        self.stop()
        self._stack.close()

    # Who works with it.

    def person(self, username: str) -> Person:
        """Somebody of the demonstration district, signed in."""
        person = Person(self.base_url, username)
        self._visitors.callback(person.close)
        return person

    def screen(self, caller: Caller) -> Screen:
        """A live screen of a person or a wall, once it was welcomed."""
        screen = Screen(caller, self.ws_url)
        self._visitors.callback(screen.close)
        return screen.until_live()

    def wall(self, approver: Person) -> Caller:
        """A wall's screen, paired by a duty lead."""
        made = Caller(self.base_url).post("/devices").must().body
        approver.post("/devices/approve", {"code": made["code"], "name": "一号厅大屏"}).must()
        wall = Caller(self.base_url, {"X-Device": f"{made['id']}:{made['secret']}"})
        self._visitors.callback(wall.close)
        return wall

    def everybody_leaves(self) -> None:
        """Closes all screens and connections, newest first, and puts right what a test left broken."""
        self._visitors.close()
        self.wire.flow()
        for process in (self.redis, self.gateway, self.timer, self.worker):
            if process.runs:
                process.resume()
        self.start()
        self.stands(timedelta(0))

    # Its time and its truth.

    def stands(self, by: timedelta) -> None:
        """From now on the law's clock stands `by` away from the machine's (back, when negative)."""
        self.rows(
            'INSERT INTO simulated_shift ("only", shift) VALUES (true, %s)'
            ' ON CONFLICT ("only") DO UPDATE SET shift = excluded.shift',
            by,
        )

    @contextmanager
    def long_ago(self, ago: timedelta) -> Iterator[None]:
        """What is done inside happened `ago` before now; the clocks that it starts have run since."""
        self.stands(-ago)
        try:
            yield
        finally:
            self.stands(timedelta(0))

    def forward(self, minutes: float) -> None:
        """Moves the law's clock on, from where it stands."""
        self.stands(
            timedelta(minutes=minutes)
            + self.rows("SELECT coalesce(sum(shift), interval '0') FROM simulated_shift")[0][0]
        )

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the product's database answers to one statement."""
        return rows(self.sim_url, statement, *parameters)

    def now(self) -> datetime:
        """The law's clock."""
        at: datetime = self.rows("SELECT relay_at(NULL)")[0][0]
        return at

    def facts_of(self, object_id: str) -> list[str]:
        """The names of an object's facts, in the feed's order."""
        return [row[0] for row in self.rows("SELECT name FROM feed_fact WHERE object_id = %s ORDER BY seq", object_id)]

    def head(self, centre_id: str) -> int:
        """How far a centre's feed has come."""
        return int(self.rows("SELECT seq FROM feed_centre_head WHERE centre_id = %s", centre_id)[0][0])

    def command(self, *arguments: str) -> tuple[int, str]:
        """Runs one of its commands (`check_anchors`). Answers exit code and output."""
        done = run(["django", *arguments], self.env)
        return done.returncode, done.stdout + done.stderr

    def health(self) -> dict[str, Any]:
        """What /healthz says; empty when nothing answers."""
        try:
            answer: dict[str, Any] = httpx.get(f"{self.base_url}/healthz", timeout=10, trust_env=False).json()
        except (httpx.HTTPError, ValueError):
            return {}
        return answer

    def until_healthy(self) -> None:
        """Returns when gateway, database and timer are well."""
        wait_for(lambda: self.health().get("healthy"), "health")

    # An older state of the database, put back.

    def keep_a_copy(self) -> str:
        """A copy of the database as it is now; its processes are stopped for it and started again."""
        self.stop()
        kept = f"{self.database}_kept"
        self.template.cluster.copy(self.database, kept)
        self._stack.callback(self.template.cluster.drop, kept)
        self.start()
        return kept

    def put_back(self, kept: str) -> None:
        """Stops the processes and puts an older copy in the database's place."""
        self.stop()
        self.template.cluster.drop(self.database)
        self.template.cluster.rename(kept, self.database)

    def _adopt(self, process: Process) -> Process:
        self._stack.callback(process.stop)
        return process

    def _python(
        self, name: str, *arguments: str, env: dict[str, str] | None = None, ready: Any = lambda: True
    ) -> Process:
        command = [sys.executable, "-m", *arguments]
        return Process(name, command, env or self.env, self.folder / f"{name}.log", ready)

    def _answers(self) -> bool:
        return bool(self.health())

    def _timer_passes(self) -> bool:
        return bool(
            self.rows("SELECT 1 FROM feed_pass WHERE name = 'timer' AND at > clock_timestamp() - interval '5 s'")
        )


def test_database_of(worker: str) -> str:
    """The name of this test run's template; parallel workers have one each."""
    return f"{os.environ.get('RELAY_TEST_DATABASE', 'test_relay60')}_live{worker}"


__all__ = ["Keys", "Product", "Template", "at_database", "environment", "test_database_of"]
