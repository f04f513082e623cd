"""The command line of `./relay`: one function per subcommand."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from door import founding, generating, keeper, product, proofs, status
from door.bringing_up import alone, borrowed_services, bring_up, prepare, print_welcome, stop_all
from door.cluster import Cluster
from door.data import reset, restore, save
from door.layout import Layout, layout_of
from door.node import ensure_modules
from door.packages import installed_postgres
from door.progress import Failure, Progress
from door.python_env import ensure_python
from door.redis_server import Redis
from door.services import ensure_services, uses_own_postgres


def up(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Install what is missing, start everything, print where it is."""
    who = founding.wanted(options) if options.empty else None
    with alone(layout):
        was_bare = installed_postgres() is None and uses_own_postgres()
        prepare(layout, progress, testing=False)
        services = ensure_services(layout, progress)
        done = None
        if who is not None:
            product.migrate(layout, services, progress)
            done = founding.found(layout, services, progress, who)
        port = bring_up(layout, services, progress, new_epoch=options.new_epoch)
        product.write_down_duration(layout, progress.elapsed_s, was_bare=was_bare)
    print_welcome(port, progress, layout)
    if done is not None:
        founding.print_founded(done, progress)
    return 0


def down(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Stop everything that `up` started. What was saved stays."""
    with alone(layout):
        stop_all(layout, progress)
    progress.say("stopped; ./relay up starts again")
    return 0


def stop_one(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Stop one process or service and keep it stopped, to see what the others then do. `start` and `up` end it."""
    name: str = options.name
    with alone(layout), progress.step(f"stop {name}"):
        if name in keeper.SERVICES:
            keeper.hold_of(layout, name).touch()
            (Redis(layout) if name == "redis" else Cluster(layout)).stop()
        else:
            product.hold(layout, name)
    return 0


def start_one(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Start again what `stop NAME` stopped."""
    name: str = options.name
    with alone(layout):
        if name in keeper.SERVICES:
            keeper.hold_of(layout, name).unlink(missing_ok=True)
            ensure_services(layout, progress)
        else:
            with progress.step(f"start {name}"):
                product.release(layout, name)
    return 0


def test(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Run the tests; with --all every one of them; with paths or -k only those. 0 only when all passed."""
    if options.paths or options.word:
        return prove(layout, progress, lambda: proofs.some_tests(layout, options.paths, options.word), "tests")
    return prove(layout, progress, lambda: proofs.tests(layout, everything=options.all), "tests")


def check(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Style, types, import direction, migrations, compose file, the frontend's checks. 0 only when all are clean."""
    return prove(layout, progress, lambda: proofs.checks(layout), "checks")


def generate(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Write every file that is made from the code. With --triples those too that the convergence tests record."""
    with alone(layout):
        layout.make_directories()
        ensure_python(layout, progress)
        node = ensure_modules(layout, progress)
        try:
            generating.generate(layout, layout.root, generating.environment(layout, node))
        except subprocess.CalledProcessError:
            raise Failure("a generator failed", remedy="its own words stand above") from None
    return prove(layout, progress, lambda: [proofs.triples(layout)], "triples") if options.triples else 0


def prove(layout: Layout, progress: Progress, wanted: Callable[[], list[proofs.Proof]], noun: str) -> int:
    """Install, run the proofs, print installation and proof time apart."""
    with alone(layout):
        node = prepare(layout, progress, testing=True)
    with borrowed_services(layout, progress) as services:
        installed_s = progress.elapsed_s
        failed = proofs.run(wanted(), layout, services, node, progress)
        took_s = progress.elapsed_s - installed_s
    progress.say(f"\ninstallation {installed_s:.1f} s, {noun} {took_s:.1f} s")
    if failed:
        progress.say(f"FAILED: {', '.join(failed)}")
        return 1
    progress.say(f"all {noun} passed")
    return 0


def show_status(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Print what runs. 0 when healthy, 1 otherwise."""
    found = status.status_of(layout)
    progress.say(json.dumps(found, indent=1, ensure_ascii=False) if options.json else status.as_text(found))
    return 0 if found["healthy"] else 1


def logs(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
    """Show the end of one log, or of the three processes'; -f goes on showing."""
    files = {file.stem: file for file in sorted(layout.log.glob("*.log"))}
    files |= {"postgres": layout.postgres / "postgres.log", "redis": layout.run / "redis" / "redis.log"}
    files = {name: file for name, file in files.items() if file.exists()}
    wanted = [options.name] if options.name else [name for name in ("gateway", "timer", "worker") if name in files]
    if not wanted or wanted[0] not in files:
        raise Failure(f"no log of {options.name or 'a process'}", remedy=f"there are: {', '.join(files) or 'none yet'}")
    follow = ["-F"] if options.follow else []
    return subprocess.run(["tail", "-n", "100", *follow, *(files[name] for name in wanted)], check=False).returncode


def passed_on(*command: str) -> Callable[[Layout, Progress, argparse.Namespace], int]:
    """A subcommand that is one of the product's own commands, with all that follows it on the line."""

    def run(layout: Layout, progress: Progress, options: argparse.Namespace) -> int:
        if not layout.python.exists():
            raise Failure("the Python packages aren't installed", remedy="./relay up")
        with borrowed_services(layout, progress) as services:
            port = product.current_port(layout) or product.DEFAULT_PORT
            environment = services.environment(layout) | {"RELAY_PORT": str(port)}
            rest = [str(Path(word).absolute()) if Path(word).is_file() else word for word in options.rest]
            line = [layout.python, *command, *rest]
            try:
                return subprocess.run(line, cwd=layout.root, env=environment, check=False).returncode
            except KeyboardInterrupt:
                return 130

    return run


def parser() -> argparse.ArgumentParser:
    """All subcommands with their options."""
    whole = argparse.ArgumentParser(prog="./relay", description="The one door of Relay60. docs/runbook.md says more.")
    verbs = whole.add_subparsers(required=True, metavar="COMMAND")

    def verb(
        name: str, run: Callable[[Layout, Progress, argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=text, description=text)
        one.set_defaults(run=run, rest=[])
        return one

    new_epoch = "accept that facts are lost: open a new epoch of the feed"
    rise = verb("up", up, "install what is missing, start everything, print addresses")
    rise.add_argument("--new-epoch", action="store_true", help=new_epoch)
    rise.add_argument(
        "--empty", action="store_true", help="a real centre and its first administrator, no demonstration"
    )
    rise.add_argument("--centre-code", help="with --empty: its division code")
    rise.add_argument("--centre-name", help="with --empty: its name")
    rise.add_argument("--admin", help="with --empty: username of the first administrator")
    tried = verb("test", test, "run the tests")
    tried.add_argument("--all", action="store_true", help="slow ones too, and once in UTC")
    tried.add_argument("paths", nargs="*", metavar="PATH", help="only these files or folders, in one process")
    tried.add_argument("-k", dest="word", metavar="WORD", help="only tests whose name matches, as pytest has it")
    verb("check", check, "style, types, import contracts, migrations, compose file, screens")
    verb("generate", generate, "write what is made from the code: API document, client, words, pages").add_argument(
        "--triples", action="store_true", help="the recordings of the convergence tests too"
    )
    verb("down", down, "stop everything")
    for one_verb, run, text in (
        ("stop", stop_one, "stop one process and keep it stopped, the others run on"),
        ("start", start_one, "start it again"),
    ):
        verb(one_verb, run, text).add_argument("name", choices=(*keeper.NAMES, *keeper.SERVICES))
    verb("status", show_status, "what runs, in which version, how much is in it").add_argument(
        "--json", action="store_true"
    )
    log = verb("logs", logs, "show the end of a log")
    log.add_argument(
        "name", nargs="?", help="gateway, timer, worker, postgres, redis, or a step; default: the first three"
    )
    log.add_argument("-f", "--follow", action="store_true")
    verb("reset", reset, "throw away database, uploads, anchors").add_argument(
        "--yes", action="store_true", help="ask nothing"
    )
    verb("backup", save, "copy cluster, uploads, anchors, keys; verified").add_argument(
        "dir", type=Path, nargs="?", help="a new directory; default .run/backups/<UTC time>"
    )
    one = verb("restore", restore, "put a backup in place, if its feed fits the anchors")
    one.add_argument("dir", type=Path)
    one.add_argument("--new-epoch", action="store_true", help=new_epoch)
    return whole


PASSED_ON: Final = {
    "bench": ("run a benchmark: NAME [--json]", ("-m", "bench")),
    "replay": ("replay a city's requests: FILE --map NAME --speed N", ("-m", "django", "replay", "--skip-checks")),
    "demo-traffic": ("invented reports, live: [--per-minute N]", ("-m", "django", "demo_traffic", "--skip-checks")),
    "verify-feed": ("prove the chain of every feed", ("-m", "django", "verify_feed", "--skip-checks")),
    "reconcile": ("recompute every live figure from the feed", ("-m", "django", "reconcile", "--skip-checks")),
    "import-grid": (
        "boundaries of a real centre: FILE --map MAP [--apply]",
        ("-m", "django", "import_grid", "--skip-checks"),
    ),
    "check-grid": ("whether the cells of every centre tile", ("-m", "django", "check_grid", "--skip-checks")),
    "shell": ("a Python shell in the product", ("-m", "django", "shell", "--skip-checks")),
}


def main(words: Sequence[str]) -> int:
    """Run one subcommand. Returns its exit code; a failure is printed with what to do about it."""
    whole = parser()
    if tuple(words[:2]) == ("import", "grid"):  # as one says it; more things will be imported
        words = ("import-grid", *words[2:])
    if words and words[0] in PASSED_ON:
        run, options = passed_on(*PASSED_ON[words[0]][1]), argparse.Namespace(rest=list(words[1:]))
    else:
        whole.epilog = "also: " + "; ".join(f"{name} ({text})" for name, (text, _) in PASSED_ON.items())
        options = whole.parse_args(words)
        run = options.run
    progress = Progress()
    try:
        return run(layout_of(), progress, options)
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return failure.status
    except BrokenPipeError:  # whoever read has enough, as `| head` has; what is unsaid must not fail again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except PermissionError as error:
        print(
            f"\nfailed: {error}\nto do: run it as the user who ran ./relay before (often: sudo ./relay …)",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nstopped by hand; run the same again to go on", file=sys.stderr)
        return 130
