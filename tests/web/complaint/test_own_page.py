"""What customers do on their own page is nothing that staff record for them."""

from __future__ import annotations

from tests.office import Office


def test_no_form_of_ours_offers_the_customers_own_page(at_desk, office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    page = at_desk("csr").get(f"/complaints/{number}/answer")
    assert page.all("select[name=method] option[value=phone]")
    assert not page.all("select[name=method] option[value=page]")
