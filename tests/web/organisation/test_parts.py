"""The organisation on its pages: previewed, saved as a version, told in words, taken back."""

from __future__ import annotations

import tomllib
from copy import deepcopy

import pytest

from complaints.domain.parts import PARTS, items_of
from complaints.domain.parts.differences import differences
from complaints.domain.parts.reading import read_item, typed_of
from complaints.models import Branch, Complaint, RuleVersion, SavedView
from complaints.places import CONFIG
from complaints.rules.config_files import read_config
from complaints.rules.in_force import bodies_in_force
from complaints.rules.parts import file_in_force, save_file
from complaints.web.organisation import pages
from complaints.web.organisation.pages import GROUPS
from tests.office import Office

AT = "/admin/organisation"
NEW = {
    "parent": "GANGGUAN",
    "id": "GGN_WIFI",
    "label_id": "WiFi di rumah lemah",
    "label_en": "Weak WiFi at home",
    "spoken_id": "WiFi yang lemah",
    "spoken_en": "the weak WiFi",
    "severity": "2",
    "parties": ["TEKNIK"],
}


def versions(office: Office, kind: str = "taxonomy") -> list[tuple[int, str, str]]:
    query = office.session.query(RuleVersion).filter_by(kind=kind).order_by(RuleVersion.id)
    found = [(each.version, each.origin, each.loaded_by) for each in query]
    office.session.commit()
    return found


def save(admin, path: str, **typed):
    """Fill in a form of a part, look at the preview, save; the page behind it."""
    action = path.split("?")[0]
    preview = admin.submit(admin.get(path), action, 200, **typed)
    return preview, admin.follow(admin.submit(preview, f"{AT}/save", 303))


def test_every_part_stands_in_a_group_and_finds_its_items_in_the_files():
    data = read_config(CONFIG)
    assert sorted(code for codes in GROUPS.values() for code in codes) == sorted(
        part.code for part in PARTS
    )
    empty = [part.code for part in PARTS if not items_of(part, data[part.file][part.file])]
    assert empty == []


def test_a_form_sent_back_untouched_changes_nothing():
    data = read_config(CONFIG)
    for part in PARTS:
        if part.fields[0].kind == "grid":
            continue
        body = data[part.file][part.file]
        for item in items_of(part, body):

            def sent(name: str, item=item, part=part) -> list[str]:
                outer, *inner = name.split(".")
                field = next(each for each in part.fields if each.name == outer)
                value = item.data.get(outer)
                if inner:
                    rows = value or []
                    if int(inner[0]) >= len(rows):
                        return []
                    field = next(each for each in field.fields if each.name == inner[1])
                    value = rows[int(inner[0])].get(inner[1])
                if field.kind == "choices":
                    return [str(each) for each in value or ()]
                return [typed_of(field, value)]

            read, errors = read_item(part, item.data, sent, is_new=False)
            assert not errors, (part.code, item.key, errors)
            same = {name: each for name, each in read.items() if each is not False}
            stored = {name: each for name, each in item.data.items() if each is not False}
            assert same == stored, (part.code, item.key)


@pytest.mark.both_databases
def test_a_category_is_added_with_its_routing_and_stands_at_intake(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    preview, done = save(admin, f"{AT}/categories/item", **NEW)
    assert "Baru: Kategori: WiFi di rumah lemah (GGN_WIFI)" in preview.main
    assert "versi 2" in done.text
    assert versions(office)[-1] == (2, "admin", "Admin")
    category = office.rules.taxonomy.categories["GGN_WIFI"]
    assert (category.group, category.parties, category.severity) == ("GANGGUAN", ("TEKNIK",), 2)
    office.session.commit()
    assert "WiFi di rumah lemah" in at_desk("csr").get("/complaints/new").text


def test_a_code_that_is_taken_and_a_field_left_empty_are_said_at_the_field(at_desk, office: Office):
    admin = at_desk("admin")
    path = f"{AT}/categories/item"
    typed = {**NEW, "id": "GGN_MATI", "label_en": ""}
    page = admin.submit(admin.get(path), path, 422, **typed)
    assert page.one("#f-id-error")
    assert page.one("#f-label_en-error")
    assert page.one("#f-label_id")["value"] == "WiFi di rumah lemah"
    assert len(versions(office)) == 1


@pytest.mark.both_databases
def test_what_is_in_use_is_retired_and_never_removed(at_desk, office: Office, wall):
    office.receive(category="TAG_GANDA")
    for owner, asked in (("csr", "TAG_GANDA"), ("supervisor", "TAG_GANDA"), ("csr2", "GGN_MATI")):
        view = SavedView(
            owner_id=office.id_of(owner), name="Saya", asked={"category": asked}, saved_at=office.at
        )
        office.session.add(view)
    office.session.commit()
    wall.at = office.at
    admin = at_desk("admin")
    path = f"{AT}/categories/item?key=TAG_GANDA"
    change = f"{AT}/categories/change"
    refused = admin.submit(admin.get(path), change, 422, do="remove")
    assert "TAG_GANDA (1)" in refused.main
    preview = admin.submit(admin.get(path), change, 200, do="retire")
    assert "Tidak dipakai lagi: Kategori: Tagihan ganda (TAG_GANDA)" in preview.main
    assert "Keluhan yang belum selesai: 1" in preview.main
    # T59: whoever saved a view of it finds nothing new there.
    assert "Tampilan tersimpan yang hanya menampilkan ini: 2" in preview.main
    admin.submit(preview, f"{AT}/save", 303)
    assert office.rules.taxonomy.categories["TAG_GANDA"].retired
    office.session.commit()
    # The complaint keeps it, its form shows it as chosen, and the new one does not offer it.
    assert office.session.query(Complaint).one().category == "TAG_GANDA"
    office.session.commit()
    assert "Tagihan ganda" not in at_desk("csr").get("/complaints/new").one("#f-category").text


def test_a_unit_that_categories_name_is_not_retired_before_them(at_desk, office: Office):
    admin = at_desk("admin")
    page = admin.submit(
        admin.get(f"{AT}/units/item?key=TEKNIK"), f"{AT}/units/change", 422, do="retire"
    )
    assert "TEKNIK" in page.main
    assert len(versions(office, "organisation")) == 1


@pytest.mark.both_databases
def test_a_branch_is_renamed_and_keeps_its_code(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    preview, _ = save(admin, f"{AT}/branches/item?key=MKS", label_id="Makassar Kota")
    assert "Makassar → " in preview.main
    assert "Makassar Kota" in preview.main
    names = {each.code: each.name for each in office.session.query(Branch)}
    office.session.commit()
    assert names["MKS"] == "Makassar Kota"


def test_two_on_one_page_lose_nothing_of_each_other(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    path = f"{AT}/products/item?key=TV"
    mine = admin.get(path)
    save(admin, path, label_id="Televisi kabel")
    page = admin.submit(mine, f"{AT}/products/item", 409, label_en="Cable television")
    assert "Rekan lain menyimpan aturan ini" in page.text
    assert "product › TV › label_id" in page.text
    admin.submit(page, f"{AT}/save", 303)
    product = office.rules.organisation.products["TV"]
    assert (product.label_id, product.label_en) == ("Televisi kabel", "Cable television")


@pytest.mark.both_databases
def test_what_is_saved_while_a_form_is_being_read_is_not_overwritten_unseen(
    at_desk, office: Office, wall, monkeypatch
):
    wall.at = office.at
    admin, path = at_desk("admin"), f"{AT}/products/item?key=TV"

    def read_and_saved_by_another(session):
        found = bodies_in_force(session)
        monkeypatch.undo()
        newest = file_in_force(office.session, "organisation")
        theirs = deepcopy(newest.body)
        next(each for each in theirs["product"] if each["id"] == "TV")["label_id"] = (
            "Televisi kabel"
        )
        by = office.actor("admin")
        save_file(office.session, "organisation", theirs, newest.id, by=by, at=office.at)
        office.session.commit()
        return found

    monkeypatch.setattr(pages, "bodies_in_force", read_and_saved_by_another)
    mine = admin.get(path)
    page = admin.submit(mine, f"{AT}/products/item", 409, label_en="Cable television")
    assert "Rekan lain menyimpan aturan ini" in page.text


def test_a_preview_that_grew_old_is_looked_at_again(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    path, action = f"{AT}/products/item?key=TV", f"{AT}/products/item"
    mine = admin.submit(admin.get(path), action, 200, label_en="Cable television")
    save(admin, path, label_id="Televisi kabel")
    again = admin.submit(mine, f"{AT}/save", 409)
    assert "Cable television" in again.main
    admin.submit(again, f"{AT}/save", 303)
    assert office.rules.organisation.products["TV"].label_id == "Televisi kabel"


def test_a_change_is_undone_and_what_came_later_stays(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    save(admin, f"{AT}/products/item?key=TV", label_id="Televisi kabel")
    save(admin, f"{AT}/products/item?key=DATA_BISNIS", label_id="Data untuk usaha")
    history = admin.get(f"{AT}/products/history")
    assert "Televisi → " in history.main
    preview = admin.submit(history, f"{AT}/products/undo", 200, version="2")
    admin.submit(preview, f"{AT}/save", 303)
    products = office.rules.organisation.products
    assert products["TV"].label_id == "Televisi"
    assert products["DATA_BISNIS"].label_id == "Data untuk usaha"
    office.session.commit()
    assert [each[0] for each in versions(office, "organisation")] == [1, 2, 3, 4]


def test_a_file_that_is_read_again_keeps_what_was_edited(at_desk, office: Office, wall):
    from complaints.rules.load import load_rules

    wall.at = office.at
    save(at_desk("admin"), f"{AT}/branches/item?key=MKS", label_id="Makassar Kota")
    load_rules(office.session, read_config(CONFIG), by="complaints init", at=office.at)
    office.session.commit()
    names = {each.code: each.name for each in office.session.query(Branch)}
    office.session.commit()
    assert names["MKS"] == "Makassar Kota"


def test_the_files_go_out_as_they_came_in(at_desk, office: Office):
    admin = at_desk("admin")
    data = read_config(CONFIG)
    for file in sorted({part.file for part in PARTS}):
        sent = admin.client.get(f"{AT}/files/{file}.toml")
        assert tomllib.loads(sent.get_data(as_text=True)) == data[file][file], file
    assert admin.client.get(f"{AT}/files/mailboxes.toml?version=9").status_code == 404
    assert admin.client.get(f"{AT}/files/webhooks.toml").status_code == 404


def test_differences_name_items_and_nothing_for_equal_files():
    body = read_config(CONFIG)["taxonomy"]["taxonomy"]
    assert not differences("taxonomy", body, body)
    assert differences("taxonomy", body, {**body, "unknown_severity": 3}).others == (
        "unknown_severity",
    )


@pytest.mark.parametrize("role", ["csr", "supervisor", "manager", "officer"])
def test_nobody_else_opens_these_pages(at_desk, role: str):
    visitor = at_desk(role)
    for path in ("/", "/branches/", "/branches/item?key=JKT", "/branches/history", "/files/"):
        assert visitor.client.get(f"{AT}{path}").status_code == 403


def test_every_part_opens_in_list_form_and_history(at_desk, office: Office):
    admin = at_desk("admin")
    data = read_config(CONFIG)
    admin.get(f"{AT}/").check()
    admin.get(f"{AT}/files/").check()
    for part in PARTS:
        admin.get(f"{AT}/{part.code}/").check()
        admin.get(f"{AT}/{part.code}/history").check()
        if part.is_list:
            first = items_of(part, data[part.file][part.file])[0].key
            admin.get(f"{AT}/{part.code}/item?key={first}").check()
            if not part.is_closed:
                admin.get(f"{AT}/{part.code}/item").check()


def test_the_grid_takes_another_size(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    save(
        admin,
        f"{AT}/severities/item",
        level="5",
        label_id="Bencana",
        label_en="Disaster",
        meaning_id="Banyak orang terdampak",
        meaning_en="Many people affected",
    )
    path = f"{AT}/priority-grid/"
    action = f"{AT}/priority-grid/item"
    larger = admin.submit(admin.get(path), action, 200, do="size", rows="5", columns="5")
    assert "Bencana" in larger.main
    preview = admin.submit(larger, action, 200, do="", **{"cell.1.4": "P2"})
    admin.submit(preview, f"{AT}/save", 303)
    rows = office.rules.matrix.rows
    assert (len(rows), len(rows[1]), rows[1][4], rows[5][0]) == (5, 5, "P2", "P1")


def test_a_grid_smaller_than_what_categories_name_is_refused(at_desk, office: Office):
    admin = at_desk("admin")
    action = f"{AT}/priority-grid/item"
    smaller = admin.submit(admin.get(f"{AT}/priority-grid/"), action, 200, do="size", rows="3")
    page = admin.submit(smaller, action, 422, do="")
    assert "GGN_MASSAL" in page.main


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 3), ("/categories/", 4), ("/categories/item?key=GGN_MATI", 4), ("/plans/", 4)],
)
def test_a_page_asks_the_database_the_same_few_things(at_desk, counted, path: str, most: int):
    admin = at_desk("admin")
    admin.get(f"{AT}{path}")
    with counted() as found:
        admin.get(f"{AT}{path}")
    assert len([each for each in found if each != "BEGIN"]) <= most


def test_what_a_file_cannot_take_is_said_in_the_language_of_the_page(at_desk, office: Office):
    admin = at_desk("admin")
    wrong = {"repeats": "1", "area": "1"}
    path, action = f"{AT}/categories/item?key=GGN_ULANG", f"{AT}/categories/item"
    page = admin.submit(admin.get(path), action, 422, **wrong)
    said = "category GGN_ULANG: hanya satu dari area, repeats yang boleh dipilih"
    assert f"Ini tidak dapat disimpan: {said}" in " ".join(page.main.split())
    assert "only one of" not in page.main
    english = at_desk("admin", "en")
    page = english.submit(english.get(path), action, 422, **wrong)
    assert "GGN_ULANG: only one of area, repeats can be true" in " ".join(page.main.split())
