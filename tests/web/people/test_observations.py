"""The pages of observations: recorded by supervisors, read by whom they concern and nobody else."""

from __future__ import annotations

from complaints.models import User

SAW = "Menyapa pelanggan, lalu memotong ceritanya dua kali. Sepakat berlatih menyimak."


def observe(at_desk, office, name="csr", **fields):
    path = f"/observations/of/{office.id_of(name)}"
    supervisor = at_desk("supervisor")
    page = supervisor.get(path)
    given = {"standard": "std2-menyimak", "score": "2", "words": SAW, **fields}
    return supervisor, supervisor.submit(page, path, 303, **given)


def test_a_supervisor_comes_from_the_complaint_with_its_number(office, at_desk):
    number = office.receive()
    office.session.commit()
    handler = office.complaint(number).handler_id
    path = f"/observations/of/{handler}?number={number}"
    supervisor = at_desk("supervisor")
    menu = supervisor.get(f"/complaints/{number}")
    assert menu.link("Catat pengamatan atas penanganan oleh Csr") == path
    assert supervisor.get(path).one("main [name=number]")["value"] == number
    # Nobody observes themselves, and who does not observe is offered nothing.
    assert "/observations/of/" not in at_desk("csr").get(f"/complaints/{number}").main


def test_whoever_may_not_observe_the_handler_is_not_offered_it(office, at_desk):
    number = office.receive()
    office.complaint(number).handler_id = handler = office.id_of("csr2")
    office.session.commit()
    path = f"/observations/of/{handler}?number={number}"
    supervisor = at_desk("supervisor")

    def is_offered() -> bool:
        menu = supervisor.get(f"/complaints/{number}")
        return path in [each["href"] for each in menu.all("a[href]")]

    assert not is_offered()
    supervisor.get(path, 403)
    # Above the superior of somebody of another branch she may.
    office.session.get(User, handler).supervisor_id = office.id_of("billing")
    office.session.commit()
    assert is_offered()
    supervisor.get(path)


def test_a_supervisor_records_and_the_person_reads_it(office, at_desk, counted):
    number = office.receive()
    office.session.commit()
    supervisor, done = observe(
        at_desk, office, number=number, follow_up_on="2026-11-26", words=f"<b>{SAW}</b>"
    )
    page = supervisor.follow(done)
    assert "Pengamatan tersimpan" in page.text
    csr = at_desk("csr")
    csr.get("/observations")
    with counted() as queries:
        own = csr.get("/observations")
    assert len([each for each in queries if each != "BEGIN"]) <= 3
    for each in ("Mengutamakan menyimak", "Perlu ditingkatkan", "26 November 2026", number, SAW):
        assert each in own.main
    # She reads it; recording is her supervisor's.
    assert own.all("main form") == []
    assert "Layanan Anda diamati" in csr.get("/notices").main
    assert SAW not in at_desk("officer").get("/observations").main
    for name in ("csr", "officer", "csr2", "auditor", "admin"):
        at_desk(name).get(f"/observations/of/{office.id_of('csr')}", 403)


def test_a_correction_stands_beside_what_it_corrects(office, at_desk):
    supervisor, done = observe(at_desk, office)
    page = supervisor.follow(done)
    path = f"/observations/of/{office.id_of('csr')}"
    correcting = supervisor.get(page.link("Koreksi dengan pengamatan baru"))
    assert correcting.one("textarea").get_text().strip() == SAW
    supervisor.submit(correcting, path, 303, score="3")
    shown = supervisor.get(path)
    assert len(shown.all(".observations li")) == 2
    assert "sudah dikoreksi" in shown.words(".observation-old")[0]


def test_what_was_typed_survives_a_refusal(office, at_desk):
    path = f"/observations/of/{office.id_of('csr')}"
    supervisor = at_desk("supervisor")
    page = supervisor.get(path)
    again = supervisor.submit(page, path, 422, standard="std4-empati", score="4", words="ok")
    assert again.one("textarea").get_text().strip() == "ok"
    assert again.one("option[selected][value=std4-empati]")
    assert "Tulis yang Anda amati" in again.main


def test_twice_sent_is_once_recorded(office, at_desk):
    path = f"/observations/of/{office.id_of('csr')}"
    supervisor = at_desk("supervisor")
    page = supervisor.get(path)
    for _ in range(2):
        supervisor.submit(page, path, 303, standard="std4-empati", score="4", words=SAW)
    assert len(supervisor.get(path).all(".observations li")) == 1


def test_the_way_there_is_on_the_board_and_in_the_menu(office, at_desk):
    board = at_desk("supervisor").get("/board?view=team")
    assert f"/observations/of/{office.id_of('csr')}" in [a["href"] for a in board.all("a[href]")]
    assert at_desk("csr").get("/").link("Pengamatan") == "/observations"
    names = at_desk("supervisor").get("/observations").main
    assert "Csr" in names
    assert "Csr2" not in names
