"""Searching: by words, names and contacts; nothing that is typed is ever read as search syntax."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.search import find_complaints, read_query
from complaints.queries.lists.worklist import list_complaints
from tests.conftest import NOW


def found(office, typed, name="csr", **more):
    filters = ListFilters(q=typed, **more)
    page = list_complaints(office.session, office.actor(name), filters, now=NOW)
    office.session.commit()
    return [row.number for row in page.items]


@pytest.fixture
def complaints(office):
    """Three complaints that have little in common, and a stranger's."""
    people = {
        "modem": ({"name": "Siti Aminah", "phone": "0812 3456 7890", "email": ""}, "JKT", "csr"),
        "bill": ({"name": "Budi Santoso", "phone": "", "email": "budi@x.example"}, "JKT", "csr"),
        "tower": ({"name": "Siti Rahayu", "phone": "0813 1", "email": ""}, "MKS", "csr2"),
    }
    people["tower"][0]["phone"] = "0813 1111 2222"
    stories = {
        "modem": "Modem rusak; lampu internetnya merah 😀",
        "bill": "Tagihan bulan ini dua kali, total Rp1.250.000",
        "tower": "Menara roboh, internet mati",
    }
    return {
        key: office.receive(by=by, branch=branch, story=stories[key], who=who)
        for key, (who, branch, by) in people.items()
    }


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("modem", ["modem"]),
        ("MODEM rusak", ["modem"]),
        ("rusak modem", ["modem"]),
        ("internet", ["modem"]),
        ("inter", ["modem"]),
        ("modem tagihan", []),
        ("modem rus", ["modem"]),
        # Only the last word may be a beginning.
        ("mod rusak", []),
        ("aminah sit", ["modem"]),
        ("amin siti", []),
        ("siti", ["modem"]),
        ("aminah siti", ["modem"]),
        ("santo", ["bill"]),
        ("0812 3456 7890", ["modem"]),
        ("+62 812-3456-7890", ["modem"]),
        ("081234567890", ["modem"]),
        ("budi@x.example", ["bill"]),
        ("BUDI@X.example", ["bill"]),
        ("tidak ada", []),
        ("😀", []),
        ("   ", []),
        ("%", []),
    ],
)
def test_what_is_typed_finds_what_is_meant(office, complaints, typed, keys):
    wanted = [complaints[key] for key in keys]
    if not typed.strip():
        wanted = list(reversed([complaints["modem"], complaints["bill"]]))
    assert found(office, typed) == wanted


def test_the_newest_is_found_first(office, complaints):
    assert found(office, "siti", "manager") == [complaints["tower"], complaints["modem"]]


def test_another_branch_is_not_found(office, complaints):
    assert found(office, "menara") == []
    assert found(office, "0813 1111 2222") == []
    assert found(office, "menara", "csr2") == [complaints["tower"]]


def test_a_search_can_be_narrowed(office, complaints):
    assert found(office, "internet", "manager", branch="MKS") == [complaints["tower"]]
    assert found(office, "internet", "manager", status="closed") == []


def test_a_number_is_found_by_the_search_too(office, complaints):
    assert complaints["bill"] in found(office, complaints["bill"])


def test_a_corrected_story_is_found_by_its_new_words(office, complaints):
    complaint = office.complaint(complaints["bill"])
    complaint.story = "Restitusi belum masuk"
    office.session.commit()
    assert found(office, "restitusi") == [complaints["bill"]]
    assert found(office, "tagihan") == []


SYNTAX = [
    '"',
    "'",
    '"modem',
    "modem*",
    "modem OR tagihan",
    "modem NOT rusak",
    "modem AND rusak",
    "NEAR(modem rusak)",
    "story:modem",
    "modem & ! rusak",
    "(modem",
    "modem)",
    "^modem",
    "modem:*",
    "modem <-> rusak",
    "-modem",
    "+modem",
    "modem\x00rusak",
    "\\",
    "modem\\",
    "'; DROP TABLE complaints; --",
    "modem " * 500,
    "a" * 5000,
]


@pytest.mark.parametrize("typed", SYNTAX)
def test_no_syntax_is_ever_read(office, complaints, typed):
    words = set(read_query(typed).words)
    plain = words <= {"modem", "rusak"}
    assert found(office, typed) == ([complaints["modem"]] if plain and words else [])


def test_whatever_is_typed_is_answered(office, complaints):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(max_size=60))
    def ask(typed):
        found(office, typed)

    ask()


#: Story, what is searched: the same on both databases.
FOUND = [
    ("Nomor tagihan INV/2026/0042 salah jumlah", "INV/2026/0042"),
    ("Nomor tagihan INV/2026/0042 salah jumlah", "0042"),
    ("Kode error E-101 muncul", "E-101"),
    ("Kode error E-101 muncul", "101"),
    ("wifi/internet lambat sekali", "internet lambat"),
    ("modem/router mati", "router"),
    ("dan/atau ganti rugi", "ganti rugi atau"),
    ("Alamat 192.168.1.1 tak terbuka", "192.168.1.1"),
    ("Versi firmware v2.10.3-beta", "v2.10.3"),
    ("Lihat www.contoh.id/bayar?x=1", "contoh.id bayar"),
    ("Kirim ke ani@contoh.id_lama", "ani contoh"),
    ("Suhu -12 derajat, diskon 50%:sekarang", "12 50 sekarang"),
    ("Rekening 123-456-7890", "456"),
    ("Caf\u00e9 d\u00e9j\u00e0 vu", "cafe deja"),
    ("Cafe tutup", "caf\u00e9"),
    ("Cafe\u0301 tutup", "CAF\u00c9"),
    ("Vi\u1ec7t Nam roaming", "viet"),
    ("Ma\u2019ruf tidak datang", "Ma'ruf"),
    ("'kutip' \u201cganda\u201d \u2013 selesai", "ganda selesai kutip"),
]


@pytest.mark.parametrize(("story", "typed"), FOUND)
def test_words_are_cut_alike_in_the_index_and_in_what_is_typed(office, story, typed):
    number = office.receive(story=story)
    office.receive(story="Hal lain sama sekali")
    assert found(office, typed) == [number]


def test_a_customer_number_is_found_in_any_case(office):
    number = office.receive(who={"number": "PLG-9"})
    assert found(office, "plg-9") == [number]


@pytest.mark.parametrize("windows", [(2_000, 20_000), (2, 4), (2, 12), (2, 2)])
@pytest.mark.parametrize("limit", [1, 3, 8])
def test_however_far_is_looked_through_the_same_is_found(office, monkeypatch, windows, limit: int):
    for name, most in zip(("WINDOW", "WIDE_WINDOW"), windows, strict=True):
        monkeypatch.setattr(f"complaints.queries.lists.search.{name}", most)
    stories = ("Denda layanan salah", "Denda saja", "Layanan lambat dan denda", "Lain sekali")
    numbers = [office.receive(story=stories[n % 4]) for n in range(12)]
    office.session.commit()
    ids = [office.complaint(each).id for each in numbers]
    both = [each for n, each in enumerate(ids) if n % 2 == 0]
    newest = find_complaints(office.session, "denda layanan", (), limit=limit)
    assert newest == both[::-1][:limit]
    oldest = find_complaints(office.session, "denda layanan", (), limit=limit, is_upward=True)
    assert oldest == both[:limit]
    office.session.commit()
