"""A noun's form opened on the complaint page: as proposed, or as typed with what was wrong."""

from collections.abc import Mapping
from datetime import datetime

from werkzeug.datastructures import MultiDict

from complaints.actions.registry import find_act
from complaints.domain.errors import Refused, Stale
from complaints.domain.words.whole_number import whole_number
from complaints.queries.complaint.dossier import read_history
from complaints.steps.case import Case
from complaints.web.complaint.forms.facts import facts_for, stage_of
from complaints.web.complaint.forms.known_words import LIVE, known_words
from complaints.web.complaint.forms.open_form import OpenForm
from complaints.web.complaint.forms.refusal import refusal
from complaints.web.complaint.missing import find_missing
from complaints.web.complaint.money import needs_approval
from complaints.web.complaint.page import Page
from complaints.web.complaint.scripts import language_of, manners_for, scripts_for, worth
from complaints.web.complaint.timeline import TimelineEntry, history_lines
from complaints.web.frame.form_parsing import errors_of


def open_form(
    page: Page,
    noun: str,
    asked: str,
    now: datetime,
    *,
    typed: MultiDict[str, str] | None = None,
    error: Refused | None = None,
) -> None:
    """Open a noun's form on the page: as proposed, or as typed with what was wrong."""
    case, dossier = page.case, page.dossier
    act = find_act(noun)
    complaint = case.complaint
    stage = stage_of(noun, asked, dossier)
    page.missing = find_missing(case, dossier, page.journey, noun)
    facts = facts_for(case, dossier, noun, stage, now)
    known = known_words(case, dossier, noun, typed or {})
    page.form = OpenForm(
        noun=noun,
        stage=stage,
        face=act.face(stage),
        action=f"{page.path}/{noun}",
        version=None if act.is_kept_open else complaint.version,
        seen=complaint.history_seq,
        refusal=refusal(case, dossier, page.pending, noun),
        proposed=facts.get("proposed", {}),
        facts=facts,
        scripts=scripts_for(case, noun, stage, LIVE.get(noun, ""), **known),
        say_later=_say_later(case, noun, typed or {}),
        worth=worth(case.rules.organisation.currency, language_of(case)),
        manners=manners_for(case, act.face(stage).standards),
        typed=typed,
        errors=errors_of(error) if error else [],
    )
    if isinstance(error, Stale) and typed is not None:
        page.news = news_since(page, typed)


def news_since(page: Page, typed: MultiDict[str, str]) -> list[TimelineEntry]:
    """What was recorded by whom since the form was opened that these words were typed into."""
    complaint = page.case.complaint
    seen = whole_number(typed.get("seen", ""))
    since = complaint.history_seq if seen is None else seen
    rows = read_history(page.case.session, complaint.id, since=since, limit=20)
    return history_lines(page.case, rows, page.zone)


def _say_later(case: Case, noun: str, typed: Mapping[str, str]) -> bool | None:
    """Whether the words may be said only once somebody has approved; None where nobody has to."""
    if noun == "extension":
        return True
    return needs_approval(case, typed.get("amount", "")) if noun == "offer" else None
