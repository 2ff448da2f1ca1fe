"""`complaints doctor`: configuration, database, rules, mail, clock and engine, one line each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from complaints import clock
from complaints.channels.config_files import ConfigError, read_config
from complaints.db import make_engine
from complaints.domain.errors import Refused
from complaints.migrate import is_at_head
from complaints.queries.engine import engine_state, has_stopped
from complaints.rulebook import current_rules
from complaints.settings import Settings, SettingsError, read_settings
from complaints.steps.load_rules import check_rules

#: How far the database's clock may stand from ours, in seconds.
CLOCK_TOLERANCE = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well or not, with what was seen."""

    name: str
    is_well: bool
    what: str

    @property
    def line(self) -> str:
        """The finding as a line of text."""
        return f"{'ok  ' if self.is_well else 'FAIL'} {self.name}: {self.what}"


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look everything over, as far as one finding allows the next."""
    try:
        settings = read_settings(environment)
    except SettingsError as problem:
        yield Finding("settings", False, str(problem))
        return
    yield Finding("settings", True, f"address {settings.base_url}")
    yield _configuration(settings)
    yield _mail(settings)
    engine = make_engine(settings.database_url)
    try:
        yield from _database(engine)
    except SQLAlchemyError as problem:
        yield Finding("database", False, str(problem).splitlines()[0])
    finally:
        engine.dispose()


def _configuration(settings: Settings) -> Finding:
    try:
        check_rules(read_config(settings.config_folder))
    except (ConfigError, Refused) as problem:
        return Finding("configuration", False, str(problem))
    return Finding("configuration", True, f"every file in {settings.config_folder.name}/ is usable")


def _mail(settings: Settings) -> Finding:
    url = urlsplit(settings.smtp_url)
    if url.scheme != "file":
        return Finding("mail", True, f"{url.scheme} through {url.hostname}")
    try:
        Path(url.path).mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        return Finding("mail", False, f"the folder cannot be written: {problem.strerror}")
    return Finding("mail", True, "messages are written to a folder and not sent")


def _database(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        if not is_at_head(connection):
            yield Finding("database", False, "not at the newest migration; run complaints init")
            return
        yield Finding("database", True, f"{engine.dialect.name}, at the newest migration")
    now = clock.now()
    with Session(engine) as session:
        yield _rules(session, now.year)
        yield _clock(session)
        yield _engine(session)


def _rules(session: Session, year: int) -> Finding:
    try:
        rules = current_rules(session)
    except Refused as problem:
        return Finding("rules", False, str(problem))
    for code, calendar in rules.calendars.items():
        days = calendar.value.spec.get("holidays", ())
        if not any(str(day).startswith(str(year)) for day in days):
            return Finding("rules", False, f"calendar {code} holds no holidays of {year}")
    return Finding("rules", True, f"{len(rules.policies)} policies in force")


def _clock(session: Session) -> Finding:
    if session.get_bind().dialect.name == "sqlite":
        return Finding("clock", True, f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")
    theirs = session.scalar(select(func.extract("epoch", text("clock_timestamp()"))))
    apart = abs(float(theirs or 0) - clock.now().timestamp())
    return Finding("clock", apart < CLOCK_TOLERANCE, f"{apart:.0f} s from the database's clock")


def _engine(session: Session) -> Finding:
    now = clock.now()
    state = engine_state(session, now)
    due, waiting = state["timers_due"][1], state["outbox_waiting"][1]
    what = f"{due:.0f} timers due, {waiting:.0f} messages waiting"
    if has_stopped(session, now):
        return Finding("engine", False, f"{what}; is a worker running?")
    return Finding("engine", True, what)
