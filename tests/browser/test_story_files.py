"""Files at the desk: chosen, dropped and pasted, seen as previews, and never run by the browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.steps.files.pictures import PHOTO

#: T10: what would run in our name if it were ever shown.
HOSTILE = {
    "foto.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "foto.png": b"<!DOCTYPE html><body onload='alert(3)'><script>alert(4)</script></body>",
}
DROP = """form => {
  const carried = new DataTransfer();
  carried.items.add(new File(["jatuh"], "jatuh.txt", { type: "text/plain" }));
  const told = { bubbles: true, cancelable: true };
  form.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, ...told }));
  const pasted = new DataTransfer();
  pasted.items.add(new File(["tempel"], "tempel.txt", { type: "text/plain" }));
  form.dispatchEvent(new ClipboardEvent("paste", { clipboardData: pasted, ...told }));
}"""


def first_complaint(page: Page) -> str:
    page.goto("/complaints?status=all")
    number = re.search(r"KLH-\d{4}-\d+", page.content())
    assert number is not None
    return number.group()


def test_files_are_attached_seen_and_saved_and_nothing_in_them_runs(
    page: Page, sign_in, accessible
):
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    sign_in("csr")
    number = first_complaint(page)
    page.goto(f"/complaints/{number}")
    page.locator("#files summary").click()
    chosen = [
        {"name": name, "mimeType": "image/png", "buffer": given} for name, given in HOSTILE.items()
    ]
    chosen.append({"name": "modem.jpg", "mimeType": "image/jpeg", "buffer": PHOTO})
    page.locator("#f-more-files").set_input_files(chosen)
    page.locator("#files form").evaluate(DROP)
    names = [*HOSTILE, "modem.jpg", "jatuh.txt", "tempel.txt"]
    expect(page.locator("#files [data-chosen]")).to_have_text(", ".join(names))
    page.get_by_role("button", name="Simpan lampiran").click()
    expect(page.locator("#files .file")).to_have_count(5)

    picture = page.get_by_role("img", name="Pratinjau modem.jpg")
    for _ in range(20):
        if picture.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert picture.evaluate("image => image.naturalWidth") == 64

    page.goto(f"/complaints/{number}/attachments")
    accessible(page)
    for name in HOSTILE:
        link = page.get_by_role("link", name=name)
        with page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == name
        # Shown in a frame of a page it would still do nothing; the page may not even show it.
        answer = page.request.get(str(link.get_attribute("href")))
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert said == []
    page.reload()
    expect(page.locator(".file", has_text="foto.svg")).to_contain_text("Dibuka oleh Rina")
