"""Incidents: customers who wait to be told are told, and unusual counts raise an alarm."""

from datetime import datetime

from complaints.channels.incident_telling import tell_waiting
from complaints.rulebook import current_rules
from complaints.steps.incidents.alarm import look_for_spikes
from complaints.worker.sweeps import JobResult, WorkerContext

#: So many are told in one round; the rest in the next.
MOST = 200


def tell_customers(context: WorkerContext, at: datetime) -> JobResult:
    """Tell those whose turn it is, each in a transaction of its own."""
    done = JobResult()
    with context.sessions() as session:
        told = tell_waiting(session, at=at, limit=MOST, is_stopping=context.is_stopping)
    done.handled = sum(told.values())
    return done


def raise_alarms(context: WorkerContext, at: datetime) -> JobResult:
    """Look once whether more came in of a kind at a place than usual."""
    done = JobResult()
    with context.sessions.begin() as session:
        done.handled = look_for_spikes(session, current_rules(session), at=at)
    return done
