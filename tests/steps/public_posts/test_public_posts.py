"""Public posts: the same link once, a clock in working time, a reply that tells nothing private."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import sessionmaker

from complaints.commands.verify import verify_all
from complaints.domain.errors import Forbidden, Invalid, NotFound, Refused
from complaints.domain.public_posts.acts import CHAIN
from complaints.domain.public_posts.links import link_key
from complaints.domain.public_posts.personal import (
    COMPLAINT,
    EMAIL,
    NAME,
    NUMBER,
    PHONE,
    CustomerKnown,
    personal_in,
)
from complaints.models import (
    Complaint,
    Deadline,
    Notice,
    OutboxMessage,
    PublicPost,
    PublicPostEntry,
)
from complaints.people.customers import CustomerGiven
from complaints.put_off import PUT_OFF
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.own_history import check_histories
from complaints.queries.public_posts.figures import post_figures
from complaints.queries.public_posts.lists import PostsAsked, list_posts
from complaints.queries.reports.period import Period
from complaints.rulebook import RuleBook
from complaints.steps.public_posts import remind
from complaints.steps.public_posts.aside import set_aside, take_up
from complaints.steps.public_posts.change import change_post
from complaints.steps.public_posts.complain import PostComplaint, make_post_complaint
from complaints.steps.public_posts.record import open_post, view_post
from complaints.steps.public_posts.remind import remind_of_posts
from complaints.steps.public_posts.reply import reply_to_post
from complaints.steps.public_posts.take import PostGiven, take_post
from complaints.worker.day_seals import write_seals
from tests.office import Office

LINK = "https://x.com/budi/status/1790000000000000001"
SAID = "Internet mati tiga hari, tidak ada yang menjawab!"
REPLY = "Mohon maaf atas gangguannya, Kak. Kami lanjutkan lewat pesan pribadi."
SITI = CustomerGiven(
    name="Siti Aminah", salutation="Ibu", phone="0812 3456 7890", email="siti@contoh.id"
)
WHY = "Bukan tentang layanan kami"


def take(office: Office, link: str = LINK, by: str = "csr", **more: Any) -> str:
    told: dict[str, Any] = {
        "channel": "x",
        "author": "@budi",
        "text": SAID,
        "posted_at": office.at,
        "branch": "JKT",
        **more,
    }
    try:
        taken = take_post(
            office.session,
            office.rules,
            PostGiven(link=link, **told),
            by=office.actor(by),
            at=office.at,
        )
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()
    return taken.case.number


def act(
    office: Office, number: str, step: Callable[..., Any], by: str = "csr", **words: Any
) -> Any:
    try:
        case = open_post(office.session, number, by=office.actor(by), at=office.at)
        done = step(case, **words)
    except Exception:
        office.session.rollback()
        raise
    office.session.commit()
    return done


def post(office: Office, number: str) -> PublicPost:
    office.session.expire_all()
    return view_post(office.session, number, by=office.actor("manager"), at=office.at).post


def sweep(office: Office, at: datetime) -> int:
    office.at = at
    done = remind_of_posts(office.session, at=at)
    office.session.commit()
    return len(done)


def heard(office: Office, kind: str) -> set[str]:
    ids = office.session.scalars(select(Notice.user_id).where(Notice.kind == kind))
    names = {user.id: name for name, user in office.people.items()}
    return {names[each] for each in ids}


def acts(office: Office) -> list[str]:
    query = select(PublicPostEntry.what).order_by(PublicPostEntry.id)
    return list(office.session.scalars(query))


def count(office: Office, table: type) -> int:
    return office.session.scalar(select(func.count()).select_from(table)) or 0


def complain(office: Office, number: str, by: str = "csr") -> Any:
    made = PostComplaint(SITI, "GGN_MATI")
    return act(office, number, lambda case: make_post_complaint(case, made), by)


def test_a_post_is_no_complaint_and_its_clock_counts_working_time(office: Office):
    number = take(office)
    assert number == "PUB-2026-000001"
    assert (count(office, Complaint), count(office, Deadline)) == (0, 0)
    found = post(office, number)
    calendar = office.rules.calendar_of(found.branch_id).value
    assert calendar.between(found.posted_at, found.due_at) == 4 * 3600
    assert (found.state, found.author, found.text) == ("open", "@budi", SAID)


def test_each_channel_has_its_own_time(office: Office):
    on_x = post(office, take(office))
    in_press = post(office, take(office, "https://koran.example/surat/7", channel="media"))
    calendar = office.rules.calendar_of(on_x.branch_id).value
    hours = [calendar.between(each.posted_at, each.due_at) / 3600 for each in (on_x, in_press)]
    assert hours == [4, 16]


def test_the_clock_runs_from_when_it_was_posted_not_from_when_we_looked(office: Office):
    number = take(office, posted_at=office.at - timedelta(days=2))
    found = post(office, number)
    assert found.due_at < office.at
    sweep(office, office.at)
    assert post(office, number).late_at == found.due_at


@pytest.mark.parametrize(
    "link",
    [
        "http://twitter.com/budi/status/1790000000000000001/",
        "https://mobile.twitter.com/budi/status/1790000000000000001?s=20&t=abc",
        "https://www.x.com/budi/status/1790000000000000001?utm_source=share#m",
        "https://x.com:443/budi/status/1790000000000000001?ref=home",
    ],
)
def test_the_same_link_twice_is_one_post(office: Office, link: str):
    assert take(office) == take(office, link)
    assert count(office, PublicPost) == 1
    assert acts(office) == ["take"]


def test_another_post_of_the_same_author_is_another_post(office: Office):
    first = take(office)
    second = take(office, "https://x.com/budi/status/1790000000000000002")
    video = [f"https://youtube.com/watch?v={each}" for each in ("a1", "b2")]
    assert len({first, second, *(take(office, each, channel="facebook") for each in video)}) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://forum.id/#/post/1", "https://forum.id/#/post/2"),
        ("https://forum.id/p#!post=1", "https://forum.id/p#!post=2"),
        ("https://forum.id/p?ref=1", "https://forum.id/p?ref=2"),
        ("https://forum.id:8443/p", "https://forum.id/p"),
        ("https://forum.id/p?n=1&n=2", "https://forum.id/p?n=2&n=1"),
    ],
)
def test_what_may_lead_elsewhere_is_another_post(one: str, other: str):
    assert link_key(one) != link_key(other)


def test_the_same_link_with_other_words_keeps_what_was_seen_first(office: Office):
    number = take(office)
    take(office, text="Sudah beres, terima kasih")
    found = post(office, number)
    assert (found.text, found.text_now) == (SAID, "Sudah beres, terima kasih")
    assert acts(office) == ["take", "changed"]


def test_a_deleted_post_keeps_what_was_seen_and_its_clock(office: Office):
    number = take(office)
    act(office, number, change_post, is_gone=True)
    found = post(office, number)
    assert (found.text, found.state) == (SAID, "open")
    assert (found.gone_at, found.next_at is None) == (office.at, False)
    with pytest.raises(Refused, match="noted already"):
        act(office, number, change_post, is_gone=True)


def test_what_it_said_before_it_was_deleted_is_kept(office: Office):
    number = take(office)
    act(office, number, change_post, text="Sudah beres", is_gone=True)
    found = post(office, number)
    assert (found.text, found.text_now, found.gone_at) == (SAID, "Sudah beres", office.at)
    assert acts(office) == ["take", "changed", "gone"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"link": "x.com/budi"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://x.com/"}, "link"),
        ({"link": "https://a:b@x.com/p"}, "link"),
        ({"link": "https://x.com:99999/p"}, "link"),
        ({"channel": "walk_in"}, "channel"),
        ({"channel": "fax"}, "channel"),
        ({"author": " "}, "author"),
        ({"text": " "}, "text"),
        ({"posted_at": datetime.fromisoformat("2027-01-01T00:00:00+07:00")}, "posted_at"),
        ({"posted_at": datetime.fromisoformat("1900-01-02T00:00:00+07:00")}, "posted_at"),
    ],
)
@pytest.mark.sqlite_is_enough
def test_what_cannot_be_a_post_is_refused_with_its_field(
    office: Office, wrong: dict[str, Any], field: str
):
    with pytest.raises(Invalid) as refused:
        take(office, **wrong)
    assert refused.value.field == field


def test_warned_missed_escalated_and_reminded_until_it_is_answered(office: Office):
    number = take(office)
    due = post(office, number).due_at
    calendar = office.rules.calendar_of(post(office, number).branch_id).value
    assert sweep(office, calendar.add(office.at, 2 * 3600 - 1)) == 0
    assert sweep(office, calendar.add(due, -2 * 3600)) == 1
    assert heard(office, "post_warn") == {"csr"}
    sweep(office, due)
    assert (heard(office, "post_late"), post(office, number).late_at) == (set(), None)
    sweep(office, due + timedelta(seconds=1))
    assert (heard(office, "post_late"), post(office, number).late_at) == ({"csr"}, due)
    sweep(office, calendar.add(due, 15 * 60))
    assert heard(office, "post_escalated") == {"supervisor"}
    sweep(office, calendar.add(due, 4 * 3600))
    assert heard(office, "post_escalated") == {"supervisor", "manager"}
    for day in (1, 2):
        assert sweep(office, calendar.add(due, (4 + 10 * day) * 3600)) == 1
    assert heard(office, "post_reminder") == {"manager"}
    act(office, number, reply_to_post, text=REPLY)
    assert sweep(office, office.at + timedelta(days=30)) == 0


def test_a_second_sweep_right_after_changes_nothing(office: Office):
    number = take(office, posted_at=office.at - timedelta(days=3))
    sweep(office, office.at)
    before = (acts(office), count(office, Notice))
    assert sweep(office, office.at) == 0
    assert (acts(office), count(office, Notice)) == before
    assert post(office, number).next_at > office.at


def test_a_post_that_cannot_be_swept_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    broken = take(office, posted_at=office.at - timedelta(days=3))
    whole = take(office, f"{LINK}9", posted_at=office.at - timedelta(days=2))
    read = remind.read_schedule

    def schedule(post: PublicPost, *args: Any) -> Any:
        if post.link == LINK:
            raise KeyError("a calendar that is gone")
        return read(post, *args)

    monkeypatch.setattr(remind, "read_schedule", schedule)
    sweep(office, office.at)
    assert post(office, whole).late_at is not None
    put_off = post(office, broken)
    assert (put_off.late_at, put_off.next_at) == (None, office.at + PUT_OFF)


def test_after_a_standstill_there_is_no_letter_for_each_post(office: Office):
    take(office)
    sweep(office, office.at + timedelta(days=3))
    assert heard(office, "post_escalated") == {"supervisor", "manager"}
    assert count(office, OutboxMessage) == 0
    waits = office.session.scalars(select(Notice.awaits_digest))
    assert set(waits) == {True}


def test_old_posts_of_a_file_call_nobody_for_what_lay_behind(office: Office):
    number = take(office, posted_at=office.at - timedelta(days=60))
    assert sweep(office, office.at) == 0
    found = post(office, number)
    assert (count(office, Notice), found.late_at) == (0, found.due_at)
    sweep(office, found.next_at)
    assert heard(office, "post_reminder") == {"manager"}


def test_a_reply_ends_the_clock_when_it_is_recorded(office: Office):
    number = take(office)
    due = post(office, number).due_at
    office.at = due + timedelta(seconds=1)
    act(office, number, reply_to_post, text=REPLY, link=f"{LINK}9", at=due - timedelta(hours=1))
    found = post(office, number)
    assert (found.state, found.late_at, found.next_at) == ("replied", due, None)
    assert (found.replied_at, found.ended_by_name) == (due - timedelta(hours=1), "Csr")


def test_in_the_due_second_it_is_in_time(office: Office):
    number = take(office)
    office.at = post(office, number).due_at
    act(office, number, reply_to_post, text=REPLY)
    assert post(office, number).late_at is None


def test_a_further_reply_is_kept_beside_the_first(office: Office):
    number = take(office)
    act(office, number, reply_to_post, text=REPLY)
    act(office, number, reply_to_post, text="Sudah kami perbaiki, Kak. Terima kasih.")
    assert (post(office, number).reply, acts(office)) == (REPLY, ["take", "reply", "reply"])


@pytest.mark.parametrize("when", [timedelta(hours=1), -timedelta(hours=1)])
def test_a_reply_is_neither_of_the_future_nor_older_than_the_post(office: Office, when: timedelta):
    number = take(office)
    with pytest.raises(Invalid) as refused:
        act(office, number, reply_to_post, text=REPLY, at=office.at + when)
    assert refused.value.field == "at"


def test_a_post_becomes_a_complaint_and_still_waits_for_its_public_reply(office: Office):
    number = take(office, posted_at=office.at - timedelta(hours=1))
    seen = office.at
    office.at += timedelta(minutes=30)
    made = complain(office, number)
    assert (made.complaint.channel, made.complaint.story) == ("x", SAID)
    assert made.complaint.received_at == seen
    found = post(office, number)
    assert (found.state, found.complaint_id) == ("open", made.complaint.id)
    assert office.history(made.number)[0].detail["came_as"] == number
    with pytest.raises(Refused, match="already"):
        complain(office, number)


@pytest.mark.parametrize(
    "told",
    [
        "Hubungi 0812-3456-7890 ya, Kak",
        "Hubungi 0812 3456 7890 (24 jam)",
        "Kami telepon 0812 3456 7890 - 08.00 pagi",
        "Tiket 12 0812 3456 7890",
        "Kami telepon 0812/3456/7890",
        "WA +62 812 3456 7890, Kak",
        "Kami balas ke Siti@Contoh.id hari ini",
    ],
)
def test_how_to_reach_the_customer_never_stands_in_a_public_reply(office: Office, told: str):
    number = take(office)
    complain(office, number)
    with pytest.raises(Invalid, match="only the complaint knows") as refused:
        act(office, number, reply_to_post, text=told, has_checked=True)
    assert refused.value.field == "text"
    assert post(office, number).state == "open"


@pytest.mark.parametrize(
    "told",
    [
        "Halo Pak Budi, nomor 081298765432 sudah kami catat",
        "Kami telepon ke +62 812-9876-5432 hari ini",
        "Kami telepon ke 0812.9876.5432 hari ini",
        "Kami balas ke budi.s@contoh.example. Terima kasih",
    ],
)
def test_nobodys_number_stands_in_a_reply_before_it_is_a_complaint(office: Office, told: str):
    number = take(office)
    with pytest.raises(Invalid, match="not the organisation's own") as refused:
        act(office, number, reply_to_post, text=told, has_checked=True)
    assert refused.value.field == "text"
    assert post(office, number).state == "open"


@pytest.mark.parametrize("prefix", ["prefix", "contacts", "posts", "actions", "reviews"])
def test_a_number_of_ours_is_ticked_before_it_is_a_complaint(office: Office, prefix: str):
    number = take(office)
    told = f"Sudah kami catat, {getattr(office.rules.numbers, prefix)} 2026-000202"
    with pytest.raises(Invalid, match="who the customer is") as refused:
        act(office, number, reply_to_post, text=told)
    assert refused.value.field == "has_checked"
    act(office, number, reply_to_post, text=told, has_checked=True)
    assert post(office, number).state == "replied"


def test_the_organisations_own_contact_points_stand_in_a_reply(office: Office):
    number = take(office)
    own = office.rules.organisation
    told = f"Mohon hubungi {own.contact_center['id']} atau {own.email}. Tagihan Rp1.250.000 benar."
    act(office, number, reply_to_post, text=told)
    assert post(office, number).state == "replied"


def test_a_name_or_a_number_stands_in_it_only_when_somebody_has_checked(office: Office):
    number = take(office)
    made = complain(office, number)
    for told in ("Halo Bu Siti, sudah kami bantu", f"Nomor keluhan {made.number}, Kak"):
        with pytest.raises(Invalid, match="who the customer is") as refused:
            act(office, number, reply_to_post, text=told)
        assert refused.value.field == "has_checked"
    act(office, number, reply_to_post, text="Halo Bu Siti, sudah kami bantu", has_checked=True)
    assert post(office, number).state == "replied"


def test_a_name_that_the_author_goes_by_in_public_is_no_secret(office: Office):
    number = take(office, author="Siti di Depok")
    complain(office, number)
    act(office, number, reply_to_post, text="Halo Bu Siti, kami lanjutkan lewat pesan pribadi")
    assert post(office, number).state == "replied"


def test_set_aside_needs_a_reason_and_a_superior_hears(office: Office):
    number = take(office)
    with pytest.raises(Invalid):
        act(office, number, set_aside, reason="x")
    act(office, number, set_aside, reason=WHY)
    found = post(office, number)
    assert (found.state, found.reason, found.next_at) == ("set_aside", WHY, None)
    assert heard(office, "post_set_aside") == {"supervisor"}


def test_what_was_set_aside_is_taken_up_with_the_time_it_had(office: Office):
    number = take(office)
    due = post(office, number).due_at
    act(office, number, set_aside, reason=WHY)
    act(office, number, take_up, by="supervisor", reason="Ini tentang layanan kami")
    found = post(office, number)
    assert (found.state, found.due_at, found.ended_at) == ("open", due, None)
    sweep(office, due + timedelta(seconds=1))
    assert post(office, number).late_at == due


def test_a_reply_after_it_was_set_aside_counts_with_the_time_it_came(office: Office):
    number = take(office)
    act(office, number, set_aside, reason=WHY)
    office.at = post(office, number).due_at + timedelta(days=1)
    act(office, number, reply_to_post, text=REPLY)
    found = post(office, number)
    assert (found.state, found.late_at, found.reason) == ("replied", found.due_at, "")


def test_another_branch_neither_sees_nor_answers_it(office: Office):
    number = take(office)
    with pytest.raises(Forbidden):
        act(office, number, reply_to_post, by="csr2", text=REPLY)
    page = list_posts(
        office.session, office.rules, office.actor("csr2"), PostsAsked(), at=office.at, limit=9
    )
    assert page.items == []
    with pytest.raises(NotFound):
        act(office, "PUB-2026-000009", reply_to_post, text=REPLY)


def test_an_auditor_reads_and_does_nothing(office: Office):
    number = take(office)
    for step, words in ((reply_to_post, {"text": REPLY}), (set_aside, {"reason": WHY})):
        with pytest.raises(Forbidden):
            act(office, number, step, by="auditor", **words)


def test_the_list_has_the_latest_first_and_pages_on(office: Office):
    links = [f"https://x.com/a/status/{each}" for each in range(5)]
    hours = (1, 5, 3, 2, 4)
    for link, ago in zip(links, hours, strict=True):
        take(office, link, posted_at=office.at - timedelta(minutes=ago))
    found, after = [], None
    while True:
        page = list_posts(
            office.session,
            office.rules,
            office.actor("csr"),
            PostsAsked(),
            at=office.at,
            limit=2,
            after=after,
        )
        found += [each.link for each in page.items]
        after = page.more
        if after is None:
            break
    assert found == [links[each] for each in (1, 4, 2, 3, 0)]


def test_each_post_stands_in_one_place_of_the_figures(office: Office):
    numbers = [take(office, f"https://x.com/a/status/{each}") for each in range(4)]
    late = take(office, "https://facebook.com/a/posts/1", channel="facebook")
    complain(office, numbers[0])
    act(office, numbers[0], reply_to_post, text=REPLY)
    act(office, numbers[1], set_aside, reason=WHY)
    office.at = post(office, late).due_at + timedelta(minutes=1)
    act(office, numbers[2], reply_to_post, text=REPLY)
    day = office.at.date()
    period = Period.of(day - timedelta(days=2), day, office.rules)
    figures = post_figures(office.session, office.actor("manager"), period, office.at)
    on_x, on_facebook = figures.channels["x"], figures.channels["facebook"]
    assert (on_x.posted, on_x.complaints) == (4, 1)
    places = (on_x.replied_in_time, on_x.replied_late, on_x.set_aside_in_time, on_x.open_late)
    assert places == (1, 1, 1, 1)
    assert (on_facebook.open_late, figures.total.posted) == (1, 5)
    assert on_x.share_in_time == pytest.approx(1 / 3)


def test_the_history_of_each_post_is_signed(office: Office):
    number = take(office)
    act(office, number, reply_to_post, text=REPLY)
    checked = (office.session, PublicPost, PublicPostEntry, CHAIN)
    assert check_histories(*checked) == (2, [])
    office.session.execute(
        update(PublicPostEntry).where(PublicPostEntry.seq == 2).values(by_name="Orang lain")
    )
    assert check_histories(*checked)[1] == [(1, 2, "it was changed")]


@pytest.mark.parametrize(
    "changed",
    [{"text": "Pelayanan baik sekali"}, {"posted_at": datetime.fromisoformat("2026-11-01T00:00Z")}],
)
def test_a_post_without_a_complaint_is_sealed_as_it_was_seen(
    office: Office, changed: dict[str, Any]
):
    take(office)
    assert verify_history(office.session, {}, office.at)["bad"] == []
    office.session.rollback()
    with office.engine.begin() as connection:
        connection.execute(update(PublicPost.__table__).values(changed))
    bad = verify_history(office.session, {}, office.at)["bad"]
    assert [(each["table"], each["fields"]) for each in bad] == [("public_posts", [*changed])]


def test_the_first_entry_of_a_history_says_what_was_seen(office: Office):
    found = post(office, take(office))
    (entry,) = office.session.scalars(select(PublicPostEntry))
    seen = (found.link, found.author, found.posted_at.isoformat())
    assert (entry.detail["link"], entry.detail["author"], entry.detail["posted_at"]) == seen
    assert len(entry.detail["text_sha256"]) == 64


def test_what_is_cut_or_deleted_is_named_by_the_daily_seals(office: Office, tmp_path: Path):
    """The chain itself fits: nothing but the file knows that there was more."""
    number = take(office)
    act(office, number, reply_to_post, text=REPLY)
    take(office, f"{LINK}9")
    sessions = sessionmaker(office.engine)
    write_seals(sessions, tmp_path, office.at)
    assert verify_all(sessions, None, tmp_path)["bad"] == []
    with office.engine.begin() as connection:
        first = connection.scalar(
            select(PublicPostEntry.hash).where(PublicPostEntry.post_id == 1).limit(1)
        )
        connection.execute(delete(PublicPostEntry.__table__).where(PublicPostEntry.seq == 2))
        cut = {"history_seq": 1, "history_hash": first}
        connection.execute(update(PublicPost.__table__).where(PublicPost.id == 1).values(cut))
        connection.execute(delete(PublicPostEntry.__table__).where(PublicPostEntry.post_id == 2))
        connection.execute(delete(PublicPost.__table__).where(PublicPost.id == 2))
    bad = verify_all(sessions, None, tmp_path)["bad"]
    said = [each["record"] for each in bad if "not the history sealed on" in each["what"]]
    assert said == ["public_post_history 1 2", "public_post_history 2 1"]


def test_a_known_link_of_another_branch_is_refused_and_nothing_changes(office: Office):
    number = take(office)
    act(office, number, change_post, is_gone=True)
    with pytest.raises(Forbidden, match="belongs to another branch"):
        take(office, by="csr2", branch=office.rules.branches[office.actor("csr2").branch_id].code,
             text="Baik sekali")  # fmt: skip
    found = post(office, number)
    assert (found.text_now, found.gone_at is None, acts(office)) == ("", False, ["take", "gone"])


def test_an_old_file_undoes_nothing_that_was_noted_since(office: Office):
    number = take(office, source="csv")
    act(office, number, change_post, text="Sudah beres")
    act(office, number, change_post, text="Belum beres")
    act(office, number, change_post, is_gone=True)
    for text in (SAID, "Sudah beres"):
        take(office, source="csv", text=text)
    found = post(office, number)
    assert (found.text_now, found.gone_at) == ("Belum beres", office.at)
    take(office, source="csv", text="Lain lagi")
    found = post(office, number)
    assert (found.text_now, found.gone_at) == ("Lain lagi", office.at)
    take(office, text="Lain lagi")
    assert post(office, number).gone_at is None


def test_the_name_told_in_the_complaint_and_its_former_number_are_looked_for(office: Office):
    known = CustomerKnown(names=("Siti", "Bagus Wijaya"), complaints=("TGP-2026-000001", "OLD-1"))
    assert personal_in("Halo Pak Bagus", known, "@budi") == [NAME]
    assert personal_in("Nomor old-1, Kak", known, "@budi") == [COMPLAINT]
    form = replace(office.rules.numbers, former=("LAMA",))
    assert form.write_all(2026, 7)[1] == "LAMA-2026-000007"


#: Digits as an Arabic keyboard writes them.
ARABIC = str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Kami balas ke budi(at)contoh.id ya", EMAIL),
        ("Kami balas ke budi [at] contoh [dot] id ya", EMAIL),
        ("Kami balas ke budi @ contoh.id ya", EMAIL),
        ("Kami balas ke bu\u200bdi@contoh.id ya", EMAIL),
        ("Kami balas ke ｂｕｄｉ＠contoh.id ya", EMAIL),
        ("Kami telepon " + "081234567890".translate(ARABIC), PHONE),
        ("Kami telepon 0812\n3456\u00a07890", PHONE),
        ("Nomor P\u201112345 sudah kami cek", NUMBER),
        ("Keluhan TGP\u20112026\u2011000041 kami proses", COMPLAINT),
    ],
)
def test_what_is_hidden_from_programs_is_read_by_everybody(said: str, found: str):
    known = CustomerKnown(
        phones=("81234567890",),
        emails=("Budi@contoh.id",),
        numbers=("P-12345",),
        complaints=("TGP-2026-000041",),
    )
    assert personal_in(said, known, "@lain") == [found]
    innocent = "Kami tunggu @ kantor, Kak @budi.contoh (titik temu) jam 12.30, 3 hari lagi"
    assert personal_in(innocent, known, "@lain") == []


def test_an_address_that_is_hidden_from_programs_is_no_less_an_address(office: Office):
    number = take(office)
    for said in ("Kirim ke siti(at)contoh.id", "Kirim ke siti @ contoh.id", "RTM-2026-000003"):
        with pytest.raises(Invalid):
            act(office, number, reply_to_post, text=f"Mohon maaf, Kak. {said} untuk kabarnya")
        office.session.rollback()
    act(office, number, reply_to_post, text="Mohon maaf, Kak. Kami di sini @ kantor pusat")


def test_a_post_of_a_branch_retired_meanwhile_still_becomes_a_complaint(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    number = take(office)

    def nothing_new(rules: RuleBook, code: str) -> Any:
        raise Invalid("Branch takes nothing new")

    monkeypatch.setattr(RuleBook, "branch_in_use", nothing_new)
    assert complain(office, number).number


def test_what_is_recorded_late_is_no_standstill_of_ours(office: Office):
    take(office, posted_at=office.at - timedelta(days=3))
    assert remind_of_posts(office.session, at=office.at) == [0]
    office.session.commit()
    assert heard(office, "post_escalated") == {"supervisor", "manager"}
    assert count(office, OutboxMessage) > 0


def test_what_a_file_tells_late_calls_nobody_for_what_lay_behind(office: Office):
    number = take(office, source="csv", posted_at=office.at - timedelta(days=3))
    assert sweep(office, office.at) == 0
    found = post(office, number)
    assert (count(office, Notice), found.late_at) == (0, found.due_at)


def test_what_was_set_aside_late_and_taken_up_is_said_to_be_late(office: Office):
    number = take(office)
    office.at = post(office, number).due_at + timedelta(minutes=5)
    act(office, number, set_aside, reason=WHY)
    act(office, number, take_up, by="supervisor", reason="Ini tentang layanan kami")
    sweep(office, office.at)
    assert acts(office).count("late") == 1


def test_in_the_due_second_no_list_calls_it_late(office: Office):
    due = post(office, take(office)).due_at
    for more, found in ((timedelta(microseconds=9), 0), (timedelta(seconds=1), 1)):
        asked = PostsAsked(is_late=True)
        page = list_posts(
            office.session, office.rules, office.actor("csr"), asked, at=due + more, limit=9
        )
        assert len(page.items) == found


def test_a_retired_branch_takes_no_new_post(office: Office, monkeypatch: pytest.MonkeyPatch):
    known = take(office)

    def nothing_new(rules: RuleBook, code: str) -> Any:
        raise Invalid("Branch takes nothing new")

    monkeypatch.setattr(RuleBook, "branch_in_use", nothing_new)
    assert take(office) == known
    with pytest.raises(Invalid, match="nothing new"):
        take(office, f"{LINK}9")
