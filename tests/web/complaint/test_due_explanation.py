"""How this deadline was calculated The page counts in front of the customer, and it adds up."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import update

from complaints.models import Deadline
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.prioritise import override_priority
from tests.office import Office


def wib(text: str) -> datetime:
    """A wall time in Jakarta, as an instant."""
    return datetime.fromisoformat(f"2026-{text}:00+07:00").astimezone(UTC)


def lines(page, heading: str) -> list[str]:
    """The lines told of one clock, in order."""
    section = page.one(f"section[aria-label='{heading}']")
    return [" ".join(line.get_text(" ").split()) for line in section.select(".why-steps li")]


def test_working_days_are_counted_one_by_one_with_the_reason_of_every_gap(office: Office, at_desk):
    number = office.receive(received_at=wib("12-22 10:00"), at=wib("12-22 10:00"))
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert lines(page, "Penyelesaian P2") == [
        "Mulai: Selasa, 22 Desember 2026, pukul 10.00 WIB sejak keluhan diterima",
        "Selasa, 22 Desember 2026 mulai 10.00 WIB",
        "Rabu, 23 Desember 2026 hari kerja ke-1",
        "Kamis, 24 Desember 2026 hari libur: Cuti Bersama Hari Raya Natal tidak dihitung",
        "Jumat, 25 Desember 2026 hari libur: Hari Raya Natal tidak dihitung",
        "Sabtu, 26 – Minggu, 27 Desember 2026 libur mingguan tidak dihitung",
        "Senin, 28 – Selasa, 29 Desember 2026 hari kerja ke-2 sampai ke-3",
        "Tenggat menurut aturan: Selasa, 29 Desember 2026, pukul 10.00 WIB",
    ]
    assert "Aturannya: 3 hari kerja. Standar meja layanan (bawaan), versi 1" in page.main
    assert "Kalender kerja Jakarta (WIB), versi 1" in page.main
    assert "Sudah diperiksa dengan riwayatnya: cocok." in page.main


def test_a_limit_of_law_counts_from_the_next_day_and_says_so(office: Office, at_desk):
    office.switch_on("id-ojk-pojk22-2023")
    # A Saturday, closed: day 1 is Monday all the same.
    number = office.receive(received_at=wib("11-21 10:00"), at=wib("11-21 10:00"))
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert lines(page, "Pengaduan lisan") == [
        "Mulai: Sabtu, 21 November 2026, pukul 10.00 WIB sejak keluhan diterima",
        "Dihitung sejak hari berikutnya, pukul berapa pun mulainya.",
        "Sabtu, 21 – Minggu, 22 November 2026 libur mingguan tidak dihitung",
        "Senin, 23 – Jumat, 27 November 2026 hari kerja ke-1 sampai ke-5",
        "Hari terakhir dihitung penuh, sampai tutup.",
        "Tenggat menurut aturan: Jumat, 27 November 2026, pukul 16.00 WIB",
    ]
    # On an open day the day itself is not counted, and the page says why.
    number = office.receive(received_at=wib("11-19 09:15"), at=wib("11-21 10:00"))
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert lines(page, "Pengaduan lisan")[2] == "Kamis, 19 November 2026 hari mulai tidak dihitung"


def test_working_hours_say_when_they_were_open_and_add_up(office: Office, at_desk):
    office.at = wib("11-19 14:25")
    number = office.receive()
    office.walk(number, to="asked")
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    told = lines(page, "Diterima unit terkait")
    assert told[1:] == [
        "Kamis, 19 November 2026 14.55–16.00 1 jam 5 menit kerja",
        "Jumat, 20 November 2026 08.00–10.55"
        " · jumlah sampai di sini 4 jam kerja 2 jam 55 menit kerja",
        "Tenggat menurut aturan: Jumat, 20 November 2026, pukul 10.55 WIB",
    ]


def test_a_complaint_after_closing_starts_at_the_next_opening(office: Office, at_desk):
    number = office.receive(
        received_at=wib("11-20 20:00"), at=wib("11-20 20:00"), category="GGN_MASSAL"
    )
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert lines(page, "Penyelesaian P1")[1:4] == [
        "Jumat, 20 November 2026 sudah lewat jam tutup tidak dihitung",
        "Sabtu, 21 – Minggu, 22 November 2026 libur mingguan tidak dihitung",
        "Senin, 23 November 2026 mulai 08.00 WIB",
    ]


def test_pauses_promises_and_recalculations_are_told_with_what_they_did(
    office: Office, at_desk, wall
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        at=wib("11-19 13:00"),
        reason="Tunggu foto",
        until=wib("11-24 10:00"),
    )
    office.take(number, resume_clocks, at=wib("11-20 11:30"))
    words = {"priority": "P3", "reason": "Ternyata ringan"}
    office.take(number, override_priority, by="supervisor", **words)
    wall.at = office.at
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    told = " | ".join(lines(page, "Penyelesaian P3"))
    assert "Disampaikan kepada pelanggan: paling lambat Selasa, 24 November 2026" in told
    assert "Tunggu foto · Supervisor" in told
    assert "Selama jeda, 6 jam 30 menit kerja tidak dihitung." in told
    assert "Dihitung ulang sejak awal: Penyelesaian P3" in told
    assert told.endswith(
        "Yang berlaku: Selasa, 24 November 2026, pukul 15.45 WIB menurut janji kepada pelanggan, "
        "yang lebih awal dari aturan, ditambah jeda"
    )


def test_an_extension_says_who_gave_it_and_why(office: Office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-2.5")
    until = wib("11-30 10:00")
    office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    wall.at = office.at
    told = " | ".join(
        lines(at_desk("csr").get(f"/complaints/{number}/deadlines"), "Penyelesaian P2")
    )
    assert "Diperpanjang sampai Senin, 30 November 2026, pukul 10.00 WIB" in told
    assert "Suku cadang belum tiba" in told
    assert told.endswith("pukul 10.00 WIB menurut perpanjangan")


def test_ended_clocks_stand_below_and_a_finished_complaint_has_a_page_too(office: Office, at_desk):
    number = office.receive()
    office.walk(number)
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert "Tidak ada tenggat yang berjalan" in page.main
    assert any("Terpenuhi" in each for each in page.words("summary"))


def test_a_ledger_that_does_not_agree_is_said_aloud(office: Office, at_desk):
    number = office.receive()
    shifted = update(Deadline).where(Deadline.kind == "resolve").values(due_at=wib("12-01 09:00"))
    office.session.execute(shifted)
    office.session.commit()
    page = at_desk("csr").get(f"/complaints/{number}/deadlines")
    assert "Tenggat yang tersimpan tidak cocok dengan riwayatnya" in page.main


def test_the_page_is_open_to_those_who_see_the_complaint(office: Office, at_desk, visitor):
    number = office.receive()
    for name in ("csr", "supervisor", "manager", "auditor", "admin"):
        at_desk(name).get(f"/complaints/{number}/deadlines")
    at_desk("csr", "en").get(f"/complaints/{number}/deadlines")
    at_desk("csr2").get(f"/complaints/{number}/deadlines", status=403)
    visitor.get(f"/complaints/{number}/deadlines", status=302)
    at_desk("csr").get("/complaints/KLH-2026-999999/deadlines", status=404)


def test_the_complaint_page_leads_there(office: Office, at_desk):
    number = office.receive()
    page = at_desk("csr").get(f"/complaints/{number}")
    assert page.link("mengapa?") == f"/complaints/{number}/deadlines"
