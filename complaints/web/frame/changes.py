"""What has changed for whom, as this process knows it: numbers that rise, and no page is read.

A process looks at the ends of histories and notices once a second at most, whoever asks. What it
finds raises the numbers of the complaint, its branch and the person; whoever remembers a number
knows by it that nothing of theirs has changed.
"""

import time
from collections import OrderedDict
from collections.abc import Collection, Hashable
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from complaints import clock
from complaints.queries.lists.changes import MOST_CHANGES, Change, Ends, read_changes, read_ends

#: So long a look is good for.
LOOK_AGAIN_SECONDS = 1.0
#: So long what was numbered may still be written; PostgreSQL gives numbers before a commit.
LATE_SECONDS = 30.0
#: Whatever no number tells (a deadline that passes, another process's word) is looked for so often.
AT_LEAST_EACH = timedelta(minutes=1)
#: So far before the last look signs of who is at a complaint are looked for: clocks of two machines
#: differ a little, and a sign is written after its time.
HERE_OVERLAP = timedelta(seconds=3)
#: Of complaints, people and branches remembered; one that was forgotten counts as changed.
MOST_REMEMBERED = 20_000

#: What a number is kept for: ("complaint", 7), ("here", 7), ("branch", 1), ("user", 3) or
#: ("all", 0).
Scope = tuple[str, int]
ALL: Scope = ("all", 0)


class Changes:
    """The rising numbers of one process."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[Scope, int] = OrderedDict()
        self._lock = Lock()
        self._looked = -LOOK_AGAIN_SECONDS
        self._ends: Ends | None = None
        self._looked_at: datetime | None = None
        #: Ids that lie before the end and have not been seen, with when they were first missed.
        self._late: dict[tuple[bool, int], float] = {}
        #: How many times anything has changed.
        self.count = 0
        self._forgotten = 0

    def mark(self, scopes: Collection[Scope]) -> Hashable:
        """What these have come to; another one later says that something has changed."""
        minute = int(clock.now().timestamp() // AT_LEAST_EACH.total_seconds())
        numbers = self._numbers
        return (minute, *[numbers.get(each, self._forgotten) for each in scopes])

    def touch(self, *scopes: Scope) -> None:
        """Something of these has changed that no entry tells of."""
        self.count += 1
        for scope in scopes:
            self._numbers[scope] = self.count
            self._numbers.move_to_end(scope)
        while len(self._numbers) > MOST_REMEMBERED:
            # Whatever is not remembered is as new as the newest that was forgotten.
            self._forgotten = max(self._forgotten, self._numbers.popitem(last=False)[1])

    def look(self, engine: Engine) -> None:
        """See what is new, where the last look is too old and nobody else is at it."""
        now = time.monotonic()
        if now - self._looked < LOOK_AGAIN_SECONDS or not self._lock.acquire(blocking=False):
            return
        try:
            self._looked = now
            self._read(engine, now)
        except SQLAlchemyError:
            # Whoever asks for a page is told that the database is in trouble.
            self._forget_all()
        finally:
            self._lock.release()

    def _read(self, engine: Engine, now: float) -> None:
        at = clock.now()
        here_after = (self._looked_at or at) - HERE_OVERLAP
        self._looked_at = at
        with engine.connect() as connection:
            if self._ends is None:
                self._ends = read_ends(connection)
                return
            missing = [key for key, since in self._late.items() if now - since < LATE_SECONDS]
            found = read_changes(
                connection,
                self._ends,
                [number for is_notice, number in missing if not is_notice],
                [number for is_notice, number in missing if is_notice],
                here_after=here_after,
            )
        self._late = {key: self._late[key] for key in missing}
        here = [each for each in found if each.is_here]
        if here:
            self._take_here(here)
        if len(here) < len(found):
            self._take([each for each in found if not each.is_here], now)

    def _take_here(self, here: Collection[Change]) -> None:
        """Somebody is at these complaints, which changes nothing else about them."""
        if len(here) > MOST_CHANGES:
            self._forget_all()
        self.touch(*{("here", each.complaint_id or 0) for each in here})

    def _take(self, found: Collection[Change], now: float) -> None:
        ends = self._ends
        assert ends is not None
        entries = {each.id for each in found if not each.is_notice}
        notices = {each.id for each in found if each.is_notice}
        if len(found) > MOST_CHANGES:
            self._forget_all()
        self._ends = Ends(max(entries | {ends.history}), max(notices | {ends.notice}))
        for is_notice, seen, before, end in (
            (False, entries, ends.history, self._ends.history),
            (True, notices, ends.notice, self._ends.notice),
        ):
            for number in seen:
                self._late.pop((is_notice, number), None)
            if end - before <= MOST_CHANGES:
                for number in set(range(before + 1, end + 1)) - seen:
                    self._late[is_notice, number] = now
        scopes: set[Scope] = {ALL}
        for each in found:
            if each.complaint_id is not None:
                scopes.add(("complaint", each.complaint_id))
            if each.branch_id is not None:
                scopes.add(("branch", each.branch_id))
            if each.user_id is not None:
                scopes.add(("user", each.user_id))
        self.touch(*scopes)

    def _forget_all(self) -> None:
        self.count += 1
        self._numbers.clear()
        self._forgotten = self.count


def scopes_of(user_id: int | None, branch_id: int | None, *, leads: bool) -> tuple[Scope, ...]:
    """What the counts and the board of a person hang on: themselves, and what they lead."""
    own: Scope = ("user", user_id or 0)
    if not leads:
        return (own,)
    return (own, ("branch", branch_id) if branch_id is not None else ALL)
