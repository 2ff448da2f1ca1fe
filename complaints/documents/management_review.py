"""The record of a management review on A4, and the words that page and paper share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from complaints.documents.reporting.outcomes import section_on_paper
from complaints.documents.reporting.paper import Made, frame
from complaints.documents.reporting.paper_parts import as_table
from complaints.documents.reporting.words import PROMISE_DAYS, ReportWords, zones_said
from complaints.documents.typesetting import set_pdf
from complaints.domain.errors import N_
from complaints.domain.improvement.acts import ActionState
from complaints.domain.improvement.effect import Judgement, as_kept
from complaints.domain.management_review.acts import DECISIONS, MINUTES, ReviewState
from complaints.formatting import say_date
from complaints.queries.management_review.view import ReviewView
from complaints.steps.management_review.figures import kept_sections

#: How a corrective action stands → words.
ACTION_STATES: Mapping[str, str] = {
    ActionState.OPEN.value: N_("To be carried out"),
    ActionState.DONE.value: N_("Carried out, waits to be verified"),
    ActionState.EFFECTIVE.value: N_("Verified: effective"),
    ActionState.NOT_EFFECTIVE.value: N_("Verified: not effective"),
    ActionState.DROPPED.value: N_("Dropped"),
}
REVIEW_STATES: Mapping[str, str] = {
    ReviewState.DRAFT.value: N_("Draft"),
    ReviewState.CONCLUDED.value: N_("Concluded"),
    ReviewState.DROPPED.value: N_("Dropped"),
}
#: What may be said of an effect → few words.
_JUDGED: Mapping[Judgement, str] = {
    Judgement.NOT_OVER: N_("the days after it are not over"),
    Judgement.FEW: N_("too few to say anything"),
    Judgement.UNKNOWN_APART: N_("nothing is said: too many not in their place yet"),
    Judgement.CHANCE: N_("the difference may be chance"),
    Judgement.FEWER: N_("fewer than before, beyond chance"),
    Judgement.MORE: N_("more than before, beyond chance"),
    Judgement.OPPOSED: N_("nothing is said: number and share move in opposite directions"),
}

#: Heads of every table of corrective actions on paper.
_HEADS = (N_("Number"), N_("What will be done"), N_("By"), N_("By when"), N_("Status"))


@dataclass(frozen=True, slots=True)
class ActionSaid:
    """A corrective action of a review in words; `now` is empty where it still stands so."""

    number: str
    what: str
    owner: str
    due: str
    state: str
    effect: str
    now: str


def actions_said(
    kept: Sequence[Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]], words: ReportWords
) -> Sequence[ActionSaid]:
    """Corrective actions as a record keeps them, and how each stands now where that differs."""
    found = []
    for each in kept:
        state = _state_said(each, words)
        live = now.get(each["number"])
        later = _state_said(live, words) if live else ""
        due = say_date(date.fromisoformat(each["due_on"]), words.lang)
        found.append(
            ActionSaid(
                number=each["number"],
                what=each["what"],
                owner=each["owner"],
                due=due,
                state=state,
                effect=_effect_said(each.get("effect"), words),
                now=later if later != state else "",
            )
        )
    return found


def review_title(view: ReviewView, words: ReportWords) -> str:
    """What the record is called."""
    return words.say(N_("Management review %(number)s")) % {"number": view.number}


def scope_of_review(view: ReviewView, words: ReportWords) -> str:
    """Of which branches it is."""
    branch_id = view.review.branch_id
    return words.rules.branches[branch_id].name if branch_id else words.say(N_("All branches"))


def headline_figures(view: ReviewView, words: ReportWords) -> Sequence[tuple[str, str]]:
    """The figures that are read first, as they were kept: words and value."""
    total, say = view.review.figures["deadlines"]["total"], words.say
    return [
        (say(N_("On time")), words.share(total["met"], total["breached"])),
        (
            say(N_("On time by the first date")),
            words.share(total["first_kept"], total["first_missed"]),
        ),
        (say(N_("Received")), words.number(total["received"])),
        (say(N_("Missed")), words.number(total["breached"])),
        (say(N_("Of which still open")), words.number(total["late_open"])),
    ]


def review_pdf(view: ReviewView, made: Made, words: ReportWords) -> bytes:
    """The record as a PDF."""
    return set_pdf("report", review_data(view, made, words))


def review_data(view: ReviewView, made: Made, words: ReportWords) -> dict[str, Any]:
    """What the form is filled with; everything that the page shows stands here too."""
    review, say = view.review, words.say
    data = frame(review_title(view, words), review.from_on, review.to_on, made, words)
    data["head"] = list(_head(view, words)) + data["head"][-1:]
    data["sentence"] = (
        ""
        if review.state == ReviewState.CONCLUDED
        else say(N_("Not concluded: this is no record of a review that was held."))
    )
    data["figures"] = [list(each) for each in headline_figures(view, words)]
    data["parts"] = [*_corrections(view, words), *_followed(view, words), *_minutes(view, words)]
    agreed = say(N_("Corrective actions agreed on"))
    data["parts"].append(_table(agreed, view.agreed, view, words))
    for section in kept_sections(review.figures, words.lang):
        data["parts"].append(section_on_paper(section, words))
    data["parts"].append(_of_period(view, words))
    zones = zones_said(review.figures["zones"], review.to_on)
    data["definitions"] = [
        say(N_("The figures are those of the reports as of %(at)s."))
        % {"at": words.instant(review.figures_at)},
        say(PROMISE_DAYS) % {"zones": zones},
    ]
    return data


def _head(view: ReviewView, words: ReportWords) -> Iterator[list[str]]:
    review, say = view.review, words.say
    yield [say(N_("Status")), say(REVIEW_STATES[review.state])]
    yield [say(N_("Period")), words.days(review.from_on, review.to_on)]
    yield [say(N_("Scope")), scope_of_review(view, words)]
    yield [say(N_("Held on")), _day(review.held_on, words)]
    yield [say(N_("Chaired by")), review.chaired_by or "–"]
    yield [say(N_("Took part")), ", ".join(review.participants) or "–"]
    yield [say(N_("Next review by")), _day(review.next_on, words)]
    if review.state == ReviewState.CONCLUDED:
        assert review.ended_at is not None
        said = say(N_("%(at)s, by %(name)s"))
        concluded = said % {"at": words.instant(review.ended_at), "name": review.ended_by_name}
        yield [say(N_("Concluded")), concluded]


def _corrections(view: ReviewView, words: ReportWords) -> Iterator[dict[str, Any]]:
    if view.corrections:
        yield _text(
            words.say(N_("Corrections after it was concluded")),
            "\n\n".join(
                f"{words.instant(each.at)}, {each.by_name}:\n{each.detail['text']}"
                for each in view.corrections
            ),
        )


def _followed(view: ReviewView, words: ReportWords) -> Iterator[dict[str, Any]]:
    say, found = words.say, view.followed
    title = say(N_("From the review before"))
    if not found:
        yield _text(title, say(N_("There is no concluded review before this one.")))
        return
    held = say_date(date.fromisoformat(found["held_on"]), words.lang)
    meaning = say(
        N_("%(number)s, held on %(day)s: its corrective actions and what became of them.")
    )
    table = _table(title, found["actions"], view, words)
    yield table | {"meaning": meaning % {"number": found["number"], "day": held}}


def _minutes(view: ReviewView, words: ReportWords) -> Iterator[dict[str, Any]]:
    for name, title in MINUTES.items():
        text = view.review.minutes.get(name, "")
        if text or name not in DECISIONS:
            yield _text(words.say(title), text or "–")


def _table(
    title: str, kept: Sequence[Mapping[str, Any]], view: ReviewView, words: ReportWords
) -> dict[str, Any]:
    say = words.say
    rows = [
        [
            each.number,
            each.what,
            each.owner,
            each.due,
            "\n".join(filter(None, (each.state, _later(each, words)))),
        ]
        for each in actions_said(kept, view.now, words)
    ]
    heads = [say(each) for each in _HEADS]
    table = as_table(title, "", heads, rows, words)
    table |= {"widths": [29, 0, 26, 28, 38], "numbers_from": len(heads)}
    return table if rows else table | {"note": say(N_("No corrective actions."))}


def _later(each: ActionSaid, words: ReportWords) -> str:
    return words.say(N_("now: %(state)s")) % {"state": each.now} if each.now else ""


def _of_period(view: ReviewView, words: ReportWords) -> dict[str, Any]:
    say, figures = words.say, view.review.figures
    rows = [
        [each.number, each.what, each.owner, each.due, each.state, each.effect or "–"]
        for each in actions_said(figures["actions"], {}, words)
    ]
    heads = [say(each) for each in (*_HEADS, N_("Complaints before and after"))]
    table = as_table(say(N_("Corrective actions of the period")), "", heads, rows, words)
    table |= {"widths": [29, 0, 22, 24, 28, 36], "numbers_from": len(heads)}
    if figures["has_more_actions"]:
        table["note"] = say(MORE_ACTIONS)
    return table


#: Below the corrective actions of the period where not all are kept.
MORE_ACTIONS = N_("There were more of them: these are the oldest.")


def _text(title: str, text: str) -> dict[str, Any]:
    """A part of words alone."""
    nothing: dict[str, Any] = {"heads": [], "rows": [], "foot": [], "widths": []}
    return {
        "title": title,
        "meaning": "",
        **nothing,
        "note": text,
        "numbers_from": 0,
        "numbers_to": 0,
    }


def _day(day: date | None, words: ReportWords) -> str:
    return say_date(day, words.lang) if day else "–"


def _state_said(facts: Mapping[str, Any], words: ReportWords) -> str:
    said = words.say(ACTION_STATES[facts["state"]])
    late = words.say(N_("was late"))
    return f"{said} · {late}" if facts["was_late"] else said


def _effect_said(kept: Mapping[str, Any] | None, words: ReportWords) -> str:
    if not kept:
        return ""
    effect = as_kept(kept)
    said = words.say(
        N_("before %(before)s of %(out_of)s, after %(after)s of %(of_after)s: %(said)s")
    )
    return said % {
        "before": words.number(effect.before.cases),
        "out_of": words.number(effect.before.of),
        "after": words.number(effect.after.cases),
        "of_after": words.number(effect.after.of),
        "said": words.say(_JUDGED[effect.judgement]),
    }
