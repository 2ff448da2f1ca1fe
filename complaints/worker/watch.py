"""The watch kept by the web processes, because a worker that is dead cannot say so.

Any number of them may watch: who opens the alarm is decided by the database.
"""

import threading
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.domain.errors import Refused
from complaints.engine.alarms import alarm_keys, open_alarm, raise_alarm, sound_all_clear
from complaints.outbox.deliver import deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Transport, transport_for
from complaints.queries.engine.status import find_standstill, is_alive
from complaints.rulebook import current_rules
from complaints.settings import Settings
from complaints.worker.sending import delivery_of
from complaints.worker.sweeps import note_way_out, reading

#: How often the watch looks; the first look comes as late, so that a worker may start meanwhile.
WATCH_SECONDS = 60

log = structlog.get_logger()


def watch_once(
    sessions: sessionmaker[Session], transport: Transport, office: DeliverySettings, at: datetime
) -> None:
    """Look once whether the engine runs, and alarm the administrators or give the all-clear.

    1. when it stands still, one letter per administrator, which we deliver ourselves; that it
       cannot leave either is noted, as the worker would note it;
    2. when it runs again, a letter that says so, which the worker delivers.
    """
    with reading(sessions) as session:
        standstill = find_standstill(session, at)
        runs = is_alive(session, at)
        open_since = open_alarm(session)
    if standstill is not None and open_since is None:
        with sessions.begin() as session:
            if raise_alarm(session, since=standstill.since, zone=_zone(session), at=at):
                log.error("engine stands still", since=standstill.since.isoformat())
            open_since = open_alarm(session)
    if standstill is not None and open_since is not None:
        with reading(sessions) as session:
            keys = alarm_keys(session, open_since)
        # All other messages are the worker's; ours must not wait behind them.
        delivered = deliver_waiting(sessions, transport, office, at=at, keys=keys)
        note_way_out(sessions, delivered, at)
    elif runs and open_since is not None:
        with sessions.begin() as session:
            if sound_all_clear(session, zone=_zone(session), at=at):
                log.info("engine runs again", since=open_since.isoformat())


def start_watch(settings: Settings, engine: Engine) -> threading.Event:
    """Watch from a thread of this process until it ends, or the event returned is set."""
    stop = threading.Event()
    sessions = sessionmaker(engine, expire_on_commit=False)
    office = delivery_of(settings)
    transport = transport_for(settings.smtp_url)

    def watch() -> None:
        while not stop.wait(WATCH_SECONDS):
            try:
                watch_once(sessions, transport, office, clock.now())
            except Exception as error:
                # The words of an error may hold an address; its kind tells enough.
                log.error("watch failed", error=type(error).__name__)

    threading.Thread(target=watch, name="watch", daemon=True).start()
    return stop


def _zone(session: Session) -> str:
    """The zone in which administrators read times; UTC while there are no rules to say another."""
    try:
        return current_rules(session).home_zone.key
    except Refused:
        return "UTC"
