"""The eighteen criteria on the complaint page: when and by whom, or why not, or what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from complaints.domain.evidence import CRITERIA, EVERY_CRITERION, EvidenceState, say_lacking
from complaints.formatting import say_instant_short
from complaints.queries.complaint.dossier import Dossier
from complaints.web.complaint.exits_shown import ExitsShown
from complaints.web.complaint.journey import STEP_STATES
from complaints.web.complaint.missing import sentence_case
from complaints.web.frame.translations import lang

EVIDENCE_ICONS = {
    EvidenceState.PROVEN: "circle-check",
    EvidenceState.UNABLE: "circle-x",
    EvidenceState.SENDING: "send",
    EvidenceState.AWAITING: "clock",
    EvidenceState.NOT_NEEDED: "point",
}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One of the eighteen criteria on the panel, all words in place."""

    state: str
    icon: str
    criterion: str
    label: str
    small: str


def evidence_lines(dossier: Dossier, exits: ExitsShown, zone: ZoneInfo) -> list[EvidenceLine]:
    """The eighteen criteria: when and by whom, or why not, or what is missing."""
    language = lang()
    words = criterion_words(language)
    reasons = {row.criterion: row.reason for row in dossier.records if row.is_unable}
    made_by = {each.record_id: each for each in exits.made}
    last = {row.criterion: row.id for row in dossier.records}
    answers = {row.id: row.detail for row in dossier.records if row.criterion == "020-3.4"}
    lines = []
    for item in dossier.evidence:
        label_, lacking = words[item.criterion]
        if item.at is not None:
            small = f"{say_instant_short(item.at, zone, language)}, {item.by}"
            small += _say_whose_word(answers.get(item.record_id, {}), item.by)
            if item.is_by_earlier_rules:
                small += f" · {words['earlier'][0]}"
            if item.state in (EvidenceState.SENDING, EvidenceState.AWAITING):
                waits = say_lacking(item.criterion, item.because, gettext)
                if item.state is EvidenceState.AWAITING and dossier.is_corrected:
                    ours, *_ = STEP_STATES["corrected"]
                    waits = gettext(ours)
                small = f"{sentence_case(waits)} · {small}"
            if item.state is EvidenceState.UNABLE:
                reason = reasons.get(item.criterion) or reasons.get(EVERY_CRITERION, "")
                small = f"{words['unable'][0]}: {reason} · {small}"
                made = made_by.get(last.get(item.criterion))
                small += exits.say_signature(made) if made is not None else ""
        elif item.state is EvidenceState.NOT_NEEDED:
            small = words["not_needed"][0]
        else:
            if item.because is not None:
                lacking = say_lacking(item.criterion, item.because, gettext)
            small = f"{words['missing'][0]}: {lacking}"
        mark = EVIDENCE_ICONS.get(item.state, "circle")
        lines.append(EvidenceLine(item.state.value, mark, item.criterion, label_, small))
    return lines


def _say_whose_word(answer: Mapping[str, Any], by: str | None) -> str:
    """Who heard or copied an answer that somebody recorded for the customer."""
    heard, copied = answer.get("heard_by"), answer.get("copied_by")
    if copied:
        return f" · {gettext('In writing, as copied by: %(words)s', words=copied)}"
    if heard and heard != by:
        return f" · {gettext('Witnessed by: %(words)s', words=heard)}"
    return ""


@lru_cache(maxsize=4)
def criterion_words(language: str) -> dict[str, tuple[str, str]]:
    """Criterion → (label, what is lacking), and the words between; asked once for a language."""
    words = {
        key: (gettext(criterion.label), gettext(criterion.lacking))
        for key, criterion in CRITERIA.items()
    }
    words["unable"] = (gettext("could not be done"), "")
    words["not_needed"] = (gettext("not needed here"), "")
    words["earlier"] = (gettext("under earlier rules"), "")
    words["missing"] = (gettext("missing"), "")
    return words
