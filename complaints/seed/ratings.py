"""What customers say once all is over, and who follows up where they were let down."""

from collections.abc import Mapping

from complaints.domain.lifecycle import Status
from complaints.seed.life import Life, Steps
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.casework.converse import write_note

#: How many rate it.
_SHARE = 0.45
#: Overall score → what is said with it, where promises were kept; the customer's language.
_COMMENTS: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    "id": {
        5: ("Petugasnya ramah dan menepati janji.", "Cepat dan jelas, terima kasih.", ""),
        4: ("Penjelasannya mudah dipahami.", ""),
        3: ("Selesai, tetapi saya harus bertanya dua kali.", ""),
        2: ("Saya berharap hasilnya lain.",),
        1: ("Saya tidak puas dengan keputusannya.",),
    },
    "en": {
        5: ("Friendly, and the date was kept.", ""),
        4: ("Clearly explained.", ""),
        3: ("Done, but I had to ask twice.", ""),
        2: ("I had hoped for something else.",),
        1: ("I am not satisfied with the decision.",),
    },
}
#: The same where the date was missed.
_LATE: Mapping[str, str] = {
    "id": "Janjinya lewat, terlalu lama saya menunggu.",
    "en": "The date passed, and I waited far too long.",
}
_FOLLOWED = (
    "Pelanggan sudah saya telepon dan dengarkan. Dibahas dengan petugas: pada keluhan berikutnya "
    "pelanggan dikabari lebih dahulu."
)


def be_rated(life: Life) -> Steps:
    """Some customers rate how they were dealt with; of most low ratings somebody finds out why."""
    is_over = life.known.status == Status.CLOSED and not life.known.awaiting_delivery
    if not is_over or life.scene.outcome.ending == "unanswered":
        return
    days = life.rng.uniform(0.2, 3)
    life.clock = life.calendar.add(life.clock, int(days * life.day_seconds))
    if life.rng.random() >= _SHARE:
        return
    scores = _scores(life)
    comment = life.rng.choice(_COMMENTS[life.language][scores["overall"]])
    if life.scene.outcome.share > 1:
        comment = _LATE[life.language]
    yield life.own_act(rate, given=RatingGiven(scores, comment))
    if scores["overall"] <= 2 and life.rng.random() < 0.6:
        life.work(120, 600)
        yield life.step(write_note, by=life.boss, text=_FOLLOWED)


def _scores(life: Life) -> dict[str, int]:
    """Kept promises please; what was late, or not given, does not."""
    outcome = life.scene.outcome
    middle = 4.5
    if outcome.share > 1:
        middle -= 2.3
    if outcome.ending in ("rejected", "dispute"):
        middle -= 1.2
    elif outcome.ending in ("alternative", "partial"):
        middle -= 0.4
    names = ("listening", "courtesy", "cause", "next_step", "overall")
    drawn = {name: round(life.rng.gauss(middle, 0.7)) for name in names}
    drawn["courtesy"] += 1
    return {name: min(5, max(1, score)) for name, score in drawn.items()}
