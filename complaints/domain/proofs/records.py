"""What the rules see of a complaint's records: proofs in, the state of each criterion out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from complaints.domain.errors import N_
from complaints.domain.words.letter_state import LetterState

#: The rules in force: 1 took everybody's word for what was written, whenever it was said.
PROOF_RULES = 2


class EvidenceState(StrEnum):
    """How a criterion stands for one complaint.

    `sending` is a letter that has not left yet, `awaiting` one that the customer has to answer.
    """

    PROVEN = "proven"
    UNABLE = "unable"
    SENDING = "sending"
    AWAITING = "awaiting"
    MISSING = "missing"
    NOT_NEEDED = "not_needed"


class Lapse(StrEnum):
    """Why a record that is there does not count: too early, overtaken, or not answered yet."""

    BEFORE_CAUSE = "before_cause"
    CAUSE_CHANGED = "cause_changed"
    OTHER_OFFER = "other_offer"
    BEFORE_ANSWER = "before_answer"
    UNCONFIRMED = "unconfirmed"
    UNCLEAR = "unclear"
    OPENED_AGAIN = "opened_again"


#: What is said of it, as the end of a sentence.
LAPSES: dict[Lapse, str] = {
    Lapse.BEFORE_CAUSE: N_("it was done before the cause was confirmed; do it again"),
    Lapse.CAUSE_CHANGED: N_("the confirmed cause has changed since; explain it and offer again"),
    Lapse.OTHER_OFFER: N_("the customer answered another offer; ask for the answer to this one"),
    Lapse.BEFORE_ANSWER: N_("the customer was thanked before the answer; thank them again"),
    Lapse.UNCONFIRMED: N_(
        "the customer has not confirmed the summary yet; wait for the answer on their page, or ask "
        "by phone"
    ),
    Lapse.UNCLEAR: N_(
        "it is not recorded that the explanation is clear to the customer; explain it again and "
        "record how they see it"
    ),
    Lapse.OPENED_AGAIN: N_(
        "the complaint was opened again since; tell the customer by when they hear from us now"
    ),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One step record as the rules see it; `cycle` counts reopenings from 1.

    `letter` is where the letter stands that carries the words; None where somebody said them.
    One that `is_returned` says that an exit was not signed: nothing before it stands.
    One that `is_asked` put a question to the customer in writing, and proves nothing by itself.
    `cause_id` is the confirmed cause that stood when it was made, `offer_id` what it answers.
    """

    criterion: str
    cycle: int
    is_unable: bool
    at: datetime
    by: str
    record: str
    letter: LetterState | None = None
    id: int = 0
    rules: int = PROOF_RULES
    is_returned: bool = False
    is_asked: bool = False
    cause_id: int | None = None
    offer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the complaint beside its step records.

    `causes` are the confirmed causes of the cycle that say what the last one says;
    `accepted_offer` is the last offer, where the customer has accepted it. `has_told_date` says
    that the date told holds in this cycle, whether told in it or before a withdrawal taken back.
    `has_record_gap` and `has_other_procedure` say that the category was changed since: the record
    lacks what the new one wants, the plan was drawn up against another procedure.
    """

    cycle: int = 1
    is_written_channel: bool = False
    has_waiting_party: bool = False
    has_untold_unit: bool = False
    has_unclear_explanation: bool = False
    has_confirmed_cause: bool = False
    has_unanswered_refusal: bool = False
    has_refusal: bool = False
    causes: frozenset[int] = frozenset()
    accepted_offer: int | None = None
    has_told_date: bool = True
    has_record_gap: bool = False
    has_other_procedure: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One line of the evidence panel; `at`, `by`, `record` are None unless a record exists.

    What a correction has undone keeps the last gate shut too: a category changed afterwards is no
    way round its units, and what was excused and not signed is to be done. `because` says why a
    record that is there does not prove it. One that was made under earlier rules keeps the proof
    it had then, and says so.
    """

    criterion: str
    state: EvidenceState
    at: datetime | None = None
    by: str | None = None
    record: str | None = None
    is_undone: bool = False
    because: LetterState | Lapse | None = None
    record_id: int = 0
    is_by_earlier_rules: bool = False
