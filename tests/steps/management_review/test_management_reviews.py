"""Management reviews: figures kept as they stood, concluded once, corrected beside, due again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from complaints.actions.management_review import MinutesPart
from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused
from complaints.domain.management_review.acts import CHAIN, INPUTS, MINUTES
from complaints.domain.permissions import reader_of
from complaints.models import (
    Branch,
    ManagementReview,
    ManagementReviewEntry,
    Notice,
    User,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.management_review.lists import ReviewsAsked, list_reviews
from complaints.queries.management_review.view import read_review
from complaints.queries.own_history import check_histories
from complaints.queries.reports.figures import deadline_report
from complaints.queries.reports.outcomes.report import outcome_report
from complaints.steps.improvement.change import change_action
from complaints.steps.improvement.finish import drop_action
from complaints.steps.management_review.conclude import conclude_review, correct_review
from complaints.steps.management_review.draft import (
    ReviewChanged,
    change_review,
    draft_review,
    drop_review,
    link_action,
    renew_figures,
    unlink_action,
)
from complaints.steps.management_review.figures import PARTS, keep_figures, kept_sections
from complaints.steps.management_review.record import open_review, view_review
from complaints.steps.management_review.remind import remind_of_reviews
from complaints.worker.day_seals import read_seals, write_seals
from tests.office import Office
from tests.steps.improvement import test_corrective_actions as improvement
from tests.steps.other_contacts.test_other_contacts import retire

pytestmark = pytest.mark.both_databases

FROM, TO = date(2026, 11, 1), date(2026, 11, 18)
HELD, NEXT = date(2026, 11, 19), date(2027, 2, 18)
SAID = dict.fromkeys(INPUTS, "Tidak ada yang perlu dilaporkan")
WHOLE = ReviewChanged(
    minutes={**SAID, "process": "Balasan pertama dipercepat"},
    chaired_by="Manajer Layanan",
    participants=["Rina, manajer", "Budi, penyelia"],
    held_on=HELD,
    next_on=NEXT,
)


def drafted(
    office: Office, by: str = "manager", branch: str = "", days: tuple[date, date] = (FROM, TO)
) -> str:
    rules, session = office.rules, office.session
    branch_id = rules.branch_by_code(branch).id if branch else None
    figures = keep_figures(session, rules, branch_id, *days, now=office.at)
    session.rollback()
    try:
        case = draft_review(session, rules, figures, by=office.actor(by), at=office.at)
    except Exception:
        session.rollback()
        raise
    session.commit()
    return case.number


def act(office: Office, number: str, step: Callable[..., Any], *given: Any, **words: Any) -> None:
    by = office.actor(words.pop("by", "manager"))
    try:
        step(open_review(office.session, number, by=by, at=office.at), *given, **words)
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()


def concluded(office: Office, **more: Any) -> str:
    number = drafted(office, **more)
    act(office, number, change_review, WHOLE)
    act(office, number, conclude_review)
    return number


def review(office: Office, number: str) -> ManagementReview:
    office.session.expire_all()
    return view_review(office.session, number, by=office.actor("manager"), at=office.at).review


def acts(office: Office) -> list[str]:
    query = select(ManagementReviewEntry.what).order_by(ManagementReviewEntry.id)
    return list(office.session.scalars(query))


def complain(office: Office, **more: Any) -> str:
    at = office.at - timedelta(days=3)
    return office.receive(at=at, **more)


def sweep(office: Office, at: datetime) -> int:
    office.at = at
    found = remind_of_reviews(office.session, at=at)
    office.session.commit()
    return len(found)


def heard(office: Office) -> list[str]:
    ids = office.session.scalars(select(Notice.user_id).where(Notice.kind == "review_due"))
    names = {user.id: name for name, user in office.people.items()}
    return sorted(names[each] for each in ids)


@pytest.mark.parametrize("branch", ["", "JKT"])
def test_its_figures_are_those_of_the_reports_at_that_time(office: Office, branch: str):
    complain(office)
    complain(office, branch="MKS", category="TAG_NAIK", by="csr2")
    now, office.at = office.at, office.at - timedelta(days=3)
    office.walk(office.receive(at=office.at))
    office.at = now
    number = drafted(office, branch=branch)
    kept, rules, session = review(office, number).figures, office.rules, office.session
    reader = reader_of(rules.branch_by_code(branch).id if branch else None)
    report = deadline_report(session, reader, FROM, TO, "category", now=office.at, rules=rules)
    assert kept["deadlines"] == report.as_json()
    assert kept["deadlines"]["total"]["received"] == (2 if branch else 3)
    lang = "en"
    sections = {each.key: each for each in kept_sections(kept, lang)}
    for part in PARTS:
        for section in outcome_report(
            session, reader, FROM, TO, part, now=office.at, rules=rules
        ).sections:
            shown, said = sections[section.key].as_json(), section.as_json()
            for mine, theirs in zip(
                [*shown["lines"], shown["total"]], [*said["lines"], said["total"]], strict=True
            ):
                if theirs is None:
                    assert mine is None
                    continue
                assert (mine["key"], mine["values"]) == (theirs["key"], theirs["values"])
    lines = {each.key: each.values for each in sections["categories"].lines}
    for row in report.rows:
        figures = row.figures.as_json()
        assert lines[row.key]["received"] == figures["received"]
        assert (lines[row.key]["count"], lines[row.key]["missed"]) == (
            figures["met"],
            figures["breached"],
        )


def test_what_comes_later_does_not_change_them_until_they_are_read_again(office: Office):
    complain(office)
    number = drafted(office)
    before = review(office, number).figures
    complain(office)
    assert review(office, number).figures == before
    figures = keep_figures(office.session, office.rules, None, FROM, TO, now=office.at)
    office.session.rollback()
    act(office, number, renew_figures, figures)
    assert review(office, number).figures["deadlines"]["total"]["received"] == 2
    act(office, number, change_review, WHOLE)
    act(office, number, conclude_review)
    with pytest.raises(Refused):
        act(office, number, renew_figures, figures)


def test_a_period_that_is_not_over_is_refused(office: Office):
    for to_on in (HELD, HELD + timedelta(days=30)):
        with pytest.raises(Invalid):
            drafted(office, days=(FROM, to_on))
    with pytest.raises(Invalid):
        drafted(office, days=(TO, FROM))


def test_only_managers_write_and_nobody_beyond_their_branch(office: Office):
    for by in ("supervisor", "auditor", "csr", "admin"):
        with pytest.raises(Forbidden):
            drafted(office, by=by)
    jakarta, everywhere = drafted(office, branch="JKT"), drafted(office)
    branch = office.session.scalars(select(Branch).where(Branch.code == "MKS")).one()
    mks = replace(office.actor("manager"), branch_id=branch.id)
    for number in (jakarta, everywhere):
        with pytest.raises(Forbidden):
            view_review(office.session, number, by=mks, at=office.at)
    with pytest.raises(Forbidden):
        act(office, everywhere, drop_review, reason="Bukan kewenangan kami", by="auditor")
    lead = office.actor("supervisor")
    seen = list_reviews(office.session, office.rules, lead, ReviewsAsked(), limit=9)
    assert [each.number for each in seen.items] == [jakarta]
    assert view_review(office.session, jakarta, by=lead, at=office.at).number == jakarta
    with pytest.raises(Forbidden):
        view_review(office.session, everywhere, by=lead, at=office.at)
    with pytest.raises(NotFound):
        view_review(office.session, "RTM-2026-000099", by=lead, at=office.at)
    auditor = list_reviews(
        office.session, office.rules, office.actor("auditor"), ReviewsAsked(), limit=9
    )
    assert [each.number for each in auditor.items] == [everywhere, jakarta]


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"held_on": date(2026, 11, 20)}, "held_on"),
        ({"held_on": TO}, "held_on"),
        ({"next_on": HELD - timedelta(days=1)}, "next_on"),
        ({"next_on": date(2027, 2, 20)}, "next_on"),
        ({"chaired_by": ""}, "chaired_by"),
        ({"participants": [" "]}, "participants"),
        ({"minutes": {**SAID, "process": "ok"}}, "process"),
        ({"minutes": {**SAID, "audits": "-", "process": "Balasan dipercepat"}}, "audits"),
    ],
)
def test_it_is_concluded_only_whole(office: Office, missing: dict[str, Any], field: str):
    number = drafted(office)
    act(office, number, change_review, replace(WHOLE, **missing))
    with pytest.raises(Invalid) as refused:
        act(office, number, conclude_review)
    assert refused.value.field == field
    assert review(office, number).state == "draft"


def test_what_is_concluded_is_only_corrected_beside(office: Office):
    number = concluded(office)
    found = review(office, number)
    assert (found.state, found.ended_by_name) == ("concluded", "Manager")
    refused: list[tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = [
        (change_review, (replace(WHOLE, chaired_by="Orang lain"),), {}),
        (conclude_review, (), {}),
        (drop_review, (), {"reason": "Tidak diperlukan lagi"}),
        (link_action, ("TPB-2026-000001",), {}),
    ]
    for step, given, words in refused:
        with pytest.raises(Refused):
            act(office, number, step, *given, **words)
    with pytest.raises(Invalid):
        act(office, number, correct_review, text="x")
    kept = (found.minutes, found.chaired_by)
    act(office, number, correct_review, text="Budi tidak hadir, yang hadir adalah Sari")
    found = review(office, number)
    assert (found.minutes, found.chaired_by) == kept
    view = read_review(office.session, office.rules, found, at=office.at)
    assert [each.detail["text"] for each in view.corrections] == [
        "Budi tidak hadir, yang hadir adalah Sari"
    ]
    assert acts(office) == ["draft", "change", "conclude", "correct"]
    draft = drafted(office)
    with pytest.raises(Refused):
        act(office, draft, correct_review, text="Ini hanya draf yang salah")


def test_two_at_once_do_not_overwrite_each_other(office: Office):
    number = drafted(office)
    seen = review(office, number).history_seq
    act(office, number, change_review, replace(WHOLE, seen=seen))
    with pytest.raises(Refused):
        act(office, number, change_review, replace(WHOLE, chaired_by="Orang lain", seen=seen))
    with pytest.raises(Refused):
        act(office, number, conclude_review, seen=seen)
    assert review(office, number).chaired_by == "Manajer Layanan"


def test_of_two_concluded_at_once_one_is_reminded_of(office: Office):
    numbers = [drafted(office), drafted(office)]
    for number in numbers:
        act(office, number, change_review, WHOLE)
    by, at = office.actor("manager"), office.at
    session, mishaps = office.session, list[BaseException]()
    engine = session.get_bind()

    def conclude() -> None:
        with Session(engine) as another:
            try:
                conclude_review(open_review(another, numbers[1], by=by, at=at))
                another.commit()
            except BaseException as error:
                mishaps.append(error)

    conclude_review(open_review(session, numbers[0], by=by, at=at))
    colleague = threading.Thread(target=conclude)
    colleague.start()
    # Long enough for the colleague to come as far as the first one lets them.
    colleague.join(0.5)
    session.commit()
    colleague.join()
    assert mishaps == []
    waiting = [each for each in numbers if review(office, each).next_at is not None]
    assert waiting == numbers[1:]


def test_the_history_keeps_each_wording_and_what_was_emptied(office: Office):
    number = drafted(office)
    for text in ("Wording pertama di sini", "Wording kedua di sini", ""):
        act(office, number, change_review, ReviewChanged({"changes": text}))
    with pytest.raises(Invalid):
        act(office, number, change_review, ReviewChanged({"changes": ""}))
    view = read_review(office.session, office.rules, review(office, number), at=office.at)
    told = [each.detail for each in reversed(view.entries)][1:]
    assert [each.get("changes") for each in told] == [
        "Wording pertama di sini",
        "Wording kedua di sini",
        None,
    ]
    assert told[-1]["emptied"] == ["changes"]


def test_actions_are_agreed_on_and_followed_at_the_next_review(office: Office):
    first, second = improvement.raised(office), improvement.raised(office, what="Ganti kabel tua")
    number = drafted(office)
    act(office, number, link_action, first)
    act(office, number, link_action, second)
    with pytest.raises(Invalid):
        act(office, number, link_action, second)
    act(office, number, unlink_action, second)
    with pytest.raises(Invalid):
        act(office, number, unlink_action, second)
    act(office, number, link_action, second)
    act(office, number, change_review, WHOLE)
    act(office, number, conclude_review)
    improvement.act(office, second, drop_action, "supervisor", reason="Kabel diganti serat optik")
    moved = {"reason": improvement.WHY, "owner": "officer@tanggap.example"}
    improvement.act(office, first, change_action, "supervisor", **moved)
    view = read_review(office.session, office.rules, review(office, number), at=office.at)
    # The record says what was agreed; what is now stands beside it.
    assert [(each["state"], each["owner"]) for each in view.agreed] == [("open", "Csr")] * 2
    assert view.now[second]["state"] == "dropped"
    later = drafted(office)
    found = read_review(office.session, office.rules, review(office, later), at=office.at)
    assert found.followed["number"] == number
    assert [each["state"] for each in found.followed["actions"]] == ["open", "dropped"]
    act(office, later, change_review, WHOLE)
    act(office, later, conclude_review)
    improvement.act(office, first, drop_action, "supervisor", reason="Sudah tidak diperlukan")
    kept = read_review(office.session, office.rules, review(office, later), at=office.at)
    assert [each["state"] for each in kept.followed["actions"]] == ["open", "dropped"]
    assert kept.now[first]["state"] == "dropped"


def test_an_action_of_another_branch_is_not_agreed_on(office: Office):
    elsewhere = improvement.raised(office, by="manager", branch="MKS", owner="csr2@tanggap.example")
    number = drafted(office, branch="JKT")
    with pytest.raises(Invalid):
        act(office, number, link_action, elsewhere)
    act(office, drafted(office), link_action, elsewhere)


def test_the_actions_of_the_period_are_kept_with_their_effect(office: Office):
    number = improvement.raised(office)
    office.at += timedelta(days=1)
    drafted_at = drafted(office, days=(FROM, HELD))
    (kept,) = review(office, drafted_at).figures["actions"]
    assert (kept["number"], kept["state"], kept["effect"]) == (number, "open", None)
    improvement.act(office, number, improvement.finish_action, "csr", evidence=improvement.SHOWN)
    again = drafted(office, days=(FROM, HELD))
    (kept,) = review(office, again).figures["actions"]
    assert (kept["state"], kept["effect"]["judgement"]) == ("done", "not_over")
    assert review(office, drafted_at).figures["actions"][0]["state"] == "open"
    before = drafted(office, days=(date(2026, 10, 1), date(2026, 10, 31)))
    assert review(office, before).figures["actions"] == []


def test_the_next_one_is_reminded_of_until_it_is_held(office: Office):
    number = concluded(office)
    due = review(office, number)
    assert due.next_at is not None
    assert sweep(office, due.next_at) == 0
    assert sweep(office, due.next_at + timedelta(seconds=1)) == 1
    assert heard(office) == ["manager"]
    (notice,) = office.notices("manager")
    assert notice.facts["review"] == number
    on_the_day = review(office, number).next_at
    assert on_the_day is not None
    assert on_the_day.date() == NEXT
    assert sweep(office, on_the_day - timedelta(hours=1)) == 0
    assert sweep(office, on_the_day + timedelta(seconds=1)) == 1
    assert sweep(office, on_the_day + timedelta(days=6)) == 0
    assert sweep(office, on_the_day + timedelta(days=8)) == 1
    assert heard(office) == ["manager"] * 3
    held = office.at.date()
    later = drafted(office, days=(FROM, TO))
    following = replace(WHOLE, held_on=held, next_on=held + timedelta(days=87))
    act(office, later, change_review, following)
    act(office, later, conclude_review)
    assert review(office, number).next_at is None
    assert sweep(office, office.at + timedelta(days=20)) == 0


def test_a_record_written_late_follows_none_that_was_held_after_it(office: Office):
    number = concluded(office)
    late = drafted(office, days=(date(2026, 10, 1), date(2026, 10, 31)))
    act(office, late, change_review, replace(WHOLE, held_on=date(2026, 11, 9)))
    act(office, late, conclude_review)
    found = review(office, late)
    assert (found.followed, found.next_at) == ({}, None)
    assert review(office, number).next_at is not None
    after = drafted(office)
    view = read_review(office.session, office.rules, review(office, after), at=office.at)
    assert view.followed["number"] == number


def test_of_a_branch_without_a_manager_head_office_hears(office: Office):
    concluded(office, branch="JKT")
    sweep(office, office.at + timedelta(days=100))
    assert heard(office) == ["manager"]
    office.session.execute(
        update(User).where(User.email == "manager@tanggap.example").values(is_active=False)
    )
    office.session.commit()
    sweep(office, office.at + timedelta(days=30))
    assert heard(office) == ["manager", "supervisor"]


def test_a_review_of_a_branch_is_not_that_of_all(office: Office):
    number = concluded(office, branch="JKT")
    view = read_review(office.session, office.rules, review(office, drafted(office)), at=office.at)
    assert view.followed == {}
    everywhere = concluded(office)
    assert review(office, number).next_at is not None
    again = drafted(office, branch="JKT")
    followed = read_review(office.session, office.rules, review(office, again), at=office.at)
    assert followed.followed["number"] == number
    assert everywhere != number


def test_tampering_with_the_record_or_its_history_is_named(office: Office, tmp_path: Path):
    number = concluded(office)
    office.session.rollback()
    sessions = sessionmaker(office.session.get_bind())
    assert write_seals(sessions, tmp_path, office.at)
    assert verify_history(office.session, {}, office.at)["bad"] == []
    assert check_histories(office.session, ManagementReview, ManagementReviewEntry, CHAIN) == (
        3,
        [],
    )
    found = review(office, number)
    worse = {**found.figures, "actions": [{"number": "TPB-2026-000009"}]}
    office.session.execute(update(ManagementReview).values(figures=worse))
    office.session.commit()
    (bad,) = verify_history(office.session, {}, office.at)["bad"]
    assert (bad["table"], bad["fields"]) == ("management_reviews", ["figures"])
    office.session.execute(
        update(ManagementReviewEntry)
        .where(ManagementReviewEntry.what == "conclude")
        .values(by_name="Orang lain")
    )
    office.session.commit()
    _, wrong = check_histories(office.session, ManagementReview, ManagementReviewEntry, CHAIN)
    assert [each[2] for each in wrong] == ["it was changed"]
    (path,) = tmp_path.iterdir()
    assert read_seals(path).reviews


def test_nobody_is_reminded_of_a_branch_that_is_no_longer_used(office: Office):
    number = concluded(office, branch="MKS")
    retire(office, "MKS")
    due = review(office, number).next_at
    assert due is not None
    assert sweep(office, due + timedelta(seconds=1)) == 1
    assert heard(office) == []
    assert acts(office)[-1] == "conclude"
    # Once it is used again the reminders go on.
    later = review(office, number).next_at
    assert later == due + timedelta(days=7, seconds=1)


def test_calls_take_each_part_of_the_minutes_and_no_other():
    assert get_args(MinutesPart) == tuple(MINUTES)
