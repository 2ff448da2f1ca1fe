"""The programme: which complaints came when, over four months, and what becomes of each.

People complain in opening hours, most on Mondays and before noon; written words come at any hour.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random

from complaints.domain.worktime import WorkCalendar
from complaints.people.customers import CustomerGiven
from complaints.rulebook import RuleBook
from complaints.seed.customers import CustomerBook
from complaints.seed.pools import Pool, fair_pool
from complaints.seed.scenes import SET_PIECES, Outcome, Scene, SetPiece, allowance_of
from complaints.seed.stories import Story, all_stories

DAYS = 120
#: Of all complaints, how many stand at a stop today; others are still on their way by themselves.
OPEN_SHARE = 0.23

_BRANCHES = {"JKT": 50, "MKS": 30, "JYP": 20}
_CHANNELS = {
    "walk_in": 34,
    "call": 25,
    "whatsapp": 10,
    "app": 7,
    "email": 7,
    "web": 6,
    "x": 3,
    "instagram": 2,
    "facebook": 2,
    "visit": 1.5,
    "letter": 1,
    "box": 0.7,
    "media": 0.5,
    "regulator": 0.5,
}
_ENDINGS = {
    "accepted": 70,
    "alternative": 11,
    "partial": 3,
    "unanswered": 4,
    "rejected": 3,
    "withdrawn": 5,
    "elsewhere": 2,
    "dispute": 1.5,
}
_STOPS = {
    "handling": 34,
    "offered": 14,
    "intake": 9,
    "cause": 10,
    "registered": 8,
    "party": 8,
    "paused": 7,
    "accepted": 5,
    "refused": 4,
    "approval": 3,
}
#: What may happen on the way, and how often of a hundred.
_EXTRAS = {
    "late_ack": 4,
    "late_party": 4,
    "late_plan": 3,
    "corrected": 9,
    "unheard": 2,
    "alone": 3,
    "early_promise": 10,
    "amend": 12,
    "returned": 4,
    "pause": 9,
    "no_reply": 2,
    "extension": 5,
    "extension_rejected": 1,
    "escalated": 5,
    "override": 2,
    "asks": 14,
    "note": 55,
    "thinks": 10,
    "reopened": 4,
    "expert": 35,
    "offer_rejected": 3,
}
#: Of the complaints that have ended, how many were told twice: once more before they were solved.
_TOLD_TWICE = 0.02
#: How people come back to what they have told already.
_ASKED_AGAIN = ("call", "walk_in", "whatsapp")
#: Days of the week, Monday first: how much comes in compared with an ordinary day.
_WEEKDAYS = (1.5, 1.15, 1.0, 1.0, 0.85, 0.3, 0.2)
_WRITTEN_ANY_HOUR = frozenset({"email", "web", "app", "whatsapp", "x", "facebook", "instagram"})


def draw_programme(rules: RuleBook, *, complaints: int, seed: int, now: datetime) -> list[Scene]:
    """Every scene of a demonstration, in the order in which the complaints came in."""
    return _Director(rules, complaints, Random(seed), now).scenes()


class _Director:
    def __init__(self, rules: RuleBook, complaints: int, rng: Random, now: datetime) -> None:
        self.rules, self.count, self.rng, self.now = rules, complaints, rng, now
        self.stories = all_stories()
        self.customers = CustomerBook(rng, complaints)
        # Many stories come their own way, so only some draw; no channel is left out.
        self.channels = fair_pool(_CHANNELS, round(complaints * 0.35), rng)
        self.branches = fair_pool(_BRANCHES, complaints, rng)
        self.is_late = fair_pool({True: 7, False: 93}, complaints // 2, rng)
        self.extras = {
            name: fair_pool({True: often, False: 100 - often}, complaints // 2, rng)
            for name, often in _EXTRAS.items()
        }

    def scenes(self) -> list[Scene]:
        pieces = SET_PIECES[: round(self.count * 0.4)]
        others = max(0, round(self.count * OPEN_SHARE) - len(pieces))
        ended = self.count - len(pieces) - others
        scenes = [self._set_piece(piece) for piece in pieces]
        pool = self._story_pool()
        stops = fair_pool(_STOPS, others, self.rng)
        scenes += [self._standing(pool.draw(), stops.draw()) for _ in range(others)]
        scenes += self._ended(pool, ended)
        return sorted(scenes, key=lambda scene: (scene.received_at, scene.customer.phone))

    def _story_pool(self) -> Pool[Story]:
        by_id = {story.id: float(story.often) for story in self.stories.values()}
        ids = fair_pool(by_id, self.count, self.rng)
        return Pool([self.stories[ids.draw()] for _ in range(max(self.count, 1))], self.rng)

    def _set_piece(self, piece: SetPiece) -> Scene:
        story = self.stories[piece.story]
        customer = self._stranger(piece.branch, piece.channel, story, is_plain=True)
        allowed = allowance_of(self.rules, piece.branch, story, customer, piece.channel, self.now)
        calendar = self._calendar(piece.branch)
        if piece.age is not None:
            received_at = calendar.add(self.now, -int(piece.age * 3600))
        else:
            # Under other policies the deadline may be nearer than the piece wants it.
            due_in = min((piece.due_in or 0) * 3600, allowed.seconds * 0.7)
            received_at = calendar.add(calendar.add(self.now, int(due_in)), -allowed.seconds)
        return Scene(
            branch=piece.branch,
            channel=piece.channel,
            story=story,
            customer=customer,
            received_at=received_at,
            outcome=Outcome(stop=piece.stop, extras=frozenset(piece.extras)),
            pace=min(allowed.pace, 0.8),
            desk=piece.desk,
            keeper=piece.keeper,
            quiet=piece.quiet,
        )

    def _standing(self, story: Story, stop: str) -> Scene:
        """A complaint of the last days that stands at a stop."""
        rng = self.rng
        branch, channel = self.branches.draw(), self._channel(story)
        customer = self._stranger(branch, channel, story)
        allowed = allowance_of(self.rules, branch, story, customer, channel, self.now)
        calendar = self._calendar(branch)
        oral = self.rules.taxonomy.channels[channel].oral
        if stop == "intake":
            age = rng.uniform(0.07, 0.3) if oral else rng.uniform(0.3, 6)
        elif stop in ("registered", "party"):
            age = rng.uniform(0.8, 3.2)
        else:
            is_late = stop in ("handling", "cause") and rng.random() < 0.1
            used = rng.uniform(1.02, 1.25) if is_late else rng.uniform(0.25, 0.93)
            age = max(2.5 * allowed.pace, allowed.seconds / 3600 * used)
        return Scene(
            branch=branch,
            channel=channel,
            story=story,
            customer=customer,
            received_at=calendar.add(self.now, -int(age * 3600)),
            outcome=Outcome(stop=stop, extras=self._extras() - {"reopened", "no_reply"}),
            pace=min(allowed.pace, 0.8),
            quiet=rng.uniform(10, 220) * allowed.pace,
        )

    def _ended(self, pool: Pool[Story], count: int) -> list[Scene]:
        """Complaints of the last months; some of the customers have complained before."""
        rng = self.rng
        twice = max(1, round(count * _TOLD_TWICE)) if count > 10 else 0
        count -= twice
        endings = fair_pool(_ENDINGS, count, rng)
        drafts = []
        for _ in range(count):
            story, branch = pool.draw(), self.branches.draw()
            channel = self._channel(story)
            drafts.append((self._arrival(branch, channel), branch, channel, story))
        drafts.sort(key=lambda draft: draft[0])
        scenes: list[Scene] = []
        for received_at, branch, channel, story in drafts:
            earlier = [
                scene.customer
                for scene in scenes[-150:]
                if scene.branch == branch
                and scene.story.language == story.language
                and (scene.customer.email or channel != "email")
            ]
            is_known = bool(earlier) and not (story.tier or story.needs) and rng.random() < 0.12
            customer = rng.choice(earlier) if is_known else self._stranger(branch, channel, story)
            allowed = allowance_of(self.rules, branch, story, customer, channel, self.now)
            outcome = Outcome(endings.draw(), share=self._share(), extras=self._extras())
            scenes.append(
                Scene(branch, channel, story, customer, received_at, outcome, allowed.pace)
            )
        slow = [each for each in scenes if each.outcome.share > 0.4 and each.pace >= 1]
        return scenes + [self._told_again(each) for each in slow[:twice]]

    def _told_again(self, first: Scene) -> Scene:
        """The customer tells it once more some working hours later, to somebody else."""
        calendar = self._calendar(first.branch)
        channel = next(each for each in _ASKED_AGAIN if each != first.channel)
        again_at = calendar.add(first.received_at, int(self.rng.uniform(3, 6) * 3600))
        outcome = Outcome("duplicate", share=first.outcome.share)
        return replace(first, channel=channel, received_at=again_at, outcome=outcome)

    def _share(self) -> float:
        """How much of the time is used: most are in time, about one in fourteen is late."""
        if self.is_late.draw():
            return self.rng.uniform(1.04, 1.6)
        return 0.2 + 0.74 * self.rng.betavariate(2.2, 1.9)

    def _extras(self) -> frozenset[str]:
        return frozenset(name for name, pool in self.extras.items() if pool.draw())

    def _channel(self, story: Story) -> str:
        return self.rng.choice(story.channels) if story.channels else self.channels.draw()

    def _stranger(
        self, branch: str, channel: str, story: Story, is_plain: bool = False
    ) -> CustomerGiven:
        return self.customers.next_customer(
            branch,
            language=story.language,
            tier=story.tier,
            needs=story.needs,
            needs_email=channel == "email",
            is_plain=is_plain,
        )

    def _calendar(self, branch: str) -> WorkCalendar:
        return self.rules.calendar_of(self.rules.branch_by_code(branch).id).value

    def _arrival(self, branch: str, channel: str) -> datetime:
        """A moment of the last four months at which somebody complained this way."""
        rng, calendar = self.rng, self._calendar(branch)
        while True:
            # The organisation grows: more comes in now than four months ago.
            ago = DAYS * (1 - rng.random() ** 0.85)
            moment = self.now - timedelta(days=ago)
            day = moment.astimezone(calendar.tz).date()
            is_open = calendar.opens_on(day)
            if rng.random() * 1.5 > _WEEKDAYS[day.weekday()]:
                continue
            if channel in _WRITTEN_ANY_HOUR and (not is_open or rng.random() < 0.3):
                hour, minute = rng.choice((6, 7, 12, 18, 19, 20, 21, 22)), rng.randint(0, 59)
                local = datetime.combine(day, time(hour, minute, rng.randint(0, 59)), calendar.tz)
                at = local.astimezone(UTC)
            elif is_open:
                at = self._within_hours(calendar.hours_on(day))
            else:
                continue
            if at < self.now - timedelta(minutes=1):
                return at

    def _within_hours(self, hours: Sequence[tuple[datetime, datetime]]) -> datetime:
        opens, closes = hours[0][0], hours[-1][1]
        # The counter is fullest in the middle of the morning.
        share = self.rng.triangular(0.01, 0.96, 0.3)
        return opens + timedelta(seconds=int((closes - opens).total_seconds() * share))
