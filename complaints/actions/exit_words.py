"""What the codes in the report of exits mean, in the language of whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.actions.registry import HISTORY
from complaints.domain.config_fields import Named
from complaints.domain.evidence import CRITERIA
from complaints.formatting import INDONESIAN
from complaints.outbox.mail.letters import translations
from complaints.outbox.mail.wording import CLOCKS
from complaints.queries.reports.words import (
    BY_CUSTOMER,
    COMMITMENTS,
    DECISIONS,
    EXITS,
    NO_CODE,
    NO_CRITERION,
    PAST_DUE,
)
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class ExitWords:
    """The words of kinds, reasons and criteria in one language; an unknown code stays as it is."""

    rules: RuleBook
    lang: str = INDONESIAN

    def kind(self, kind: str) -> str:
        """What a kind of exit is called."""
        return self.say(EXITS.get(kind, kind))

    def code(self, kind: str, code: str) -> str:
        """What the reason of an exit of this kind is called; empty where it has none."""
        listed: Mapping[str, Named] = {
            "unable": self.rules.exits.reasons,
            "pause": self.rules.exits.awaited,
            "renamed": self.rules.taxonomy.not_complaints,
            "referral": self.rules.taxonomy.outcomes,
            "named_sum": self.rules.taxonomy.remedies,
        }.get(kind, {})
        if code in listed:
            return listed[code].label(self.lang)
        return self.say(_WORDS.get(kind, {}).get(code, code))

    def criterion(self, key: str) -> str:
        """What a criterion asks; empty for none."""
        return self.say(CRITERIA[key].label) if key in CRITERIA else key

    def clock(self, kind: str) -> str:
        """What a kind of clock is called."""
        return self.say(CLOCKS.get(kind, kind))

    def no_code(self) -> str:
        """Of those that have no reason of a list."""
        return self.say(NO_CODE)

    def no_criterion(self) -> str:
        """Of those that belong to no criterion."""
        return self.say(NO_CRITERION)

    def customer(self) -> str:
        """Who did what customers do on their own pages."""
        return self.say(BY_CUSTOMER)

    def say(self, text: str) -> str:
        """A text of the catalogue in the language."""
        return translations(self.lang).gettext(text) if text else ""


#: Kind of exit → its codes with their words, where no list of the organisation has them.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "drop": COMMITMENTS,
    "replaced": COMMITMENTS,
    "far_date": COMMITMENTS,
    "approval": DECISIONS,
    "backdated": HISTORY,
    PAST_DUE: HISTORY,
}
