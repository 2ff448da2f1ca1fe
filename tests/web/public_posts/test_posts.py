"""Public posts at the desk: one by hand or many from a file, answered, the latest first."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from complaints.models import PublicPost, User
from complaints.steps.public_posts.remind import remind_of_posts
from tests.office import Office
from tests.web.page import Page, Visitor

AtDesk = Callable[..., Visitor]
LINK = "https://x.com/budi/status/1790000000000000001"
SAID = "Internet mati tiga hari, tidak ada yang menjawab!"
REPLY = "Mohon maaf atas gangguannya, Kak. Kami lanjutkan lewat pesan pribadi."
PATH = "/posts/PUB-2026-000001"
SITI = {"customer.name": "Siti Aminah", "customer.phone": "0812 3456 7890"}


def record(desk: Visitor, status: int = 303, **typed: str) -> str:
    said = {
        "link": LINK,
        "channel": "x",
        "author": "@budi",
        "text": SAID,
        "posted_at": "2026-11-19T08:30",
        **typed,
    }
    answer = desk.submit(desk.get("/posts/new"), "/posts/new", status, **said)
    return str(answer.response.headers.get("Location", ""))


def act(desk: Visitor, name: str, status: int = 303, **typed: str) -> Page:
    return desk.submit(desk.get(PATH), f"{PATH}/{name}", status, **typed)


def count(office: Office) -> int:
    found = office.session.scalar(select(func.count()).select_from(PublicPost)) or 0
    office.session.rollback()
    return found


def test_it_is_recorded_by_hand_and_a_known_link_leads_to_it(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    assert record(desk) == record(desk, link=f"{LINK}?s=20") == PATH
    assert count(office) == 1
    page = desk.get(PATH)
    assert SAID in page.main
    assert page.link(LINK) == LINK
    assert desk.get("/posts").link("PUB-2026-000001") == PATH


def test_what_is_typed_stays_and_the_field_says_what_is_wrong(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    typed = {"link": "x.com", "text": SAID, "author": "@budi", "channel": "x"}
    answer = desk.submit(desk.get("/posts/new"), "/posts/new", 422, **typed)
    assert SAID in answer.main
    assert answer.all("#f-link-error") or answer.all("#f-posted_at-error")


def test_a_reply_is_kept_and_what_the_complaint_knows_is_kept_out(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    record(desk)
    made = act(desk, "complaint", **SITI, category="GGN_MATI")
    complaint = str(made.response.headers["Location"])
    refused = act(desk, "reply", 422, text="Halo Bu Siti, sudah beres")
    assert refused.all("input[name='has_checked']")
    act(desk, "reply", text=REPLY)
    assert REPLY in desk.get(PATH).main
    beside = desk.get(complaint)
    assert REPLY in beside.main
    assert beside.link("PUB-2026-000001") == PATH


def test_a_notification_leads_to_the_post(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    record(desk)
    remind_of_posts(office.session, at=office.at + timedelta(days=4))
    office.session.commit()
    assert at_desk("supervisor").get("/notices").link("Buka PUB-2026-000001") == PATH


def test_an_auditor_reads_without_forms(office: Office, at_desk: AtDesk):
    record(at_desk("csr"))
    page = at_desk("manager").get(PATH)
    assert not page.all(f"form[action='{PATH}/reply']")
    at_desk("csr2").get(PATH, 403)


def _file(desk: Visitor, text: str, status: int = 200) -> str:
    sent = (io.BytesIO(text.encode()), "sebutan.csv")
    return desk.submit(desk.get("/posts/new"), "/posts/import", status, file=sent).main


def test_a_file_of_mentions_is_balanced_and_tells_what_is_wrong(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    record(desk)
    rows = [
        "kanal,tautan,penulis,isi,waktu",
        f"x,{LINK},@budi,{SAID},2026-11-19 08:30",
        "Facebook,https://facebook.com/a/posts/7,Ani,Pelayanan lambat,19/11/2026 09:00",
        "x,https://x.com/c/status/8,@c,Tagihan salah,kemarin",
        "fax,https://x.com/c/status/9,@c,Tagihan salah,2026-11-19 08:00",
    ]
    told = _file(desk, "\n".join(rows))
    assert count(office) == 2
    for part in ("kemarin", "fax"):
        assert part in told
    # Nobody at the desk has a map to write into.
    assert "[values." not in told
    assert "peta" not in told
    again = _file(desk, "\n".join(rows))
    assert count(office) == 2
    assert again.count("x.com/c/status/8") == 1


def test_others_get_their_turn_while_a_file_is_recorded(office: Office, at_desk: AtDesk):
    lines = [f"x,https://x.com/c/status/{n},@c,Tagihan salah,2026-11-19 08:30" for n in range(50)]
    rows = "\n".join(["kanal,tautan,penulis,isi,waktu", *lines])
    desk, kept = at_desk("csr"), []

    @event.listens_for(Session, "after_commit")
    def _count(session: Session) -> None:
        kept.append(session)

    _file(desk, rows)
    event.remove(Session, "after_commit", _count)
    assert len(kept) >= 3
    assert count(office) == 50
    _file(desk, rows)
    assert count(office) == 50


def test_a_file_without_the_headings_is_refused_with_them(office: Office, at_desk: AtDesk):
    told = _file(at_desk("csr"), "link,author\nhttps://x.com/c/status/8,@c", 422)
    for name in ("kanal", "isi", "waktu"):
        assert name in told
    assert count(office) == 0


def test_a_mistake_leads_to_its_field(office: Office, at_desk: AtDesk):
    desk = at_desk("csr")
    record(desk)
    cases: list[tuple[str, dict[str, str]]] = [
        ("change", {}),
        ("note", {}),
        ("complaint", {}),
        ("complaint", {"customer.name": "Siti"}),
        ("complaint", {**SITI, "category": "TIDAK_ADA"}),
    ]
    for name, typed in cases:
        page = act(desk, name, 422, **typed)
        links = page.all("[data-focus] a[href]")
        assert links, (name, typed)
        for each in links:
            field = page.one(f"[id='{each['href'][1:]}']")
            assert field.find_parent("form")["action"] == f"{PATH}/{name}", (name, typed, each)


def of_head_office(office: Office, name: str) -> None:
    office.session.get_one(User, office.id_of(name)).branch_id = None
    office.session.commit()


def test_a_refused_file_keeps_the_branch_that_was_chosen(office: Office, at_desk: AtDesk):
    of_head_office(office, "csr2")
    desk = at_desk("csr2")
    sent = (io.BytesIO(b"a,b\n1,2"), "sebutan.csv")
    page = desk.submit(desk.get("/posts/new"), "/posts/import", 422, file=sent, branch="MKS")
    assert page.one("#f-file-branch [selected]")["value"] == "MKS"


def test_head_office_picks_a_branch_and_keeps_it(office: Office, at_desk: AtDesk):
    record(at_desk("csr"))
    desk = at_desk("manager")
    page = desk.get("/posts?branch=MKS")
    assert page.one("#by-branch [selected]")["value"] == "MKS"
    assert "PUB-2026-000001" not in page.main
    assert "PUB-2026-000001" in desk.get("/posts?branch=JKT").main
    assert not at_desk("csr").get("/posts").all("#by-branch")
