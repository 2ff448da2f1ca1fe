"""Steps that could not be done, on the complaint page: who is asked to sign them."""

from datetime import timedelta

from sqlalchemy import update

from complaints.models import Customer
from complaints.steps.casework.attempt import record_attempt
from complaints.steps.casework.letters import print_letter
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.confirm import confirm_back
from complaints.steps.excuse import Unable
from complaints.steps.offer import offer_solution
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


def test_the_answer_form_says_what_silence_lacks_and_the_reminder_is_written_from_the_page(
    office: Office, at_desk, wall
):
    number = office.receive()
    office.walk(number, to="020-3.2")
    words = {"remedy": "PERBAIKAN", "description": "Kabel disambung besok"}
    office.take(number, offer_solution, method="letter", **words)
    path = f"/complaints/{number}"
    wall.at = office.at
    desk = at_desk("csr")
    assert "Surat penawaran belum dicetak" in desk.get(f"{path}/answer").main
    (letter,) = [each for each in office.letters(number) if each.kind == "conversation"]
    office.take(number, print_letter, letter=letter.id)
    page = desk.get(f"{path}/answer")
    assert "sampai Selasa, 24 November 2026, pukul 16.00 WIB" in page.main
    form = desk.get(f"{path}/offer/reminder")
    assert "sampai Selasa, 24 November 2026" in form.main
    desk.submit(form, f"{path}/offer/reminder", 422)
    wall.at = office.at = office.at + timedelta(days=6)
    form = desk.get(f"{path}/offer/reminder")
    desk.submit(form, f"{path}/offer/reminder", 303, method="letter")
    office.session.expire_all()
    reminder = office.letters(number)[-1]
    assert (reminder.kind, reminder.state) == ("reminder", "to_print")
    assert f"{path}/letters/printing" in desk.get(path).text_body
    sheet = desk.get(f"{path}/letters/printing", 303)
    assert sheet.response.location.endswith(f"{path}/letters/{reminder.id}")


def test_whoever_signs_sees_what_was_tried(office: Office, at_desk, wall):
    number = office.receive()
    for said in ("Berdering, tidak diangkat", "Nomor sibuk"):
        office.take(number, record_attempt, method="phone", text=said)
    office.take(number, confirm_back, unable=Unable("Tidak mengangkat telepon", "not_reachable"))
    wall.at = office.at
    for path in (f"/complaints/{number}", f"/complaints/{number}/countersignature"):
        page = at_desk("supervisor").get(path)
        assert "Upaya menghubungi pelanggan" in page.main
        assert "Berdering, tidak diangkat" in page.main
        assert "Nomor sibuk" in page.main


def test_the_call_to_withdraw_shows_the_number_on_record_to_be_changed(
    office: Office, at_desk, wall
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    # The record of the customer goes by another number by now; this complaint does not.
    office.session.execute(update(Customer).values(phone="6287700000000"))
    office.session.commit()
    wall.at = office.at
    path = f"/complaints/{number}/withdrawal"
    desk = at_desk("csr")
    form = desk.get(path)
    on_record = str(form.one("input[name=number]")["value"])
    assert on_record.endswith("81234567890")
    said = {"reason": "Sudah menyala lagi", "method": "phone"}
    refused = desk.submit(form, path, 403, number="0811 000 1111", **said)
    assert refused.one("input[name=number]")["value"] == "0811 000 1111"
    desk.submit(refused, path, 303, number=on_record, **said)
    assert office.complaint(number).status == "withdrawn"
