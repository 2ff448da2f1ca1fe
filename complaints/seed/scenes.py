"""What is on the programme: a scene per complaint, with its outcome, and how long it may take.

An outcome says how the complaint ends, or at which stop it still stands today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.domain.clauses import select_clauses
from complaints.domain.deadlines import OUTCOME_KINDS, Event
from complaints.domain.ledger import Terms
from complaints.domain.priority import Raise, compute_priority
from complaints.people.customers import CustomerGiven
from complaints.rulebook import RuleBook
from complaints.seed.stories import Story

#: How much faster or slower people work on a priority than on the usual one.
PACE = {"P1": 0.22, "P2": 0.6, "P3": 1.0, "P4": 1.3}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it goes: the ending, or the `stop` at which it stands; what happens on the way.

    `share` is the part of the time to the deadline that is used; above 1 the deadline is missed.
    """

    ending: str = "accepted"
    stop: str = ""
    share: float = 0.6
    extras: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scene:
    """One complaint to be told; `keeper` is the login of a colleague who has to handle it."""

    branch: str
    channel: str
    story: Story
    customer: CustomerGiven
    received_at: datetime
    outcome: Outcome
    pace: float = 1.0
    desk: str = ""
    keeper: str = ""
    #: How long ago the last thing happened, in working minutes; for a scene with a stop.
    quiet: float = 30


@dataclass(frozen=True, slots=True)
class Allowance:
    """The time the policies give from receipt to a solution, in working seconds."""

    seconds: int
    priority: str

    @property
    def pace(self) -> float:
        """How fast people will work on it."""
        return PACE.get(self.priority, 1.0)


def allowance_of(
    rules: RuleBook,
    branch: str,
    story: Story,
    customer: CustomerGiven,
    channel: str,
    now: datetime,
) -> Allowance:
    """What the rules in force give a complaint like this, before anything is known of its past."""
    taxonomy = rules.taxonomy
    category = taxonomy.categories[story.category]
    raises = [Raise.VULNERABLE_CUSTOMER] if taxonomy.is_vulnerable(customer.needs) else []
    if category.repeats:
        raises.append(Raise.REPEAT_FAULT)
    weight = taxonomy.tiers[customer.tier or taxonomy.default_tier.id].weight
    priority = compute_priority(rules.matrix, category.severity, weight, raises).priority.value
    facts = {
        "category": story.category,
        "category_group": category.group,
        "priority": priority,
        "tier": customer.tier,
        "channel": channel,
        "oral": taxonomy.channels[channel].oral,
        "branch": branch,
        "product": story.product,
    }
    calendar = rules.calendar_of(rules.branch_by_code(branch).id).value
    opening = calendar.next_opening(now - timedelta(days=30))
    dues = [
        Terms(clause, calendar).due_from(opening)
        for _, clause in select_clauses(rules.policies, facts, (Event.RECEIVED,))
        if clause.kind in OUTCOME_KINDS
    ]
    due = min(dues, default=opening + timedelta(days=7))
    return Allowance(max(3600, calendar.between(opening, due)), priority)


@dataclass(frozen=True, slots=True)
class SetPiece:
    """A scene that must be there at somebody's login; times in working hours.

    Either `due_in` (negative when late) or `age` places it before now.
    """

    branch: str
    story: str
    stop: str
    due_in: float | None = None
    age: float | None = None
    channel: str = "walk_in"
    desk: str = ""
    keeper: str = ""
    quiet: float = 40
    extras: Sequence[str] = ()


#: The most needed ones first: a small demonstration plays only the beginning of the list.
SET_PIECES = (
    # Rina at the desk in Jakarta, and what her supervisor and head office have to decide.
    SetPiece("JKT", "telat-teknisi", "handling", due_in=-1.2, desk="csr", extras=("silent",)),
    SetPiece("JKT", "promo-berbeda", "cause", due_in=1.3, desk="csr"),
    SetPiece("MKS", "denda-isolir", "handling", due_in=-0.8, desk="csr2", extras=("silent",)),
    SetPiece("JKT", "ont-hangus", "handling", due_in=-0.6, desk="csr", keeper="officer"),
    SetPiece("JKT", "naik-tanpa-kabar", "approval", due_in=9, desk="csr", channel="call"),
    SetPiece("JKT", "mati-modem", "party", age=1.4, desk="csr", channel="call"),
    SetPiece("JKT", "massal-bisnis", "approval", due_in=2.2, desk="csr3", channel="call"),
    SetPiece("MKS", "paket-tertukar", "handling", due_in=1.6, desk="csr2"),
    SetPiece("JKT", "putus-rapat", "handling", due_in=1.1, desk="csr3", keeper="officer"),
    SetPiece("JKT", "tidak-ada-kabar", "intake", age=2.6, channel="email", desk="csr"),
    SetPiece("JKT", "pindah-alamat", "extension", due_in=5, desk="csr"),
    SetPiece(
        "JKT", "ulang-ketiga", "escalated", age=3, channel="call", desk="csr", extras=("silent",)
    ),
    SetPiece("MKS", "teknisi-tidak-datang", "accepted", due_in=6, desk="csr2", channel="call"),
    SetPiece("JKT", "ganda-dua-kali", "offered", due_in=12, desk="csr", quiet=150),
    SetPiece(
        "JYP", "massal-kabel-laut", "handling", due_in=-4.8, channel="call", extras=("silent",)
    ),
    SetPiece("MKS", "masih-ditagih", "approval", due_in=7, desk="csr2", channel="call"),
    SetPiece("JKT", "mati-galian", "paused", due_in=9, desk="csr", channel="call"),
    SetPiece("JKT", "otp-tidak-masuk", "registered", age=0.9, channel="call", desk="csr"),
    SetPiece("JKT", "janji-telepon", "refused", due_in=6, desk="csr", channel="call"),
    SetPiece("MKS", "pasang-tiga-minggu", "intake", age=0.2, desk="csr2"),
    SetPiece("JKT", "csr-ketus", "handling", due_in=10, keeper="supervisor", channel="letter"),
    SetPiece("JKT", "lambat-malam", "handling", due_in=34, desk="csr", keeper="officer"),
    SetPiece("JKT", "putus-hujan", "party", age=2.2, desk="csr3", channel="whatsapp"),
    SetPiece("JKT", "ditutup-diam-diam", "reopened", due_in=14, desk="csr", channel="call"),
    SetPiece("MKS", "lambat-gim", "offered", due_in=15, desk="csr2", channel="instagram"),
    SetPiece("JYP", "bayar-belum-masuk", "handling", due_in=4.5),
    SetPiece("JKT", "berhenti-dipersulit", "accepted", due_in=8, desk="csr", quiet=15),
    SetPiece("MKS", "mati-english", "handling", due_in=11, desk="csr2", channel="whatsapp"),
)
