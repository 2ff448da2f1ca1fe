"""Days of prompt sweeps, written down: who heard what, and at which minute."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select

from complaints.engine.expiries import next_expiry
from complaints.engine.fire import fire_due
from complaints.models import Notice, OutboxMessage, Timer
from tests.office import Office


class Diary:
    """Sweeps every minute something is due, and writes down who heard what in each."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.names = {user.id: name for name, user in office.people.items()}
        self.lines: list[tuple[datetime, str, str]] = []

    def live(self, until: datetime) -> None:
        """Let time pass up to `until`."""
        session = self.office.session
        while True:
            timer = session.scalar(select(func.min(Timer.fire_at)))
            due = min(filter(None, (timer, next_expiry(session))), default=None)
            session.commit()
            if due is None or due > until:
                return
            # The worker is prompt: a sweep at the first whole minute.
            self.sweep(due + (-due.timestamp() % 60) * timedelta(seconds=1))

    def sweep(self, at: datetime) -> None:
        """One sweep; of one complaint nobody hears twice in it."""
        session = self.office.session
        last = session.scalar(select(func.max(Notice.id))) or 0
        post = session.scalar(select(func.max(OutboxMessage.id))) or 0
        fired = fire_due(session, self.office.rules, at=at)
        session.commit()
        assert fired.mishaps == []
        assert fired.handled
        new = session.scalars(select(Notice).where(Notice.id > last).order_by(Notice.id)).all()
        letters = session.scalars(select(OutboxMessage).where(OutboxMessage.id > post)).all()
        per_person = Counter((each.user_id, each.complaint_id) for each in new)
        assert max(per_person.values(), default=0) <= 1
        per_box = Counter((each.to_address, each.complaint_id) for each in letters)
        assert max(per_box.values(), default=0) <= 1
        self.lines += [(at, self.names[each.user_id], each.kind) for each in new]
        session.commit()

    def heard(self, name: str, since: datetime) -> list[datetime]:
        """When this person heard of anything."""
        return [at for at, who, _ in self.lines if who == name and at >= since]
