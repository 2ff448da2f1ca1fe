"""What a file can claim of a complaint: how it stands, and never that a rule was fulfilled.

The table of ways has no fourth door here. A map that names what a row is proven by is refused;
what a file says of a status leaves every criterion unproven, and closing asks for all of it; what
had ended before is not judged, and counted apart.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from complaints.actions.registry import ACTS
from complaints.channels.csv_import.row_to_complaint import FIELDS
from complaints.channels.csv_import.run_import import import_file
from complaints.domain.permissions import SYSTEM
from complaints.formats.inputs import UnusableFile
from complaints.models import Complaint, Deadline, Exit, Offer
from complaints.queries.reports.figures import deadline_report
from tests.conftest import NOW
from tests.proofs.doors import DOORS, call
from tests.proofs.rows import Places

MAP = """
source = "lama"
timezone = "Asia/Jakarta"
datetime = ["%Y-%m-%d %H:%M"]
[columns]
external_id = "No"
received_at = "Masuk"
closed_at = "Selesai"
status = "Status"
outcome = "Hasil"
story = "Cerita"
summary = "Ringkasan"
channel = { const = "walk_in" }
category = { const = "GGN_MATI" }
customer_phone = { const = "0813 5555 6666" }
"""
HEADER = "No,Masuk,Selesai,Status,Hasil,Cerita,Ringkasan"

#: Row → why a file has no word for it.
NOT_OFFERED = {
    "1.1": ("attestation", "nobody attests for a conversation held elsewhere"),
    "1.2": ("confirmation", "a summary is a text; that the customer agreed is not in it"),
    "1.3": ("apology", "what was said elsewhere is not known here"),
    "1.4": ("promise", "steps have an owner and a clock, which begin here"),
    "1.5": ("promised_at", "a date is told here, or not at all"),
    "1.6": ("receipt", "the record is complete when its fields are"),
    "2.1": ("parties", "units accept for themselves"),
    "2.2": ("cause", "a cause is found from the story, here"),
    "2.3": ("condition", "what is known of the customer is looked at by a person"),
    "2.4": ("priority_reason", "the priority is computed; a file's own is marked as set by it"),
    "2.5": ("plan", "steps have an owner and a clock, which begin here"),
    "3.1": ("apology", "what was said elsewhere is not known here"),
    "3.2": ("cause-explanation", "the cause is confirmed here before it is explained"),
    "3.3": ("offer", "amounts pass the limits here"),
    "3.4": ("answer", "the customer answers an offer that was made here"),
    "3.5": ("alternative_to", "the customer answers an offer that was made here"),
    "3.6": ("thanks", "what was said elsewhere is not known here"),
    "3.7": ("standard-information", "the leaflet is ours"),
    "commitments": ("commitments", "what is undertaken has an owner and a clock, here"),
    "countersign": ("countersignature", "nobody signs for others"),
    "pause": ("pause", "a pause begins when it is recorded"),
    "withdrawal": ("withdrawal", "the customer withdraws by an act of their own"),
    "duplicate": ("merge", "both complaints have to be here"),
    "extension": ("first_told_at", "a date is moved here, or not at all"),
    "amounts": ("amount", "amounts pass the limits here"),
}


def bring(places: Places, folder: Path, *rows: str, map_text: str = MAP) -> list[str]:
    """Import the rows; the numbers of what came of them."""
    file, map_file = folder / "lama.csv", folder / "map.toml"
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    map_file.write_text(map_text, encoding="utf-8")
    office = places.office
    office.at = places.counter.at = NOW
    newest = select(Complaint.id).order_by(Complaint.id.desc()).limit(1)
    before = office.session.scalar(newest) or 0
    office.session.commit()
    import_file(lambda: type(office.session)(office.engine), file, map_file, by=SYSTEM, at=NOW)
    query = select(Complaint.id).where(Complaint.id > before).order_by(Complaint.id)
    numbers = [office.rules.numbers.write(2026, each) for each in office.session.scalars(query)]
    office.session.commit()
    return numbers


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("row", NOT_OFFERED)
def test_a_file_has_no_word_for_what_proves_a_row(places: Places, tmp_path: Path, row: str):
    claimed, _ = NOT_OFFERED[row]
    name = claimed.replace("-", "_")
    with pytest.raises(UnusableFile, match="unknown field"):
        bring(places, tmp_path, map_text=f'{MAP}{name} = {{ const = "ya" }}\n')


def test_no_field_of_a_file_is_an_act_but_the_priority_which_is_marked_as_the_files_own():
    assert set(FIELDS) & {noun.replace("-", "_") for noun in ACTS} == {"priority"}


@pytest.mark.parametrize("status", ["received", "registered", "in_handling", "offered", "accepted"])
def test_a_claimed_status_proves_nothing_and_closing_asks_for_the_resolution(
    places: Places, tmp_path: Path, status: str
):
    row = f"{status},2026-11-18 10:00,,{status},,Internet mati,Internet mati dan minta hidup"
    (number,) = bring(places, tmp_path, row)
    states = places.office.states(number)
    assert "proven" not in states.values()
    assert states["020-3.1"] == states["020-3.2"] == states["020-3.7"] == "missing"
    assert places.office.rows(Offer, number) == []
    for door in DOORS:
        outcome = door(places.counter, "csr", number, "closure", {})
        assert outcome.status == 409, outcome.said
        assert places.office.complaint(number).status == status
    missing = call(places.counter, "csr", number, "closure", {}).missing
    assert {"020-3.1", "020-3.2", "020-3.6", "020-3.7"} <= set(missing)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a,2026-11-18 10:00,2026-11-18 11:00,in_handling,,Internet mati,", "status says"),
        ("b,2026-11-18 10:00,2026-11-25 11:00,closed,,Internet mati,", "future"),
        ("c,2026-11-18 10:00,2026-11-17 11:00,closed,,Internet mati,", "before it was received"),
        ("d,2026-11-18 10:00,,in_handling,SETUJU,Internet mati,", "no outcome yet"),
        ("e,2026-11-18 10:00,,approved,,Internet mati,", "no status"),
    ],
)
def test_a_claim_that_contradicts_itself_is_rejected(places: Places, tmp_path: Path, row, why):
    assert bring(places, tmp_path, row) == []
    assert why in (tmp_path / "lama.csv.rejected.csv").read_text(encoding="utf-8-sig")


def test_what_had_ended_is_not_judged_and_counted_apart(places: Places, tmp_path: Path):
    ended = "x,2026-11-18 10:00,2026-11-18 11:00,closed,SETUJU,Internet mati,Internet mati"
    office, manager = places.office, places.office.actor("manager")

    day = NOW.date().replace(day=18)

    def of_that_day() -> tuple[int, int]:
        report = deadline_report(office.session, manager, day, day, None, now=NOW)
        office.session.commit()
        return report.balance.taken_over, sum(report.balance.places.values())

    before, judged_before = of_that_day()
    (number,) = bring(places, tmp_path, ended)
    assert of_that_day() == (before + 1, judged_before)
    assert set(office.states(number).values()) == {"unable"}
    assert places.counted(number) == []
    assert [row.state for row in office.rows(Exit, number)] == []
    # Its clocks are history: none runs, none is ours to have kept or missed.
    assert {row.ended_at is not None for row in office.rows(Deadline, number)} == {True}
