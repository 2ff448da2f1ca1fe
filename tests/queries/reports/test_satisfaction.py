"""Surveys and ratings held to the lines of the history, and low ratings until somebody looks."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from complaints.domain.permissions import CUSTOMER
from complaints.models import Notice
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.outcomes.items import ITEMS
from complaints.queries.reports.outcomes.lists import outcome_line
from complaints.queries.reports.outcomes.report import outcome_report
from complaints.queries.reports.outcomes.sections import Line
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.case import open_case
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.close import reopen_complaint
from complaints.steps.letters.survey import ask_by_itself, ask_for_rating, decline_surveys
from tests.office import Office
from tests.stories import Story

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = timedelta(days=1)


def closed(office: Office, is_asked: bool = True, state: str = "sent", email: str = "") -> str:
    who = {"name": "Nani", "phone": "0812 8888 1234", "email": email} if email else None
    number = office.receive(at=office.at, **({"who": who} if who else {}))
    office.walk(number)
    if is_asked:
        office.take(number, ask_for_rating)
        office.post(number)
        for letter in office.letters(number):
            if letter.kind == "survey":
                letter.state = state
        office.session.commit()
    return number


def rated(office: Office, number: str, overall: int, **items: int) -> None:
    office.at += timedelta(minutes=5)
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    rate(case, RatingGiven({"overall": overall, **items}))
    office.session.commit()


def noted(office: Office, number: str, by: str = "supervisor") -> None:
    office.take(number, write_note, by=by, text="Sudah ditelepon, teknisi ditegur")


#: What some rate besides: two all items, one of them a single one.
ITEMS_GIVEN = {
    "low": {"listening": 1, "courtesy": 4, "cause": 2, "next_step": 3},
    "happy": {"listening": 5, "courtesy": 5, "cause": 4, "next_step": 3},
    "seen": {"cause": 1},
}


def unasked(office: Office, why: str, **who: str) -> str:
    """A closing about which the history says why nobody was asked."""
    number = office.receive(
        at=office.at, who={"name": why, "phone": "0812 9999 1234", "email": "", **who}
    )
    office.walk(number)
    if why == "declined":
        case = open_case(office.session, number, by=CUSTOMER, at=office.at)
        decline_surveys(case)
        office.session.commit()
    office.take(number, ask_by_itself)
    return number


def tell_ratings(office: Office) -> dict[str, str]:
    found = {
        "low": closed(office),
        "silent": closed(office),
        "seen": closed(office, is_asked=False),
        "early": closed(office),
        "opened": closed(office, is_asked=False),
        "happy": closed(office, is_asked=False),
        # The last: nobody is asked again at an address from which a letter came back.
        "back": closed(office, state="bounced"),
    }
    found["came_back"] = closed(office, is_asked=False)
    office.take(found["came_back"], ask_by_itself)
    found["no_address"] = unasked(office, "no_address")
    found["declined"] = unasked(office, "declined", email="tidak@pelanggan.example")
    found["waiting"] = closed(office, is_asked=False, email="nanti@pelanggan.example")
    office.take(found["waiting"], ask_for_rating)
    noted(office, found["early"])
    for name, overall in (("low", 2), ("seen", 1), ("early", 2), ("opened", 1), ("happy", 5)):
        rated(office, found[name], overall, **ITEMS_GIVEN.get(name, {}))
    noted(office, found["seen"])
    office.take(found["opened"], reopen_complaint, by="supervisor", reason="Ternyata belum beres")
    return found


RATINGS: Story[dict[str, str]] = Story(tell_ratings)


@pytest.fixture
def database_url(databases):
    """A database in which customers were asked and have answered."""
    url = databases.fresh(RATINGS.prepare)
    yield url
    databases.drop(url)


def lines(office: Office, section: str, name: str = "manager") -> dict[str, Line]:
    actor, part = office.actor(name), "satisfaction"
    report = outcome_report(office.session, actor, FIRST, LAST, part, now=office.at)
    office.session.commit()
    (found,) = (each for each in report.sections if each.key == section)
    return {line.key: line for line in found.all_lines}


def listed(office: Office, figure: str, line: str | None = None) -> set[str]:
    asked = ListFilters(figure=figure, line=line, from_on=FIRST, to_on=LAST)
    actor, now = office.actor("manager"), office.at + DAY
    rows = list_behind(office.session, actor, asked, office.rules, now=now).items
    assert count_behind(office.session, actor, asked, office.rules, now=now) == len(rows)
    return {row.number for row in rows}


def test_the_history_alone_gives_the_same_figures(office: Office):
    told = RATINGS.go_on(office)
    became: Counter[str] = Counter()
    scores: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    low: Counter[str] = Counter()
    for number in told.values():
        acts = [(each.what, each.detail) for each in office.history(number)]
        names = [what for what, _ in acts]
        letters = [each for each in office.letters(number) if each.kind == "survey"]
        was_asked, was_rated = any(each.sent_at for each in letters), "rate" in names
        came_back = any(each.state == "bounced" for each in letters)
        if was_asked:
            became["answered" if was_rated else "came_back" if came_back else "unanswered"] += 1
        if was_rated:
            at = names.index("rate")
            overall = acts[at][1]["scores"]["overall"]
            scores[str(overall)] += 1
            asked[str(overall)] += was_asked
            if overall <= 2:
                followed = {"note", "reopen"} & set(names[at:])
                low["followed" if followed else "waiting"] += 1
    assert became == {"answered": 2, "unanswered": 1, "came_back": 1}
    assert low == {"followed": 2, "waiting": 2}
    for section, wanted in (("surveys", became), ("scores", scores), ("low", low)):
        found = lines(office, section)
        counts = {key: line.values["count"] for key, line in found.items()}
        assert counts.pop("total") == sum(wanted.values()) == sum(counts.values())
        assert {key: count for key, count in counts.items() if count} == wanted
        assert lines(office, section, "supervisor") == found
        assert {line.values["count"] for line in lines(office, section, "csr2").values()} == {0}
    found = lines(office, "scores")
    assert {key: found[key].values["asked"] for key in asked if asked[key]} == +asked
    assert found["5"].values["share"] == 0.2


def test_the_history_alone_gives_the_same_items_and_closings(office: Office):
    told = RATINGS.go_on(office)
    given: dict[str, list[int]] = {name: [] for name in ITEMS}
    places: Counter[str] = Counter()
    for number in told.values():
        history = [(each.what, each.detail) for each in office.history(number)]
        names = [what for what, _ in history]
        for what, detail in history:
            if what == "rate":
                for name in ITEMS:
                    given[name] += [detail["scores"][name]] if name in detail["scores"] else []
        if "reopen" in names:
            continue
        reasons = [key for what, detail in history if what == "not_asked" for key in detail]
        has_left = any(
            each.kind == "survey" and each.sent_at is not None for each in office.letters(number)
        )
        unasked = "waiting" if "ask_rating" in names else "rated" if "rate" in names else "none"
        places["asked" if has_left else (reasons or [unasked])[0]] += 1
    assert places == {
        "asked": 4,
        "rated": 2,
        "waiting": 1,
        "no_address": 1,
        "declined": 1,
        "came_back": 1,
    }
    found = lines(office, "closings")
    assert found["total"].values["count"] == sum(places.values())
    assert {
        key: line.values["count"]
        for key, line in found.items()
        if line.values["count"] and key != "total"
    } == places
    for key in places:
        assert len(listed(office, "closing_asked", key)) == places[key]
    assert listed(office, "closing_asked", "declined") == {told["declined"]}
    assert listed(office, "closing_asked", "nonsense") == set()
    items = lines(office, "items")
    assert given["cause"] == [2, 1, 4]
    for name, scores in given.items():
        high = [each for each in scores if each >= 4]
        assert items[name].sample == len(scores)
        assert items[name].values == {
            "count": len(scores),
            "mean": round(sum(scores) / len(scores), 4),
            "high": len(high),
            "share": round(len(high) / len(scores), 4),
        }
        assert len(listed(office, "rated_item", name)) == len(scores)
        assert len(listed(office, "rated_item_high", name)) == len(high)
    assert listed(office, "rated_item", "nonsense") == set()


def test_each_number_opens_those_that_it_counts(office: Office):
    told = RATINGS.go_on(office)
    assert listed(office, "survey", "answered") == {told["low"], told["early"]}
    assert listed(office, "survey", "came_back") == {told["back"]}
    assert listed(office, "rating", "5") == {told["happy"]}
    for line in ("nonsense", "12", "0", "6"):
        assert listed(office, "rating", line) == set()
        assert outcome_line("rating", line, office.rules) is None
    assert listed(office, "low_rating", "waiting") == {told["low"], told["early"]}
    assert listed(office, "low_rating", "nobody") == set()
    assert listed(office, "low_rating") == {told[n] for n in ("low", "early", "seen", "opened")}


def test_a_low_rating_waits_until_somebody_notes_what_was_done(office: Office):
    """Not by a note from before it, and anew when the customer lowers it afterwards."""
    told = RATINGS.go_on(office)
    noted(office, told["low"])
    assert listed(office, "low_rating", "waiting") == {told["early"]}
    noted(office, told["happy"])
    rated(office, told["happy"], 1)
    assert listed(office, "low_rating", "waiting") == {told["early"], told["happy"]}


def test_a_low_rating_is_not_followed_up_by_a_note_of_who_was_rated(office: Office):
    told = RATINGS.go_on(office)
    noted(office, told["low"], by="csr")
    assert listed(office, "low_rating", "waiting") == {told["low"], told["early"]}
    noted(office, told["low"], by="officer")
    assert listed(office, "low_rating", "waiting") == {told["early"]}


def heard(office: Office, name: str) -> list[str]:
    return [each.kind for each in office.notices(name) if each.kind == "low_rating"]


def test_the_superior_hears_of_a_low_rating_once_and_of_no_other(office: Office):
    told = RATINGS.go_on(office)
    assert len(heard(office, "supervisor")) == 4
    rated(office, told["low"], 1)
    assert len(heard(office, "supervisor")) == 4
    rated(office, told["happy"], 2)
    assert len(heard(office, "supervisor")) == 5
    assert heard(office, "csr") == []
    assert office.count(Notice) > 5


def test_the_superior_hears_of_it_also_where_they_had_been_called_before_the_end(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, escalate_by_hand, reason="Sudah lama tanpa kabar")
    office.walk(number, after="020-1.6")
    before = len(heard(office, "supervisor"))
    rated(office, number, 1)
    assert len(heard(office, "supervisor")) == before + 1
    assert heard(office, "manager") == []
