"""Letters on A4: they say what goes by mail, however long it is and whatever stands in it."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.documents.blocks import blocks_of
from complaints.documents.code import code_of
from complaints.documents.letters import letter_data
from complaints.documents.typesetting import set_pdf, set_pictures
from complaints.outbox.mail.letters import LetterContext, write_letter
from tests.documents.reading import words_on
from tests.letters.test_letters import CALLED, KINDS
from tests.office import Office

BASE = "https://keluhan.example"
LINK = f"{BASE}/portal/1-rahasia"
TO_CUSTOMERS = [act for act in KINDS if act.__name__ != "notice"]

#: What typst would carry out, calculate or leave out if it were read as such.
TRAPS = (
    '#eval("1+1")',
    "$x^2 + y$",
    "*tebal* _miring_ `kode`",
    "= Judul",
    "// catatan",
    "/* catatan */",
    "@rujukan <label>",
    '#read("/etc/passwd")',
    "\\ #sys.inputs.data",
    "]#pagebreak()[",
    '"}, "number": "KLH',
    "- satu",
    "https://tautan.example/#x",
)


def data_of(office: Office, act: Any, lang: str, **facts: Any) -> dict[str, Any]:
    number = office.receive(who={"language": lang})
    act(office, number)
    kind = CALLED.get(act.__name__, act.__name__)
    row = next(row for row in office.letters(number) if row.kind == kind)
    context = LetterContext(office.rules, BASE)
    told = {**row.facts, **facts}
    letter = write_letter(kind, told, lang, context, follow_link=LINK, on_sheet=True)
    branch = office.rules.branches[office.complaint(number).branch_id]
    office.session.commit()
    return letter_data(letter, told, lang, context, branch, at=row.created_at, coded=LINK)


def act_called(name: str) -> Any:
    return next(act for act in KINDS if act.__name__ == name)


@pytest.mark.usefixtures("merged_as_before")
@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("act", TO_CUSTOMERS, ids=lambda act: act.__name__)
def test_every_letter_can_be_printed(office: Office, act, lang: str):
    data = data_of(office, act, lang)
    assert set_pdf("letter", data).startswith(b"%PDF-")
    said = words_on("letter", data)
    assert said.count(data["subject"]) == 1
    assert ("Yth. Ibu Siti Aminah," if lang == "id" else "Dear Ibu Siti Aminah,") in said
    assert "{" not in said
    assert data["page_of"].startswith("Halaman" if lang == "id" else "Page")


@pytest.mark.parametrize("trap", TRAPS)
def test_what_a_customer_wrote_stays_text(office: Office, trap: str):
    text = f"Ibu berkata: {trap}"
    data = data_of(office, act_called("message"), "id", text=text, name=trap)
    said = words_on("letter", data)
    assert text in said
    # In the window, and in the greeting.
    assert said.count(f"Ibu {trap}") == 2
    assert set_pdf("letter", data).startswith(b"%PDF-")
    assert len(set_pictures("letter", data)) == 1


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u202e", "王小明 🙂 سيتي", "\u200b" * 50])
def test_odd_characters_are_set(office: Office, text: str):
    data = data_of(office, act_called("message"), "id", text=f"Awal {text} akhir")
    assert set_pdf("letter", data).startswith(b"%PDF-")


def test_a_long_story_fills_pages_that_are_numbered(office: Office):
    story = "Internet mati sejak kemarin dan teknisi tidak datang. " * 250
    data = data_of(office, act_called("message"), "id", text=story)
    pages = set_pictures("letter", data, dots_per_inch=30)
    assert len(pages) == 3
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_same_letter_is_the_same_file(office: Office):
    data = data_of(office, act_called("message"), "id")
    assert set_pdf("letter", data) == set_pdf("letter", data)


def test_line_breaks_of_the_customer_are_kept_and_ours_are_not():
    kept = '<p style="white-space:pre-line">satu\ndua</p>'
    (block,) = blocks_of(kept)
    assert block["runs"][0]["text"] == "satu\ndua"
    (block,) = blocks_of("<p>satu\n   dua <b>tiga</b></p>")
    assert [each["text"] for each in block["runs"]] == ["satu dua ", "tiga"]


def test_a_link_stands_as_a_code_where_there_is_one():
    assert code_of(LINK).startswith("<?xml")
    assert code_of("") == ""
