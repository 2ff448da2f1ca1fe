"""Following a complaint on its page."""

from __future__ import annotations

from tests.office import Office


def test_following_is_begun_and_ended_by_whoever_may_read_it(at_desk, office: Office):
    number = office.receive()
    path = f"/complaints/{number}/follow"
    auditor = at_desk("auditor")
    assert auditor.get(f"/complaints/{number}").link("Pantau, atau berhenti memantau") == path
    page = auditor.follow(auditor.submit(auditor.get(path), path, 303))
    assert "Anda sekarang memantau keluhan ini." in page.text
    page = auditor.follow(auditor.submit(auditor.get(path), path, 303))
    assert "Anda tidak lagi memantau keluhan ini." in page.text
    assert at_desk("csr2").client.get(path).status_code == 403
