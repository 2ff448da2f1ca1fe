"""One complaint while it is being told: who takes part, what time it is in the story, what is next.

A part of the scenario yields timed steps: a real step of the product, at an instant, taken by
somebody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.permissions import CUSTOMER, SYSTEM, Actor
from complaints.domain.taxonomy import Category
from complaints.domain.worktime import WorkCalendar
from complaints.models import Complaint, Deadline
from complaints.rulebook import RuleBook
from complaints.seed.letters import print_waiting
from complaints.seed.people import Cast, Colleague
from complaints.seed.scenes import Scene
from complaints.seed.stories import Matter
from complaints.seed.words import STILL_WORKING
from complaints.steps.casework.converse import record_message

#: Channels that no CSR has to type in.
BY_ITSELF = {"email": "email", "web": "portal", "app": "portal"}
_METHODS = {
    "walk_in": "spoken",
    "visit": "spoken",
    "call": "phone",
    "email": "email",
    "letter": "letter",
    "box": "phone",
    "media": "phone",
    "regulator": "phone",
}


class TimedStep(NamedTuple):
    """A step of the product with its instant and who takes it."""

    at: datetime
    by: Actor
    call: partial[Any]


Steps = Iterator[TimedStep]


@dataclass(slots=True)
class Life:
    """A complaint's life as far as it has been told; `clock` is the time in the story."""

    session: Session
    rules: RuleBook
    cast: Cast
    scene: Scene
    matter: Matter
    calendar: WorkCalendar
    rng: Random
    now: datetime
    desk: Colleague
    voice: Colleague
    boss: Colleague
    clock: datetime
    complaint: Complaint | None = None
    expert: Colleague | None = None
    #: Whether the customer has gone home, so that we have to call.
    has_left: bool = False
    #: When the customer last heard from us.
    last_word: datetime = field(init=False)
    day_seconds: int = field(init=False)
    _told: int = 0

    def __post_init__(self) -> None:
        self.last_word = self.scene.received_at
        opening = self.calendar.next_opening(self.now - timedelta(days=30))
        hours = self.calendar.hours_on(self.calendar.date_of(opening))
        self.day_seconds = sum(int((end - begin).total_seconds()) for begin, end in hours)

    # What is known

    @property
    def known(self) -> Complaint:
        """The complaint, once it has been received."""
        assert self.complaint is not None
        return self.complaint

    @property
    def category(self) -> Category:
        """The category that the complaint turns out to have."""
        return self.rules.taxonomy.categories[self.matter.story.category]

    @property
    def is_oral(self) -> bool:
        """Whether the customer spoke to us."""
        return self.rules.taxonomy.channels[self.scene.channel].oral

    @property
    def language(self) -> str:
        """The customer's language."""
        return self.matter.story.language

    @property
    def method(self) -> str:
        """How we talk with this customer: the way they came, as far as it leads back."""
        method = _METHODS.get(self.scene.channel, "message")
        if method == "spoken" and self.has_left:
            return "phone"
        return "message" if method == "email" and not self.scene.customer.email else method

    def happens(self, extra: str) -> bool:
        """Whether the outcome has this on the way."""
        return extra in self.scene.outcome.extras

    def stops_at(self, stop: str) -> bool:
        """Whether the telling ends here."""
        return self.scene.outcome.stop == stop

    def due_at(self) -> datetime:
        """The deadline the customer waits for, as the ledger has it now."""
        query = select(func.min(Deadline.due_at)).where(
            Deadline.complaint_id == self.known.id,
            Deadline.ended_at.is_(None),
            Deadline.kind.in_(OUTCOME_KINDS),
        )
        due_at = self.session.scalar(query)
        return due_at or self.calendar.add(self.clock, 5 * self.day_seconds)

    def say(self, text: str) -> str:
        """A sentence with the customer's name and the matter's words filled in."""
        return text.format_map(self.matter.texts)

    # Time

    def talk(self, low: float, high: float) -> None:
        """Let some minutes of a conversation pass."""
        self.clock += timedelta(seconds=round(self.rng.uniform(low, high) * 60))

    def work(self, low: float, high: float) -> None:
        """Let some working minutes pass, fewer when the matter is urgent."""
        minutes = self.rng.uniform(low, high) * self.scene.pace
        self.clock = self.calendar.add(self.clock, max(60, int(minutes * 60)))

    def wait_until(self, at: datetime) -> None:
        """Go on at `at`, or at once when it has passed."""
        self.clock = max(at, self.clock + timedelta(seconds=self.rng.randint(20, 90)))

    def between(self, since: datetime, until: datetime, share: float) -> datetime:
        """The moment at which this share of the working time between two instants is over."""
        seconds = self.calendar.between(since, until)
        return self.calendar.add(since, int(seconds * share)) if seconds else until

    # Steps

    def step(
        self, call: Callable[..., Any], by: Colleague | None = None, **words: Any
    ) -> TimedStep:
        """The step now, by the person who looks after the customer unless another is named."""
        return TimedStep(self.clock, (by or self.voice).actor, partial(call, **words))

    def own_act(self, call: Callable[..., Any], **words: Any) -> TimedStep:
        """What the customer does on their page, now."""
        return TimedStep(self.clock, CUSTOMER, partial(call, **words))

    def message(self, text: str, direction: str = "out", by: Colleague | None = None) -> TimedStep:
        """A message now; ours counts as news."""
        method = self.method if self.method in ("email", "message") else "phone"
        if direction == "out":
            self.last_word = self.clock
        return self.step(
            record_message, by, text=self.say(text), direction=direction, method=method
        )

    def print_letters(self) -> Steps:
        """What was written on paper is printed and goes to the post."""
        if self.method == "letter":
            self.talk(2, 10)
            yield self.step(print_waiting)

    def keep_informed(self, until: datetime) -> Steps:
        """Write to the customer often enough that the progress clock is kept."""
        while True:
            pause = int(self.day_seconds * self.rng.uniform(1.7, 2.6))
            at = self.calendar.add(self.last_word, pause)
            if at >= until:
                return
            self.wait_until(at)
            yield self.message(self.next_news())

    def next_news(self) -> str:
        """What there is to say: the news of the matter first, then that the work goes on."""
        self._told += 1
        if self._told == 1:
            return self.matter["news"]
        return self.rng.choice(STILL_WORKING[self.language])

    @property
    def sender(self) -> Actor:
        """Who records the receipt: the channel itself, or the desk."""
        return SYSTEM if self.scene.channel in BY_ITSELF else self.desk.actor
