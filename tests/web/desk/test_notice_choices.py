"""The page on which somebody chooses how notifications reach them."""

from __future__ import annotations


def test_choices_are_kept_and_what_is_demanded_is_said(office, at_desk):
    csr = at_desk("csr")
    page = csr.get(csr.get("/notices").link("Cara pemberitahuan sampai"))
    assert "Tidak dapat dimatikan" in page.main
    assert page.one("input[name=customers][checked]")["value"] == "email"
    done = csr.submit(page, "/notices/choices", 303, customers="page", letters="digest")
    shown = csr.follow(done)
    assert "Pilihan Anda tersimpan" in shown.text
    assert shown.one("input[name=customers][checked]")["value"] == "page"
    assert shown.one("input[name=letters][checked]")["value"] == "digest"
    assert shown.one("input[name=answers][checked]")["value"] == "email"
    # They are one's own.
    other = at_desk("officer").get("/notices/choices")
    assert other.one("input[name=customers][checked]")["value"] == "email"
    csr.submit(shown, "/notices/choices", 422, customers="pigeon")
