"""`complaints doctor`: configuration, database, rules, mail, clock and engine, one line each."""

import socket
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import log2
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from complaints import clock
from complaints.commands.doctor_files import examine_files, examine_last_files
from complaints.commands.doctor_mail import examine_mailboxes
from complaints.commands.doctor_sums import examine_sums
from complaints.commands.finding import Finding
from complaints.db import make_engine
from complaints.domain.errors import Refused
from complaints.migrate import is_at_head
from complaints.queries.engine.consistency_checks import ScanPosition, find_faults
from complaints.queries.engine.status import Standstill, engine_view
from complaints.queries.engine.webhooks import MOST_COUNTED, webhook_health
from complaints.queries.people.lines import unanswered_lines
from complaints.queries.people.open_work import count_orphans
from complaints.queries.people.sightings import is_proxy_unknown
from complaints.queries.rules.versions import MOST_CLOCKS, holiday_gaps
from complaints.rulebook import current_rules
from complaints.rules.check import check_rules
from complaints.rules.codes_in_use import codes_in_use
from complaints.rules.config_files import ConfigError, read_config
from complaints.rules.load import newest_version
from complaints.settings import Settings, SettingsError, read_settings
from complaints.worker.sending import dkim_of

#: How far the database's clock may stand from ours, in seconds.
CLOCK_TOLERANCE = 5
#: How long the mail server may take to take a connection.
MAIL_SECONDS = 3
#: So many users with a line manager who cannot be one are named.
MOST_LINES = 5
#: What signs sessions and customers' links is not to be guessed.
SECRET_BITS = 96


def examine(given: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Look everything over, as far as one finding allows the next.

    Settings that are `given` win over the environment.
    """
    try:
        settings = read_settings(given)
    except SettingsError as problem:
        yield Finding("settings", False, str(problem))
        return
    yield Finding("settings", True, f"address {settings.base_url}")
    yield _links(settings)
    yield _secret(settings.secret_key)
    yield _configuration(settings)
    yield _mail(settings)
    yield from examine_files(settings.files)
    yield _answers(settings)
    for is_well, is_warning, what in examine_mailboxes(settings):
        yield Finding("mailbox", is_well, what, is_warning)
    yield _dkim(settings)
    engine = make_engine(settings.database_url)
    try:
        yield from _database(engine, settings)
    except SQLAlchemyError as problem:
        yield Finding("database", False, str(problem).splitlines()[0])
    finally:
        engine.dispose()


def _links(settings: Settings) -> Finding:
    """Whether the links in letters open anything where the letters are read."""
    if settings.links_lead_nowhere:
        return Finding(
            "links",
            True,
            f"letters leave this machine with links to {settings.base_url}, which open nowhere "
            "else; put the address that customers see into TANGGAP_BASE_URL",
            is_warning=True,
        )
    return Finding("links", True, f"links of customers begin with {settings.base_url}/portal/")


def _configuration(settings: Settings) -> Finding:
    try:
        check_rules(read_config(settings.config_folder))
    except (ConfigError, Refused) as problem:
        return Finding("configuration", False, str(problem))
    return Finding("configuration", True, f"every file in {settings.config_folder.name}/ is usable")


def _mail(settings: Settings) -> Finding:
    url = urlsplit(settings.smtp_url)
    if url.scheme != "file":
        return _mail_server(url.scheme, url.hostname or "", url.port)
    try:
        Path(url.path).mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        return Finding("mail", False, f"the folder cannot be written: {problem.strerror}")
    return Finding("mail", True, "messages are written to a folder and not sent")


def _answers(settings: Settings) -> Finding:
    if not settings.reply_address:
        return Finding("answers by mail", True, "letters name no address for them")
    name, _, host = settings.reply_address.partition("@")
    return Finding("answers by mail", True, f"letters ask for them at {name}+<token>@{host}")


def _dkim(settings: Settings) -> Finding:
    """Whether the key signs; what stands in the DNS is not asked."""
    if settings.dkim is None:
        return Finding("mail signature", True, "none here; the mail server may sign")
    try:
        dkim_of(settings)
    except SettingsError as problem:
        return Finding("mail signature", False, str(problem))
    domain, selector, _ = settings.dkim
    return Finding("mail signature", True, f"DKIM as {selector}._domainkey.{domain}")


def _mail_server(scheme: str, host: str, given: int | None) -> Finding:
    """Whether the mail server has an address and takes a connection; nothing is sent."""
    port = given or (465 if scheme == "smtps" else 25)
    what = f"{scheme} through {host}, port {port}"
    try:
        found = {each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        return Finding("mail", False, f"{what}: there is no address of that name")
    try:
        socket.create_connection((host, port), MAIL_SECONDS).close()
    except OSError as problem:
        reason = (problem.strerror or "no answer").lower()
        return Finding("mail", False, f"{what}: it takes no connection ({reason})")
    return Finding("mail", True, f"{what}, which is {', '.join(sorted(map(str, found)))}")


def _secret(key: str) -> Finding:
    """How hard the secret key is to guess, at most: by its length and its different characters."""
    bits = int(len(key) * log2(max(2, len(set(key)))))
    if bits < SECRET_BITS:
        what = f"{len(key)} characters, at most {bits} bits; make one of {SECRET_BITS} bits or more"
        return Finding("secret key", False, what)
    return Finding("secret key", True, f"{len(key)} characters")


def _database(engine: Engine, settings: Settings) -> Iterator[Finding]:
    with engine.connect() as connection:
        if not is_at_head(connection):
            yield Finding("database", False, "not at the newest migration; run complaints init")
            return
        yield Finding("database", True, f"{engine.dialect.name}, at the newest migration")
    now = clock.now()
    with Session(engine) as session:
        yield _rules(session, now)
        yield from _codes(session)
        yield examine_last_files(session)
        yield _clock(session)
        yield _proxy(session, settings, now)
        yield _orphans(session)
        yield _lines(session)
        yield examine_sums(session)
        try:
            yield from _engine(session)
        except Refused as problem:
            yield Finding("deadline monitor", False, str(problem))


def _rules(session: Session, now: datetime) -> Finding:
    try:
        rules = current_rules(session)
    except Refused as problem:
        return Finding("rules", False, str(problem))
    gaps = holiday_gaps(session, rules, now)
    if gaps:
        said = (f"calendar {gap.calendar} holds no holidays of {gap.year}" for gap in gaps)
        late = max(gap.clocks for gap in gaps)
        many = f"more than {MOST_CLOCKS}" if late > MOST_CLOCKS else late
        reach = f"; {many} running clocks fall due after that" if late else ""
        return Finding("rules", False, ", ".join(said) + reach)
    return Finding("rules", True, f"{len(rules.policies)} policies in force")


def _codes(session: Session) -> Iterator[Finding]:
    """Codes that records use and the configuration does not know, or offers no more."""
    try:
        current_rules(session)
    except Refused:
        return
    newest = (newest_version(session, kind, kind) for kind in ("taxonomy", "organisation", "exits"))
    found = codes_in_use(session, {each.kind: each.body for each in newest if each})
    said = [
        f"{words}: {', '.join(f'{name} {code} ({count})' for name, code, count in each)}"
        for words, each in (
            ("records use codes that the configuration does not know", found.unknown),
            ("no longer offered and still in use", found.retired),
        )
        if each
    ]
    what = "; ".join(said) or "every code that records use is known"
    yield Finding("codes", not found.unknown, what)


def _clock(session: Session) -> Finding:
    if session.get_bind().dialect.name == "sqlite":
        return Finding("clock", True, f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")
    theirs = session.scalar(select(func.extract("epoch", text("clock_timestamp()"))))
    apart = abs(float(theirs or 0) - clock.now().timestamp())
    return Finding("clock", apart < CLOCK_TOLERANCE, f"{apart:.0f} s from the database's clock")


def _proxy(session: Session, settings: Settings, now: datetime) -> Finding:
    if settings.believes_anybody:
        return Finding(
            "proxy",
            True,
            "whoever connects is taken for a proxy and may say who calls; name the addresses "
            "of the proxies in TANGGAP_TRUSTED_PROXIES, such as 127.0.0.1,10.0.0.0/8",
            is_warning=True,
        )
    if is_proxy_unknown(session, now):
        return Finding(
            "proxy",
            False,
            "logins came through a proxy that is not known, so all seem to come from one address; "
            "put its address into TANGGAP_TRUSTED_PROXIES",
        )
    if settings.trusted_peers:
        known = ", ".join(map(str, settings.trusted_peers))
        return Finding("proxy", True, f"{known} may say who calls, nobody else")
    return Finding("proxy", True, "none in front")


def _orphans(session: Session) -> Finding:
    # What came in by itself a moment ago is the daily round and no fault of the installation.
    count = count_orphans(session, with_new=False)
    if not count:
        return Finding(
            "owners",
            True,
            "all open work lies with somebody who can be reached, or has just come in",
        )
    what = f"work on {count} complaints lies with nobody who can be reached; see /orphans"
    return Finding("owners", False, what)


def _lines(session: Session) -> Finding:
    """Who answers to somebody whose role answers no escalations: taken over, or set before."""
    found = unanswered_lines(session, MOST_LINES + 1)
    if not found:
        return Finding("line managers", True, "everybody's is a supervisor or a manager")
    said = [f"{user} answers to {above}" for user, above in found[:MOST_LINES]]
    if len(found) > MOST_LINES:
        said.append("and more")
    return Finding(
        "line managers",
        True,
        f"{', '.join(said)}, who answers no escalations; set another with "
        "complaints user edit --supervisor",
        is_warning=True,
    )


def _inactive_since(standstill: Standstill) -> str:
    if standstill.ahead is not None:
        return (
            f"its last sign of life lies in the future ({standstill.ahead:%Y-%m-%d %H:%M:%S} UTC): "
            "the clock was set back and nothing has run since"
        )
    return f"not active since {standstill.since:%Y-%m-%d %H:%M:%S} UTC"


def _engine(session: Session) -> Iterator[Finding]:
    """What the auditor looks for, looked for now; nothing is mended here."""
    now = clock.now()
    view = engine_view(session, now)
    faults, _ = find_faults(session, now, ScanPosition.read(view.findings or {}))
    what = (
        f"{view.timers_due} scheduled jobs due, {faults.late} of them late, "
        f"{view.workers} workers active"
    )
    if view.standstill is not None:
        since = _inactive_since(view.standstill)
        yield Finding("deadline monitor", False, f"{what}; {since}; is a worker running?")
    elif faults.late:
        yield Finding(
            "deadline monitor", False, f"{what}; it is working on them or cannot process them"
        )
    else:
        yield Finding("deadline monitor", True, what)
    outage = view.mail_outage
    lost = len(faults.missing) + len(faults.orphans)
    mended = (view.findings or {}).get("mended", 0)
    yield Finding(
        "scheduled jobs",
        not lost and not faults.drifted and not faults.postponed,
        f"{len(faults.missing)} missing, {len(faults.orphans)} without a deadline, "
        f"{len(faults.drifted)} other than their histories, "
        f"{faults.postponed} set aside after an error; {mended} repaired so far",
    )
    stopped = view.post_stopped_since
    nobody = f"; nobody sends them since {stopped:%Y-%m-%d %H:%M:%S} UTC" if stopped else ""
    since = f"; none leaves since {outage.since:%Y-%m-%d %H:%M:%S} UTC" if outage else ""
    yield Finding(
        "post",
        not faults.post_failed and not faults.post_waiting and not outage and not stopped,
        f"{view.post_waiting} messages waiting, {faults.post_waiting} of them for long, "
        f"{faults.post_failed} given up{nobody}{since}",
    )
    hooks = webhook_health(session)
    more = f"more than {MOST_COUNTED}" if hooks.waiting > MOST_COUNTED else str(hooks.waiting)
    yield Finding(
        "webhooks",
        not hooks.switched_off,
        f"{hooks.on} on, {hooks.failing} of them failing, {more} deliveries waiting, "
        f"{hooks.switched_off} switched off because they failed or were gone",
        is_warning=bool(hooks.failing) and not hooks.switched_off,
    )
