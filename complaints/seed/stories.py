"""The invented stories in `stories/*.toml`: read, and filled with a place, a day and an amount.

A story carries everything that is said about it later: the summary, the cause, the solution.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from complaints.domain.config.organisation import Organisation
from complaints.domain.worktime import WorkCalendar
from complaints.formatting import say_date, say_money
from complaints.people.customers import CustomerGiven
from complaints.seed import words

_PLACES: Mapping[str, Sequence[str]] = {
    "JKT": ("Rawamangun", "Tebet", "Cempaka Putih", "Kalimalang", "Ciledug", "Pasar Minggu"),
    "MKS": ("Tamalanrea", "Rappocini", "Panakkukang", "Biringkanaya", "Mamajang"),
    "JYP": ("Abepura", "Sentani", "Waena", "Entrop", "Kotaraja"),
}
_STREETS = ("Jalan Melati", "Jalan Kenanga", "Jalan Cendana", "Jalan Teratai", "Jalan Flamboyan")


@dataclass(frozen=True, slots=True)
class Solution:
    """A remedy in words; `amount` is a range in whole units, "money" for the sum of the story."""

    remedy: str
    text: str
    amount: Sequence[int] | str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One story as written; texts hold slots such as {place} and {money}."""

    id: str
    category: str
    product: str
    language: str
    channels: Sequence[str]
    needs: Sequence[str]
    tier: str
    often: int
    money: Sequence[int]
    cause: str
    found_as: str
    offer: Solution
    other: Solution
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Matter:
    """A story that happened to somebody: every text filled."""

    story: Story
    texts: Mapping[str, str]
    amounts: Mapping[str, int]
    incident_at: datetime = field(compare=False)

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def again(self) -> "Matter":
        """The same matter when it has come back: something was left undone."""
        language = self.story.language
        texts = {
            **self.texts,
            "found": words.LEFT_UNDONE,
            "told": words.TOLD_AGAIN[language].format_map(self.texts),
            "offer": words.OFFERED_AGAIN[language],
        }
        story = replace(
            self.story,
            found_as="PROSES_TIDAK_DIIKUTI",
            offer=Solution("PERBAIKAN", texts["offer"]),
        )
        return replace(self, story=story, texts=texts, amounts={**self.amounts, "offer": 0})


#: What every story says itself, and what it may leave to its file's fallback.
OWN = (
    "story",
    "wants",
    "summary",
    "quote",
    "thought",
    "found",
    "told",
    "note",
    "news",
)
SHARED = ("refuses", "waits", "returned", "more_time", "upset", "withdraws", "back", "asks")


@cache
def all_stories() -> Mapping[str, Story]:
    """Every story by its id, in the order of the files."""
    files = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted(Path(__file__).with_name("stories").glob("*.toml"))
    ]
    english = next(each["english"] for each in files if "english" in each)
    stories = [
        _read(each, {**file["fallback"], **(english if each.get("lang") == "en" else {})})
        for file in files
        for each in file["story"]
    ]
    return {story.id: story for story in stories}


def fill(
    story: Story,
    customer: CustomerGiven,
    branch: str,
    received_at: datetime,
    calendar: WorkCalendar,
    organisation: Organisation,
    rng: Random,
) -> Matter:
    """Let the story happen to a customer of a branch shortly before `received_at`."""
    days = rng.randint(2, 6)
    local = received_at.astimezone(calendar.tz) - timedelta(days=days)
    incident = local.replace(
        hour=rng.randint(7, 21), minute=rng.choice((0, 10, 15, 30, 40)), second=0, microsecond=0
    )
    money = _sum(story.money, rng) if story.money else 0
    amounts = {
        "offer": _amount(story.offer, money, rng),
        "other": _amount(story.other, money, rng),
    }
    first_name = customer.name.split()[0]
    language = story.language
    pay = partial(say_money, currency=organisation.currency, lang=language)
    slots = {
        "place": rng.choice(_PLACES.get(branch) or _PLACES["JKT"]),
        "street": f"{rng.choice(_STREETS)} {rng.randint(3, 88)}",
        "days": str(days),
        "months": str(rng.randint(2, 4)),
        "hour": f"{rng.choice((18, 19, 20, 21))}{':' if language == 'en' else '.'}00",
        "date": _day_and_month(incident, language),
        "money": pay(money),
        "you": f"{organisation.salutations.short(customer.salutation)} {first_name}",
    }
    texts = {
        name: text.format_map({**slots, "pay": pay(amounts["offer"])})
        for name, text in story.texts.items()
    }
    texts["offer"] = story.offer.text.format_map({**slots, "pay": pay(amounts["offer"])})
    texts["you"] = slots["you"]
    texts["other"] = story.other.text.format_map({**slots, "pay": pay(amounts["other"])})
    return Matter(story, texts, amounts, min(incident, received_at - timedelta(hours=1)))


def _read(data: Mapping[str, Any], shared: Mapping[str, Any]) -> Story:
    return Story(
        id=data["id"],
        category=data["category"],
        product=data["product"],
        language=data.get("lang", "id"),
        channels=data.get("channels", ()),
        needs=data.get("needs", ()),
        tier=data.get("tier", ""),
        often=data.get("often", 1),
        money=data.get("money", ()),
        cause=data["cause"],
        found_as=data.get("found_as", data["cause"]),
        offer=Solution(data["remedy"], data["offer"], data.get("amount")),
        other=Solution(**(data.get("other") or shared["other"])),
        texts={
            **{name: data[name] for name in OWN},
            **{name: data.get(name) or shared[name] for name in SHARED},
        },
    )


def _day_and_month(day: datetime, language: str) -> str:
    """`19 November`, as people write it in a letter of the same year."""
    _, _, date = say_date(day, language).partition(", ")
    return " ".join(date.split()[:2])


def _amount(solution: Solution, money: int, rng: Random) -> int:
    if solution.amount is None:
        return 0
    return money if isinstance(solution.amount, str) else _sum(solution.amount, rng)


def _sum(between: Sequence[int], rng: Random) -> int:
    """A whole sum within the range, as bills have them."""
    low, high = between
    return rng.randrange(low, high + 1, 500)
