"""`complaints user` and `complaints token`: accounts of staff and the keys of programs."""

import sys
from typing import Any

import click

from complaints import clock
from complaints.commands.console import as_json, command, open_database, say
from complaints.domain.permissions import SYSTEM, Role

whose = click.option("--email", required=True, help="Whose account.")
password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)
_ROLES = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """Accounts of staff."""


@click.group()
def token() -> None:
    """API keys of programs."""


def read_password() -> str:
    """The password as it was piped in: whole, but for the end of its line."""
    return sys.stdin.readline().removesuffix("\n").removesuffix("\r")


@command
@click.option("--email", required=True)
@click.option("--role", required=True, type=_ROLES)
@click.option("--name", default="")
@click.option("--branch", help="Code of the branch; without one, head office.")
@click.option("--team", help="Code of the unit.")
@click.option("--supervisor", help="Email of the user's line manager.")
@password_stdin
def add(email: str, role: str, password_stdin: bool, **more: Any) -> None:
    """Add a user; with --password-stdin the account can log in at once."""
    from complaints.people.accounts import add_user
    from complaints.rulebook import current_rules

    password = read_password() if password_stdin else None
    _, _, sessions = open_database()
    with sessions.begin() as session:
        rules = current_rules(session)
        known = {"email": email, "role": role, "password": password, **more}
        made = add_user(session, rules, **known, by=SYSTEM, at=clock.now())
        address = made.email
    click.echo(f"Added {address} as {role}.")


@command
@as_json
def list_users(as_json: bool) -> None:
    """List every account: who, as what, where, and whether they can log in."""
    from complaints.queries.people.accounts import list_people
    from complaints.queries.people.failed_logins import failures_of
    from complaints.rulebook import current_rules

    _, _, sessions = open_database()
    with sessions() as session:
        rules, people = current_rules(session), list_people(session)
        failures = failures_of(session, [each.email for each in people], clock.now())
    items = [
        {
            "email": each.email,
            "name": each.name,
            "role": each.role,
            "branch": rules.branches[each.branch_id].code if each.branch_id else None,
            "team": rules.teams[each.team_id].code if each.team_id else None,
            "supervisor": each.supervisor_email,
            "active": each.is_active,
            "has_password": each.can_log_in,
            "locked_seconds": max(
                (f.seconds_left for f in failures.get(each.email, ())), default=0
            ),
        }
        for each in people
    ]
    if as_json:
        say({"items": items}, True)
        return
    for item in items:
        place = f"{item['branch'] or 'head office'} {item['team'] or ''}".strip()
        state = "" if item["active"] else ", inactive"
        state += "" if item["has_password"] else ", no password"
        state += f", locked for {item['locked_seconds']} s" if item["locked_seconds"] else ""
        click.echo(f"{item['email']}: {item['name']}, {item['role']}, {place}{state}")


@command
@whose
@click.option("--new-email", help="The address to log in with from now on.")
@click.option("--name")
@click.option("--role", type=_ROLES)
@click.option("--branch", help='Code of the branch; "" for head office.')
@click.option("--team", help='Code of the unit; "" for none.')
@click.option("--supervisor", help='Email of the line manager; "" for none.')
@click.option("--hand-over-to", "to", help="Email of the user who takes the open work over.")
@click.option("--to-tray", "to", flag_value="tray", help="Let the open work wait to be given out.")
@click.option("--keep-work", "to", flag_value="keep", help="They go on with the open work.")
@as_json
def edit(
    email: str, new_email: str | None, to: str | None, as_json: bool, **given: str | None
) -> None:
    """Change an account; what is not named stays.

    With another role, branch or unit say what becomes of the open work, where there is some.
    """
    from complaints.people.accounts import user_called
    from complaints.rulebook import current_rules
    from complaints.steps.casework.hand_over import edit_with_work

    changes = {**given, "email": new_email}
    named = {name: value for name, value in changes.items() if value is not None}
    if not named:
        raise click.UsageError("name what is to change, such as --role or --branch")
    _, _, sessions = open_database()
    with sessions.begin() as session:
        rules, user_id = current_rules(session), user_called(session, email).id
        edited = edit_with_work(
            session, rules, user_id, named, to=to or "", by=SYSTEM, at=clock.now()
        )
    address, fields = edited.user.email, sorted(edited.changed)
    if as_json:
        moved = {"complaints": edited.complaints, "to": edited.to}
        say({"email": address, "changed": fields, **moved}, True)
    elif fields:
        work = _moved(edited.complaints, edited.to)
        click.echo(f"Changed {', '.join(fields)} of {address}{work}.")
    else:
        click.echo(f"Nothing to change: {address} is so already.")


@command
@whose
@click.option("--hand-over-to", default="", help="Email of the user who takes the open work over.")
@click.option("--to-tray", is_flag=True, help="Let the open work wait to be given out.")
@click.option("--superior", default="", help="Email of the new line manager of who answers to it.")
@click.option("--lead", default="", help="Email of the new lead of the units it leads.")
@click.option("--deputy", default="", help="Email of the new deputy of whom it stands in for.")
@as_json
def close(email: str, hand_over_to: str, to_tray: bool, as_json: bool, **places: str) -> None:
    """Deactivate an account at once; its open work goes to somebody, or waits to be given out.

    Who answers to it, the units it leads and whom it stands in for go to the users named, or with
    `none` to nobody.
    """
    from complaints.people.accounts import user_called
    from complaints.people.succession import Successors
    from complaints.rulebook import current_rules
    from complaints.steps.casework.hand_over import TRAY, close_with_work

    if hand_over_to and to_tray:
        raise click.UsageError("choose --hand-over-to or --to-tray, not both")
    _, _, sessions = open_database()
    with sessions.begin() as session:
        rules, user_id = current_rules(session), user_called(session, email).id
        to = TRAY if to_tray else hand_over_to
        closed = close_with_work(
            session,
            rules,
            user_id,
            to=to,
            by=SYSTEM,
            at=clock.now(),
            successors=Successors(**places),
        )
    if as_json:
        done = {"closed": closed.user.email, "complaints": closed.complaints, "to": closed.to}
        say(done, True)
        return
    click.echo(f"Deactivated {closed.user.email}{_moved(closed.complaints, closed.to)}.")


def _moved(count: int, to: str) -> str:
    """What became of the open work, behind what was done; "" where there was none."""
    where = f"taken over by {to}" if to else "waiting to be given out"
    return f"; work on {count} complaints {where}" if count else ""


@command
@whose
@password_stdin
@as_json
def password(email: str, password_stdin: bool, as_json: bool) -> None:
    """Set a new password: that of standard input, or a random one that is printed once.

    It is valid until the user logs in with it and chooses their own; their sessions and API keys
    end, and they are written to.
    """
    from complaints.people.account_upkeep import reset_password
    from complaints.people.accounts import user_called

    given = read_password() if password_stdin else None
    _, _, sessions = open_database()
    with sessions.begin() as session:
        user_id = user_called(session, email).id
        reset, secret = reset_password(session, user_id, by=SYSTEM, at=clock.now(), password=given)
        address = reset.email
    shown = {} if password_stdin else {"password": secret}
    if as_json:
        say({"email": address, **shown}, True)
    else:
        click.echo("\n".join([f"New password of {address}.", *shown.values()]))


@command
@whose
@as_json
def unlock(email: str, as_json: bool) -> None:
    """Forget the failed logins of an account, so that the next one is looked at."""
    from complaints.people.account_upkeep import unlock_account
    from complaints.people.accounts import user_called

    _, _, sessions = open_database()
    with sessions.begin() as session:
        user_id = user_called(session, email).id
        unlocked, failures = unlock_account(session, user_id, by=SYSTEM, at=clock.now())
        address = unlocked.email
    if as_json:
        say({"email": address, "failures": failures}, True)
    else:
        click.echo(f"Unlocked {address}; failed logins forgotten: {failures}.")


@command
@click.option("--email", required=True, help="The user the key acts for.")
@click.option(
    "--scope",
    default="",
    help="`read` for a key that may only read, `inbound` for one that only hands in messages.",
)
@as_json
def add_a_token(email: str, scope: str, as_json: bool) -> None:
    """Make an API key; it is printed once and cannot be read again."""
    from complaints.people.accounts import add_token

    settings, _, sessions = open_database()
    with sessions.begin() as session:
        made = add_token(
            session,
            email=email,
            scope=scope,
            by=SYSTEM,
            at=clock.now(),
            lifetime=settings.token_lifetime,
        )
    if as_json:
        say({"token": made}, True)
    else:
        click.echo(made)


@command
@as_json
def list_keys(as_json: bool) -> None:
    """List every API key: whose it is, what for, until when; the key itself is not kept."""
    from complaints.queries.people.accounts import list_tokens

    _, _, sessions = open_database()
    with sessions() as session:
        tokens, now = list_tokens(session), clock.now()
    items = [
        {
            "id": each.id,
            "email": each.user.email,
            "scope": each.scope or "read write",
            "created_at": each.created_at.isoformat(),
            "expires_at": each.expires_at.isoformat(),
            "revoked_at": each.revoked_at.isoformat() if each.revoked_at else None,
            "state": each.state(now),
        }
        for each in tokens
    ]
    if as_json:
        say({"items": items}, True)
        return
    for item in items:
        until = f"{item['state']}, until {item['expires_at']}"
        click.echo(f"{item['id']}: {item['email']}, {item['scope']}, {until}")


@command
@click.argument("token_id", metavar="ID", type=click.IntRange(1, 2**31 - 1))
@as_json
def revoke(token_id: int, as_json: bool) -> None:
    """End an API key, by its number in `token list`."""
    from complaints.people.account_upkeep import revoke_token

    _, _, sessions = open_database()
    with sessions.begin() as session:
        revoke_token(session, token_id, by=SYSTEM, at=clock.now())
    if as_json:
        say({"revoked": token_id}, True)
    else:
        click.echo(f"Revoked key {token_id}.")


for group, commands in {
    user: {
        "add": add,
        "list": list_users,
        "edit": edit,
        "close": close,
        "password": password,
        "unlock": unlock,
    },
    token: {"add": add_a_token, "list": list_keys, "revoke": revoke},
}.items():
    for name, each in commands.items():
        group.add_command(each, name)
