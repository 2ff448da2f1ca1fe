"""Sari decides what used to need a shell: a category with its words, a file, a change undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 360, "height": 740}


def require_narrow(page) -> None:
    """Nothing is wider than the screen; what is, is named."""
    wide = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return [];
            return [...document.querySelectorAll("body *")]
                .filter(each => !each.closest(".views"))
                .filter(each => each.getBoundingClientRect().right > room + 1)
                .slice(0, 10).map(each => each.outerHTML.slice(0, 90));
        }"""
    )
    assert wide == [], f"{page.url}: {wide}"


def save(page) -> None:
    page.click("form.part-form .form-acts [type=submit]")
    page.get_by_role("button", name="Simpan dan pakai mulai sekarang").click()
    expect(page.locator(".said-done")).to_be_visible()


def test_a_category_with_its_words_stands_at_intake_and_a_change_is_taken_back(sign_in, accessible):
    page = sign_in("admin")
    page.goto("/admin/organisation/")
    accessible(page)
    page.get_by_role("link", name="Kategori", exact=True).click()
    page.get_by_role("link", name="Tambah", exact=True).click()
    page.select_option("[name=parent]", "GANGGUAN")
    page.fill("[name=id]", "GGN_WIFI")
    page.fill("[name=label_id]", "WiFi di rumah lemah")
    page.fill("[name=label_en]", "Weak WiFi at home")
    page.select_option("[name=severity]", "2")
    page.check("[name=parties][value=TEKNIK]")
    accessible(page)
    page.click("form.part-form .form-acts [type=submit]")
    expect(page.locator(".change-list")).to_contain_text("WiFi di rumah lemah (GGN_WIFI)")
    accessible(page)
    page.get_by_role("button", name="Simpan dan pakai mulai sekarang").click()
    page.goto("/admin/organisation/synonyms/item")
    page.select_option("[name=of]", "GGN_WIFI")
    page.fill("[name=phrases_id]", "wifi lemah\nsinyal wifi jelek")
    save(page)
    page.goto("/admin/organisation/categories/item?key=GGN_WIFI")
    page.fill("[name=label_id]", "WiFi rumah")
    save(page)
    page.goto("/admin/organisation/categories/history")
    accessible(page)
    page.get_by_role("button", name="Batalkan perubahan ini").first.click()
    expect(page.locator(".change-list")).to_contain_text("WiFi rumah")
    page.get_by_role("button", name="Simpan dan pakai mulai sekarang").click()
    expect(page.locator("main")).to_contain_text("WiFi di rumah lemah")


def test_two_administrators_on_one_page_both_keep_their_change(sign_in, context, complained):
    mine = sign_in("admin")
    theirs = context.new_page()
    for each in (mine, theirs):
        each.goto("/admin/organisation/products/item?key=TV")
    theirs.fill("[name=label_en]", "Cable television")
    save(theirs)
    mine.fill("[name=label_id]", "Televisi kabel")
    mine.click("form.part-form .form-acts [type=submit]")
    expect(mine.locator(".said-stop")).to_contain_text("product › TV › label_en")
    # The browser names the answer, as it should.
    assert [each for each in complained if "409" not in each] == []
    complained.clear()
    mine.get_by_role("button", name="Simpan dan pakai mulai sekarang").click()
    mine.goto("/admin/organisation/products/item?key=TV")
    expect(mine.locator("[name=label_en]")).to_have_value("Cable television")
    expect(mine.locator("[name=label_id]")).to_have_value("Televisi kabel")


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["390", "360"])
def test_no_page_of_the_organisation_is_wider_than_a_telephone(sign_in, accessible, size):
    page = sign_in("admin")
    page.set_viewport_size(size)
    for path in (
        "",
        "categories/",
        "categories/item?key=GGN_MATI",
        "groups/item?key=GANGGUAN",
        "priority-grid/",
        "drafts/item?key=0",
        "products/history",
        "files/",
        "plans/",
    ):
        page.goto(f"/admin/organisation/{path}")
        require_narrow(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        accessible(page)
    page.goto("/admin/import/")
    require_narrow(page)
    accessible(page)


def test_a_file_is_imported_from_the_first_row_to_the_balance(sign_in, accessible):
    page = sign_in("admin")
    page.goto("/admin/import/")
    text = (
        "Nomor Tiket,Tanggal Masuk,Isi Keluhan,Jenis,Nama Pelanggan\n"
        "LAMA-1,02-11-2026 09:10,Internet mati sejak pagi,Internet mati total,Budi Santoso\n"
        "LAMA-2,03-11-2026 10:00,Tagihan dua kali,Tagihan ganda,Siti Aminah\n"
    )
    page.set_input_files(
        "[name=file]", {"name": "lama.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Baca berkas").click()
    page.select_option("[name='constant.channel']", "call")
    accessible(page)
    page.set_viewport_size(SMALL)
    require_narrow(page)
    page.get_by_role("button", name="Periksa seluruh berkas").click()
    page.get_by_role("button", name="Impor sekarang").click()
    expect(page.locator("#run")).to_contain_text("menjadi keluhan")
    expect(page.locator("#run h2")).to_have_text("Sudah diimpor")
    accessible(page)
