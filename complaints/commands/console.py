"""What every command does alike: one clear line instead of a traceback, and the database opened."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from complaints.domain.errors import Refused
from complaints.domain.words.folding import is_text

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from complaints.settings import Settings


#: The option of every command that can print JSON.
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Turn what an operator can mend into one line on standard error and exit status 2.

    A mistake of ours is one line as well, with its place and without data, and exit status 70.
    """
    try:
        yield
    except (Refused, ValueError, OSError) as problem:
        fail(str(problem))
    except (click.exceptions.Exit, click.ClickException, click.Abort):
        raise
    except Exception as problem:
        reason = database_reason(problem)
        if reason is None:
            from complaints.logs import place_of

            click.echo(f"Something went wrong on our side: {place_of(problem)}", err=True)
            sys.exit(70)
        fail(reason)


def database_reason(problem: Exception) -> str | None:
    """A sentence of what the database said, None when the problem is not the database's.

    Its own words only where they are about the server; about a row they hold data.
    """
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

    from complaints.trouble import Trouble, code_of, trouble_of

    if not isinstance(problem, DBAPIError):
        return None
    code = code_of(problem)
    if isinstance(problem, IntegrityError):
        return (
            "The database refused a row that clashes with another one, perhaps recorded at the "
            f"same moment ({code}); nothing was recorded. Look whether it is there already."
        )
    trouble = trouble_of(problem)
    if trouble is Trouble.FULL:
        return f"The disk of the database is full ({code}); nothing was recorded."
    if trouble is Trouble.READ_ONLY:
        return f"The database can only be read ({code}); nothing was recorded."
    if not isinstance(problem, OperationalError | ProgrammingError):
        return None
    said = str(problem.orig).strip().splitlines()[0]
    return f"The database cannot be used: {said}. Has `complaints init` been run?"


class Commands(click.Group):
    """The console script: what comes in is text, for every command alike."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse arguments that no file, mail or database could keep, before anything is done."""
        for number, each in enumerate(args, 1):
            if "\0" in each or not is_text(each):
                ctx.fail(f"Argument {number} is no text in UTF-8: {each[:40]!a}. Type it anew.")
        return super().parse_args(ctx, args)


def fail(sentence: str) -> None:
    """Say what is wrong and end with status 2."""
    click.echo(" ".join(sentence.split()), err=True)
    sys.exit(2)


def command(function: Callable[..., Any]) -> click.Command:
    """A command whose mistakes are one clear line."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with one_clear_line():
            return function(*args, **kwargs)

    return click.command()(run)


def keep_private() -> None:
    """Let nobody but its own user read what this command writes: it holds customers' data."""
    before = os.umask(0o077)
    if running := click.get_current_context(silent=True):
        running.call_on_close(lambda: os.umask(before))


def open_database() -> "tuple[Settings, Engine, sessionmaker[Session]]":
    """The settings, an engine and sessions on the configured database, closed with the command."""
    from sqlalchemy.orm import sessionmaker

    # It listens to every commit; a command that loads little would write what no seal knows.
    import complaints.sealing  # noqa: F401
    from complaints.db import make_engine
    from complaints.files.in_use import use_files
    from complaints.logs import start_logs
    from complaints.settings import read_settings
    from complaints.signing import use_history_keys

    keep_private()
    settings = read_settings()
    # What a command did it says itself; at a terminal the log's lines would stand between.
    start_logs("warning" if settings.log_level == "info" else settings.log_level)
    use_history_keys(settings.history_keys)
    use_files(settings.files)
    engine = make_engine(settings.database_url)
    if running := click.get_current_context(silent=True):
        running.call_on_close(engine.dispose)
    return settings, engine, sessionmaker(engine, expire_on_commit=False)


def say(result: dict[str, Any], as_json: bool) -> None:
    """Print a result: one JSON document, or a line for each figure."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    for key, value in result.items():
        click.echo(f"{key}: {value}")
