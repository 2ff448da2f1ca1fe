"""What customers say once all is over, and who follows up where they were let down."""

from collections.abc import Mapping

from complaints.seed.life import Life, Steps
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.casework.converse import write_note

#: How many of those who hear of the end rate it.
_SHARE = 0.45
#: Overall score → what is said with it; the customer's language.
_COMMENTS: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    "id": {
        5: ("Petugasnya ramah dan menepati janji.", "Cepat dan jelas, terima kasih.", ""),
        4: ("Selesai tepat waktu.", "Penjelasannya mudah dipahami.", ""),
        3: ("Selesai, tetapi saya harus bertanya dua kali.", ""),
        2: ("Terlalu lama menunggu kabar.",),
        1: ("Janji lewat dan tidak ada yang menghubungi saya lebih dulu.",),
    },
    "en": {
        5: ("Friendly, and the date was kept.", ""),
        4: ("Done in time, clearly explained.", ""),
        3: ("Done, but I had to ask twice.", ""),
        2: ("Far too long without any news.",),
        1: ("The date passed and nobody called me first.",),
    },
}
_FOLLOWED = (
    "Pelanggan sudah saya telepon: yang mengecewakan adalah tidak adanya kabar. Dibahas dengan "
    "petugas, dan kabar diberikan setiap hari pada keluhan berikutnya."
)


def be_rated(life: Life) -> Steps:
    """Some customers rate how they were dealt with; of most low ratings somebody finds out why."""
    days = life.rng.uniform(0.2, 3)
    life.clock = life.calendar.add(life.clock, int(days * life.day_seconds))
    if life.rng.random() >= _SHARE:
        return
    scores = _scores(life)
    comment = life.rng.choice(_COMMENTS[life.language][scores["overall"]])
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
    if outcome.ending in ("rejected", "dispute", "unanswered"):
        middle -= 1.2
    elif outcome.ending in ("alternative", "partial"):
        middle -= 0.4
    names = ("listening", "courtesy", "cause", "next_step", "overall")
    drawn = {name: round(life.rng.gauss(middle, 0.7)) for name in names}
    drawn["courtesy"] += 1
    return {name: min(5, max(1, score)) for name, score in drawn.items()}
