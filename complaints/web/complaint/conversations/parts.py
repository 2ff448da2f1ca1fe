"""The parts of a conversation's page: what each proves, how that stands, whether it is asked.

A part belongs to one act. What stands already is shown, not asked again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from complaints.actions.act import Face
from complaints.actions.recording import ActGiven
from complaints.actions.registry import face_of
from complaints.domain.evidence import CRITERIA, EvidenceState
from complaints.web.complaint.evidence_panel import EvidenceLine
from complaints.web.complaint.page import Page
from complaints.web.complaint.scripts import Manner, Said
from complaints.web.frame.filters import label

Typed = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Part:
    """One part of the page: `key` begins the names of its fields and is its place on the page.

    `note` says what it waits for; `kept` are words that somebody typed into it and that stand
    recorded meanwhile, by somebody else.
    """

    key: str
    noun: str
    stage: str = ""
    criterion: str = ""
    is_asked: bool = False
    line: EvidenceLine | None = None
    note: str = ""
    reasons: Sequence[tuple[str, str]] = ()
    scripts: Sequence[Said] = ()
    manners: Sequence[Manner] = ()
    kept: Sequence[tuple[str, str]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def face(self) -> Face:
        """What the act is called."""
        return face_of(self.noun, self.stage)

    @property
    def proves(self) -> str:
        """What the part proves, in words; empty for what proves nothing by itself."""
        return gettext(CRITERIA[self.criterion].label) if self.criterion else ""

    @property
    def single(self) -> str:
        """Where the same act is taken alone, under the complaint's address."""
        return (
            f"{self.noun}?stage={self.stage}"
            if self.stage in ("preliminary", "confirmed", "resolution")
            else self.noun
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """An act that the page came to, and the part in which it was filled in."""

    part: str
    act: ActGiven


class Standing:
    """How the eighteen criteria of a complaint stand, asked for by each part."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.items = {item.criterion: item for item in page.dossier.evidence}
        self.lines = {line.criterion: line for line in page.evidence()}

    def is_open(self, criterion: str) -> bool:
        """Whether it is still to be done."""
        return self.items[criterion].state is EvidenceState.MISSING

    def part(self, key: str, noun: str, criterion: str, **more: Any) -> Part:
        """The part of a criterion: asked while that is open and the person may do it."""
        is_asked = more.pop("is_asked", self.is_open(criterion)) and self.page.may(noun)
        known = self.page.case.rules.exits
        reasons = [(each.id, label(each)) for each in known.reasons_for(criterion)]
        is_settled = not self.is_open(criterion)
        return Part(
            key=key,
            noun=noun,
            criterion=criterion,
            is_asked=is_asked,
            line=self.lines[criterion] if is_settled else None,
            reasons=reasons if CRITERIA[criterion].may_be_unable else (),
            **more,
        )


def cause_words(page: Page, stage: str) -> str:
    """The cause of this stage as it stands, as it is called and in its sentence; empty for none."""
    cycle = page.case.complaint.cycle
    known = [each for each in page.dossier.activity.causes if each.stage == stage]
    if stage == "confirmed":
        known = [each for each in known if each.cycle == cycle]
    return f"{page.label_of('causes', known[-1].code)}: {known[-1].text}" if known else ""


def is_filled(part: Typed, names: Iterable[str]) -> bool:
    """Whether anything stands in one of these fields, or a reason why there is nothing."""
    return "unable" in part or any(_holds(part.get(name)) for name in names)


def _holds(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def without(part: Typed, *names: str) -> dict[str, Any]:
    """The fields of a part but for those of the page itself."""
    return {name: value for name, value in part.items() if name not in names}
