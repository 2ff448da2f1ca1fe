"""Steps that could not be done, on the complaint page: who is asked to sign them."""

from datetime import timedelta

from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.confirm import confirm_back
from complaints.steps.excuse import Unable
from tests.conftest import NOW
from tests.office import Office

LEFT = Unable("Pelanggan pergi sebelum ringkasan dibacakan")


def test_who_granted_a_pause_is_still_asked_to_sign_what_somebody_else_could_not_do(
    office: Office, at_desk, wall
):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    until = NOW + timedelta(days=5)
    office.take(number, pause_clocks, by="supervisor", reason="Menunggu foto", until=until)
    office.take(number, resume_clocks, by="supervisor")
    wall.at = office.at
    page = at_desk("supervisor").get(f"/complaints/{number}")
    assert page.one(f"form[action='/complaints/{number}/countersignature']")
