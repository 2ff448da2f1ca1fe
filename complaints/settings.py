"""Settings from the environment, each with a documented default; a bad value is one clear line.

`docs/settings.md` lists them. Nothing else reads the environment.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from complaints.db import normalise_url
from complaints.domain.mail.imap_account import ImapAccount, read_imap_urls
from complaints.domain.webhooks.addresses import AllowedHosts, read_allowed
from complaints.domain.webhooks.secrets import InboundRule, read_inbound
from complaints.files.in_use import FileSettings
from complaints.files.settings import read_file_settings
from complaints.places import CONFIG, VAR
from complaints.proxies import THIS_MACHINE, host_name, leads_here

#: Characters of a key that nobody guesses.
SHORTEST_SECRET = 32

#: A mailbox whose answers carry a token: before the @ stand 64 characters at most, and the token
#: with the longest number of a complaint takes 38 of them.
_MAILBOX = re.compile(r"[A-Za-z0-9._-]{1,26}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")

LOG_LEVELS = ("debug", "info", "warning", "error")
Read = TypeVar("Read")


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the programme was started with."""

    database_url: str
    reports_database_url: str | None
    secret_key: str
    #: What signs the history: the first one signs, the others are known from earlier.
    history_keys: tuple[str, ...]
    base_url: str
    #: How many proxies stand in front, whoever they are: anybody who connects is taken for one.
    trusted_proxies: int
    #: The addresses of the proxies in front; nobody else may say who calls.
    trusted_peers: tuple[IPv4Network | IPv6Network, ...]
    #: The names under which we are asked, without ports; empty: nobody has said, any will do.
    hosts: frozenset[str]
    smtp_url: str
    #: The mailboxes that the worker reads for mail; empty where it reads none.
    mailboxes: tuple[ImapAccount, ...]
    #: The mailbox that is read for answers, `keluhan@…`; empty where nothing reads mail.
    reply_address: str
    #: Domain, selector and key file of DKIM; None where mail is not signed here.
    dkim: tuple[str, str, Path] | None
    #: Who may read `/metrics` from elsewhere; None: only this machine.
    metrics_token: str | None
    config_folder: Path
    #: Where the worker keeps its daily seals of the history.
    seals_folder: Path
    log_level: str
    #: How long a key of the API is valid from when it is made.
    token_lifetime: timedelta
    #: How long the facts of a delivered letter are kept.
    keep_letters: timedelta
    #: How long a message that was settled is kept as it came.
    keep_mail: timedelta
    #: Where the files of complaints lie, how much is taken, and what looks for viruses.
    files: FileSettings
    #: How many calls of the API a key may make in a minute; 0 for as many as it likes.
    api_calls_per_minute: int
    #: Hosts of our own network that webhooks may lead to.
    webhook_hosts: AllowedHosts
    #: Channel → what it signs its messages with, and whose complaints they are.
    inbound: Mapping[str, InboundRule]
    #: How long it is kept what webhooks were told.
    keep_webhook_log: timedelta

    @property
    def is_behind_proxy(self) -> bool:
        """Whether a proxy stands in front."""
        return bool(self.trusted_proxies or self.trusted_peers)

    @property
    def believes_anybody(self) -> bool:
        """Whether everybody who connects may say who is calling."""
        return bool(self.trusted_proxies or any(not net.prefixlen for net in self.trusted_peers))

    @property
    def links_lead_nowhere(self) -> bool:
        """Whether letters leave the machine with links that only open on the machine itself."""
        return leads_here(self.base_url) and not self.smtp_url.startswith("file:")

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return self.database_url.startswith("sqlite")


def read_settings(given: Mapping[str, object] | None = None) -> Settings:
    """The settings of the environment, with `given` winning over it.

    Raises SettingsError naming the variable that is wrong.
    """
    values = {**os.environ, **{key: str(value) for key, value in (given or {}).items()}}
    database_url = _database(values, "DATABASE_URL") or f"sqlite:///{_var()}/tanggap.db"
    secret_key = _secret_key(values, database_url)
    trusted_proxies, trusted_peers = _proxies(values, "TANGGAP_TRUSTED_PROXIES")
    base_url = _web_address(values, "TANGGAP_BASE_URL", "http://127.0.0.1:8000")
    return Settings(
        database_url=database_url,
        reports_database_url=_database(values, "REPORTS_DATABASE_URL"),
        secret_key=secret_key,
        history_keys=_secrets(values, "TANGGAP_HISTORY_KEYS") or (secret_key,),
        base_url=base_url,
        trusted_proxies=trusted_proxies,
        trusted_peers=trusted_peers,
        hosts=_hosts(values, "TANGGAP_HOSTS", base_url),
        smtp_url=_url(values, "SMTP_URL", ("smtp", "smtps", "file")) or f"file://{_var()}/mail",
        mailboxes=_imap(values, "IMAP_URL"),
        reply_address=_mailbox(values, "TANGGAP_REPLY_ADDRESS"),
        dkim=_dkim(values),
        metrics_token=values.get("TANGGAP_METRICS_TOKEN") or None,
        config_folder=_folder(values, "TANGGAP_CONFIG", CONFIG),
        seals_folder=Path(values.get("TANGGAP_SEALS") or _var() / "seals"),
        log_level=_choice(values, "LOG_LEVEL", LOG_LEVELS, "info"),
        token_lifetime=_days(
            values, "TANGGAP_TOKEN_DAYS", 365, "a new API key is valid", least=1, most=3650
        ),
        keep_letters=_days(
            values, "TANGGAP_KEEP_LETTERS_DAYS", 30, "the words of delivered letters are kept"
        ),
        keep_mail=_days(
            values, "TANGGAP_KEEP_MAIL_DAYS", 90, "messages that came by email are kept"
        ),
        files=_files(values),
        api_calls_per_minute=_count(
            values,
            "TANGGAP_API_CALLS_PER_MINUTE",
            1200,
            "how many calls of the API a key may make in a minute; 0 for any number",
            most=1_000_000,
        ),
        webhook_hosts=_read(values, "TANGGAP_WEBHOOK_HOSTS", read_allowed),
        inbound=_read(values, "TANGGAP_INBOUND_SECRETS", read_inbound),
        keep_webhook_log=_days(
            values, "TANGGAP_KEEP_WEBHOOK_LOG_DAYS", 30, "the log of the webhooks is kept", least=5
        ),
    )


def local_key() -> str:
    """The key kept in var/ for trying the programme out on one machine; made on first use."""
    path = _var() / "secret_key"
    with suppress(FileExistsError):
        # Nobody else may read it at any moment, not even before the mode would be changed.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _var() -> Path:
    """The folder of what running leaves behind; nobody else looks into it."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    if VAR.stat().st_mode & 0o077:
        # Another user's folder stays as it is; what we put into it is private all the same.
        with suppress(PermissionError):
            VAR.chmod(0o700)
    return VAR


def links_lead_here(host: str, port: int) -> None:
    """Without TANGGAP_BASE_URL customers' links lead to where the web process listens.

    Set in the environment, so that every process that is started from here writes the same address.
    """
    if not os.environ.get("TANGGAP_BASE_URL"):
        here = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        here = f"[{here}]" if ":" in here else here
        os.environ["TANGGAP_BASE_URL"] = f"http://{here}:{port}"


def environment_without_secrets() -> dict[str, str]:
    """What a process that needs no key and no address of ours has to know of the environment."""
    names = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in names if name in os.environ}


def _secret_key(values: Mapping[str, str], database_url: str) -> str:
    """The key given, or the one kept here for the embedded database.

    Whoever guesses it logs in as anybody, so with a database server a short one is refused.
    """
    given = values.get("SECRET_KEY") or ""
    if database_url.startswith("sqlite"):
        return given or local_key()
    if not given:
        raise SettingsError("SECRET_KEY is not set; with a database server it has to be.")
    if len(given) < SHORTEST_SECRET:
        raise SettingsError(
            f"SECRET_KEY has {len(given)} characters, fewer than {SHORTEST_SECRET} random ones. "
            "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return given


def _database(values: Mapping[str, str], name: str) -> str | None:
    url = values.get(name)
    if not url:
        return None
    url = normalise_url(url)
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        raise SettingsError(f"{name} is not a database address.") from None
    if backend not in ("sqlite", "postgresql"):
        raise SettingsError(f"{name} must begin with sqlite:// or postgresql://.")
    return url


def _url(values: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    url = values.get(name)
    if not url:
        return None
    if urlsplit(url).scheme not in schemes:
        wanted = ", ".join(f"{scheme}://" for scheme in schemes)
        raise SettingsError(f"{name} must begin with one of {wanted}")
    return url


def _imap(values: Mapping[str, str], name: str) -> tuple[ImapAccount, ...]:
    try:
        return read_imap_urls(values.get(name) or "")
    except ValueError as error:
        raise SettingsError(f"{name} {error}.") from None


def _mailbox(values: Mapping[str, str], name: str) -> str:
    address = (values.get(name) or "").strip()
    if address and not _MAILBOX.fullmatch(address):
        raise SettingsError(
            f"{name} must be an address such as keluhan@perusahaan.example, with at most 26 "
            "letters, figures, dots and dashes before the @: a token is added there."
        )
    return address


def _dkim(values: Mapping[str, str]) -> tuple[str, str, Path] | None:
    names = ("DKIM_DOMAIN", "DKIM_SELECTOR", "DKIM_KEY_FILE")
    domain, selector, file = ((values.get(name) or "").strip() for name in names)
    if not (domain or selector or file):
        return None
    if not (domain and selector and file):
        raise SettingsError(f"{', '.join(names)} are set all three or not at all.")
    for name, value in zip(names, (domain, selector), strict=False):
        if not re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", value):
            raise SettingsError(f"{name} must be a name such as perusahaan.example or surat2026.")
    return domain, selector, Path(file)


def _web_address(values: Mapping[str, str], name: str, default: str) -> str:
    url = (values.get(name) or default).rstrip("/")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise SettingsError(f"{name} must be an address such as https://keluhan.example.")
    return url


def _hosts(values: Mapping[str, str], name: str, base_url: str) -> frozenset[str]:
    """The names that are ours: of the address that customers see, others given, this machine's.

    Without a public address and without any given, nobody knows under which name colleagues ask.
    """
    given = filter(None, map(str.strip, values.get(name, "").split(",")))
    hosts = {host_name(each) for each in given}
    if "" in hosts:
        raise SettingsError(f"{name} holds names separated by commas, such as keluhan.kantor.")
    hosts |= {host_name(urlsplit(base_url).netloc.rpartition("@")[2])}
    return frozenset() if hosts <= THIS_MACHINE else frozenset(hosts | THIS_MACHINE)


def _count(
    values: Mapping[str, str],
    name: str,
    default: int,
    meaning: str,
    *,
    least: int = 0,
    most: int = 1000,
) -> int:
    text = values.get(name) or str(default)
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    if not (is_number and least <= int(text) <= most):
        raise SettingsError(f"{name} must be a whole number from {least} to {most}: {meaning}.")
    return int(text)


def _proxies(
    values: Mapping[str, str], name: str
) -> tuple[int, tuple[IPv4Network | IPv6Network, ...]]:
    """How many proxies of unknown address stand in front, and the networks of the known ones."""
    text = values.get(name) or ""
    if not re.search(r"[.:,]", text):
        return _count(values, name, 0, "how many proxies stand in front; or their addresses"), ()
    networks = []
    for each in filter(None, map(str.strip, text.split(","))):
        try:
            networks.append(ip_network(each))
        except ValueError:
            raise SettingsError(
                f"{name} holds addresses and networks separated by commas, such as "
                f"127.0.0.1,10.0.0.0/8; {each[:60]!r} is none, or has bits behind its network."
            ) from None
    return 0, tuple(networks)


def _files(values: Mapping[str, str]) -> FileSettings:
    """Where files lie and how much of them is taken."""
    try:
        return read_file_settings(values, partial(_count, values), f"file://{_var()}/files")
    except ValueError as problem:
        raise SettingsError(str(problem)) from None


def _days(
    values: Mapping[str, str],
    name: str,
    default: int,
    what: str,
    *,
    least: int = 0,
    most: int = 36_500,
) -> timedelta:
    meaning = f"for how many days {what}"
    return timedelta(days=_count(values, name, default, meaning, least=least, most=most))


def _read(values: Mapping[str, str], name: str, read: Callable[[str], Read]) -> Read:
    """What one of our own forms of a text says; its mistakes are ValueErrors with a sentence."""
    try:
        return read(values.get(name) or "")
    except ValueError as error:
        raise SettingsError(f"{name}: {error}.") from None


def _folder(values: Mapping[str, str], name: str, default: Path) -> Path:
    folder = Path(values.get(name) or default)
    if not folder.is_dir():
        raise SettingsError(f"{name} names a folder that does not exist: {folder}")
    return folder


def _secrets(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    secrets = tuple(filter(None, map(str.strip, values.get(name, "").split(","))))
    if any(len(each) < SHORTEST_SECRET for each in secrets):
        raise SettingsError(
            f"{name} holds a key of fewer than {SHORTEST_SECRET} characters; "
            "separate keys by commas and let the one that signs come first."
        )
    return secrets


def _choice(values: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    value = (values.get(name) or default).lower()
    if value not in known:
        raise SettingsError(f"{name} must be one of {', '.join(known)}.")
    return value
