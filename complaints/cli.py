"""The console script: each command reads its options, opens the database, and says what was done.

Exit status 0 done, 1 done with rejected items, 2 unusable input or settings, 70 a mistake of ours.
"""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from complaints import clock
from complaints.commands.console import Commands, as_json, command, keep_private, open_database, say
from complaints.commands.people import token, user
from complaints.commands.report import report
from complaints.commands.webhooks import webhook
from complaints.domain.permissions import SYSTEM

if TYPE_CHECKING:
    from complaints.settings import Settings


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tanggap", message="Tanggap %(version)s")
def main() -> None:
    """Tanggap: complaint handling that keeps every promise it makes."""


@command
def init() -> None:
    """Migrate the database and load the organisation's configuration; may be repeated."""
    from complaints.db import take_turns
    from complaints.migrate import migrate
    from complaints.people.first_start import is_anybody_here
    from complaints.rules.config_files import read_config
    from complaints.rules.load import load_rules
    from complaints.sealing import open_seals

    settings, engine, sessions = open_database()
    migrate(engine)
    with sessions.begin() as session:
        take_turns(session, "init")
        data = read_config(settings.config_folder)
        open_seals(session)
        made = load_rules(session, data, by="complaints init", at=clock.now())
        is_empty = not is_anybody_here(session)
    click.echo(f"Database ready; {made} new versions of rules loaded.")
    if is_empty:
        click.echo(
            "There is no account yet: `complaints setup` prints a link to set up the organisation, "
            "`complaints demo` fills in the demonstration."
        )


@command
def setup() -> None:
    """Print a link, good for one browser and a day, to set up the organisation; void once done."""
    from complaints.people.first_start import offer_setup

    settings, _, sessions = open_database()
    with sessions.begin() as session:
        token = offer_setup(session, clock.now())
    click.echo("Open this link in a browser while `complaints run` or `complaints web` runs:")
    click.echo(f"{settings.base_url}/setup/{token}")


@command
@click.option(
    "--complaints",
    default=200,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="How many complaints.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed, the same data.")
def demo(complaints: int, seed: int) -> None:
    """Fill an empty database with demo data; does nothing a second time."""
    from complaints.seed import make_demonstration

    _, _, sessions = open_database()
    click.echo("Looking for demo data; making it takes a minute or so.", err=True)
    counts = make_demonstration(sessions, complaints=complaints, seed=seed, now=clock.now())
    if counts.people:
        click.echo(f"Demo data: {counts.people} users and {counts.complaints} complaints made.")
    else:
        click.echo("Demo data is here already; nothing was made.")


def where_it_listens(function: Callable[..., None]) -> Callable[..., None]:
    """The options of everything that serves pages."""
    for option in (
        click.option(
            "--workers",
            default=2,
            show_default=True,
            type=click.IntRange(1, 64),
            help="Web processes.",
        ),
        click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535)),
        click.option("--host", default="127.0.0.1", show_default=True),
    ):
        function = option(function)
    return function


@command
@where_it_listens
def run(host: str, port: int, workers: int) -> None:
    """Start web and worker together; Ctrl-C or SIGTERM stops both."""
    from complaints.commands.serve import run_both

    run_both(settings_of_servers(host, port), host, port, workers)


@command
@where_it_listens
def web(host: str, port: int, workers: int) -> None:
    """Start the web application alone."""
    from complaints.commands.serve import serve_web

    serve_web(settings_of_servers(host, port), host, port, workers)


def settings_of_servers(host: str, port: int) -> "Settings":
    """The settings, with customers' links leading to where we listen."""
    from complaints.logs import start_logs
    from complaints.settings import links_lead_here, read_settings

    links_lead_here(host, port)
    keep_private()
    settings = read_settings()
    start_logs(settings.log_level)
    return settings


@command
def worker() -> None:
    """Start the worker alone: it fires deadlines and delivers messages. Any number may run."""
    from complaints.commands.serve import serve_worker
    from complaints.logs import start_logs
    from complaints.settings import read_settings

    keep_private()
    settings = read_settings()
    start_logs(settings.log_level)
    serve_worker(settings)


@command
@click.option("--once", is_flag=True, required=True, help="One pass of all that is due.")
@as_json
def sweep(once: bool, as_json: bool) -> None:
    """Process everything that is due now, until nothing is left."""
    from complaints.worker.recalculations import run_recalculations
    from complaints.worker.sweeps import sweep_once

    _, _, sessions = open_database()
    run_recalculations(sessions, clock.now())
    say(sweep_once(sessions, clock.now()), as_json)


@command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "map_path", required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Count without creating anything.")
@click.option(
    "--lang",
    default="id",
    show_default=True,
    type=click.Choice(["id", "en"]),
    help="Language of the reasons in the file of rejected rows.",
)
@as_json
def import_(file: Path, map_path: Path, dry_run: bool, lang: str, as_json: bool) -> None:
    """Take over complaints, or public posts, from a CSV file (also .gz); nothing comes in twice."""
    from complaints.channels.csv_import.reasons import spoken_in
    from complaints.channels.csv_import.run_import import import_file

    _, _, sessions = open_database()
    counts = import_file(
        sessions,
        file,
        map_path,
        by=SYSTEM,
        at=clock.now(),
        dry_run=dry_run,
        progress=sys.stderr.isatty(),
        say=spoken_in(lang),
    )
    say(counts.as_json(), as_json)
    sys.exit(1 if counts.rejected else 0)


@command
@click.argument("file", default="-", metavar="[FILE|-]")
@as_json
def intake(file: str, as_json: bool) -> None:
    """Take in one raw email: a new complaint, a message of one, or something to be sorted.

    Status 0 says that it was taken in, whatever became of it; repeating it takes in nothing twice.
    """
    from complaints.commands.intake import intake_file

    settings, _, sessions = open_database()
    say(intake_file(sessions, settings, file).as_json(), as_json)


@command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "map_path", required=True, type=click.Path(path_type=Path))
@click.option("--policy", "policy_path", required=True, type=click.Path(path_type=Path))
@click.option("--out", "out_path", required=True, type=click.Path(path_type=Path))
@as_json
def replay(file: Path, map_path: Path, policy_path: Path, out_path: Path, as_json: bool) -> None:
    """Compute deadlines of historical rows under a policy and which were missed; stores nothing."""
    from complaints.commands.replay import run_replay

    counts = run_replay(file, map_path, policy_path, out_path)
    say(counts, as_json)
    sys.exit(1 if counts["invalid"] else 0)


@command
@click.option("--calendar", required=True, type=click.Path(path_type=Path))
@as_json
def due(calendar: Path, as_json: bool) -> None:
    """Answer questions of working time: JSON lines in, JSON lines out."""
    from complaints.commands.due import run_due

    sys.exit(run_due(sys.stdin, sys.stdout, calendar, as_json))


@command
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write database, files and daily seals into FILE, while all runs, and read it again."""
    from complaints.commands.backup import make_backup

    settings, _, sessions = open_database()
    counts = make_backup(sessions, file, settings.seals_folder, clock.now())
    click.echo(
        f"{counts.rows} rows of {len(counts.tables)} tables, {counts.attachments.count} files of "
        f"complaints and contacts and {len(counts.files)} of seals in {file}, as of {counts.at}; "
        "read again and whole."
    )
    click.echo("The keys are not in it: keep SECRET_KEY and TANGGAP_HISTORY_KEYS elsewhere.")
    if counts.attachments.lost:
        click.echo(
            f"{len(counts.attachments.lost)} files are missing in the store or have other bytes, "
            "and are not in it; `complaints history verify --files` names them."
        )
        sys.exit(1)


@command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", metavar="DATABASE_URL", help="Another database than the one that is set.")
@click.option("--replace", is_flag=True, help="Lose what the database holds.")
def restore(file: Path, into: str | None, replace: bool) -> None:
    """Put a backup into an empty database of either kind; stop web and worker before."""
    from complaints.commands.restore import restore_backup
    from complaints.db import make_engine
    from complaints.files.in_use import use_files
    from complaints.migrate import newest_revision
    from complaints.settings import read_settings

    settings = read_settings({"DATABASE_URL": into} if into else None)
    use_files(settings.files)
    engine = make_engine(settings.database_url)
    try:
        counts = restore_backup(engine, file, settings.seals_folder, replace=replace)
    finally:
        engine.dispose()
    complaints = counts.tables.get("complaints", 0)
    files = counts.attachments.count
    click.echo(
        f"Restored {counts.rows} rows, {complaints} complaints, {files} files, as of {counts.at}."
    )
    click.echo(
        "Check them with `complaints history verify`; it needs the keys they were signed with."
    )
    if counts.revision != newest_revision():
        click.echo(
            "The backup is of an older version: run `complaints init` next, which loads what this "
            "version adds to the rules."
        )


@click.group()
def history() -> None:
    """The tamper-evident history."""


@command
def seal() -> None:
    """Append to the file of daily seals now, as the worker does once a day."""
    from complaints.worker.day_seals import path_of_seals, write_seals

    settings, _, sessions = open_database()
    count = write_seals(sessions, settings.seals_folder, clock.now())
    if count is None:
        raise ValueError(
            "Nothing was sealed: another process is writing the file, or the database has no seals "
            "yet; then run `complaints init`."
        )
    with sessions() as session:
        path = path_of_seals(session, settings.seals_folder)
    click.echo(f"{count} histories sealed in {path}")


@command
@click.option(
    "--seals",
    type=click.Path(path_type=Path),
    help="A file of daily seals that was kept elsewhere; else the one of this installation.",
)
@click.option(
    "--files", "with_files", is_flag=True, help="Read every file in the store as well: by its hash."
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="How many processes share thousands of complaints; else one for each core, at most four.",
)
@as_json
def verify(seals: Path | None, with_files: bool, processes: int | None, as_json: bool) -> None:
    """Check every chain, record and daily seal; exit status 1 names what does not fit."""
    from complaints.commands.verify import verify_all, verify_files

    settings, _, sessions = open_database()
    # What was loaded stays; among millions of rows it would be searched for garbage all the time.
    gc.freeze()
    cores = processes or min(len(os.sched_getaffinity(0)), 4)
    result = verify_all(sessions, seals, settings.seals_folder, cores)
    if with_files:
        result["files"], wrong = verify_files(sessions)
        result["bad"] += wrong
    if as_json:
        say(result, True)
    else:
        bad = result.pop("bad")
        say(result, False)
        for each in bad:
            click.echo(f"bad: {each['number']} {each['record']}: {each['what']}")
        click.echo(f"{len(bad)} do not fit." if bad else "Everything fits.")
        result["bad"] = bad
    sys.exit(1 if result["bad"] else 0)


@command
@as_json
def doctor(as_json: bool) -> None:
    """Look over configuration, database, mail, time and deadline monitor: one line each."""
    from complaints.commands.doctor import examine

    findings = list(examine())
    if as_json:
        say({"findings": [finding.as_json for finding in findings]}, True)
    else:
        for finding in findings:
            click.echo(finding.line)
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


for group, commands in {
    main: {
        "init": init,
        "user": user,
        "token": token,
        "webhook": webhook,
        "demo": demo,
        "run": run,
        "setup": setup,
        "web": web,
        "worker": worker,
        "sweep": sweep,
        "import": import_,
        "intake": intake,
        "replay": replay,
        "due": due,
        "report": report,
        "history": history,
        "backup": backup,
        "restore": restore,
        "doctor": doctor,
    },
    history: {"verify": verify, "seal": seal},
}.items():
    for name, each in commands.items():
        group.add_command(each, name)
