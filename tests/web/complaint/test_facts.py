"""What is known of a customer: stated in one form, seen beside the complaint, ticked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from complaints.models import StepRecord
from tests.office import Office
from tests.web.page import Visitor

At = Callable[..., Visitor]

FACTS = {
    "since": "2019-03-01",
    "products": ["INTERNET_RUMAH"],
    "arrears": "Rp250.000",
    "notes": "Bekerja malam hari",
}


def test_facts_are_stated_seen_and_ticked_with_their_date(at_desk: At, office: Office, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    wall.at = office.at
    desk, path = at_desk("csr"), f"/complaints/{number}"
    form = desk.get(str(desk.get(path).one(f"#customer a[href='{path}/facts']")["href"]))
    page = desk.follow(desk.submit(form, f"{path}/facts", 303, **FACTS))
    panel = " ".join(page.words("#customer"))
    for words in ("1 Maret 2019", "Internet rumah", "Rp250.000", "Bekerja malam hari"):
        assert words in panel
    review = desk.get(f"{path}/condition")
    arrears = "Tunggakan: Rp250.000 (per Kamis, 19 November 2026)"
    shown = set(review.words("#f-relevant label"))
    assert {
        arrears,
        "Pelanggan sejak Jumat, 1 Maret 2019 (per Kamis, 19 November 2026)",
        "Berlangganan: Internet rumah (per Kamis, 19 November 2026)",
        "Catatan: Bekerja malam hari (per Kamis, 19 November 2026)",
    } <= shown
    # Nobody has stated the type; it has no date.
    assert "Tipe pelanggan: Reguler" in shown
    desk.submit(review, f"{path}/condition", 303, relevant=[arrears])
    record = office.rows(StepRecord, number)[-1]
    assert (record.criterion, record.words) == ("020-2.3", arrears)
    again = desk.get(f"{path}/facts")
    assert "Dinyatakan Kamis, 19 November 2026 oleh" in " ".join(again.words("form"))
    page = desk.follow(desk.submit(again, f"{path}/facts", 303, arrears="", notes=""))
    panel = " ".join(page.words("#customer"))
    assert "Rp250.000" not in panel
    assert "Bekerja malam hari" not in panel
    assert "1 Maret 2019" in panel


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("since", "2099-01-01", "masa depan"), ("arrears", "banyak", "rupiah bulat")],
)
def test_a_fact_that_cannot_be_stays_in_the_form(at_desk: At, office: Office, field, typed, said):
    number = office.receive()
    desk, path = at_desk("csr"), f"/complaints/{number}/facts"
    page = desk.submit(desk.get(path), path, 422, **{field: typed})
    assert said in " ".join(page.words(f"[id='f-{field}-error']"))
    assert typed in str(page.one(f"[name={field}]"))


def test_only_who_amends_the_record_states_facts(at_desk: At, office: Office):
    number = office.receive()
    link = f"a[href$='{number}/facts']"
    assert at_desk("manager").get(f"/complaints/{number}").all(link) == []
    assert at_desk("supervisor").get(f"/complaints/{number}").all(link)
