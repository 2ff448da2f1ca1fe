"""Keeping a file: under its hash, once, by what its bytes say, within the limits."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from complaints.domain.attachments import FileLimits
from complaints.domain.errors import Busy, Invalid
from complaints.files.in_use import FileSettings, use_files
from complaints.files.keep import NoRoom, TooLarge, keep_file
from complaints.files.store import OBJECTS, Gone, open_store
from complaints.files.usage import Usage, write_usage


def picture(form: str = "JPEG", mode: str = "RGB") -> bytes:
    file = BytesIO()
    Image.new(mode, (40, 30)).save(file, form)
    return file.getvalue()


def stored(sha256: str) -> bytes:
    with open_store() as store, store.open(OBJECTS, sha256) as file:
        return file.read()


@pytest.fixture(params=["memory", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "folder":
        use_files(FileSettings(f"file://{tmp_path / 'files'}"))
    return str(request.param)


@pytest.mark.usefixtures("place")
def test_bytes_lie_under_their_hash_and_come_back_unchanged():
    kept = keep_file(b"tagihan November", name="tagihan.txt")
    assert kept.sha256 == hashlib.sha256(b"tagihan November").hexdigest()
    assert (kept.size, kept.type, kept.name) == (16, "text/plain", "tagihan.txt")
    assert stored(kept.sha256) == b"tagihan November"


@pytest.mark.usefixtures("place")
def test_the_same_bytes_twice_are_one_and_nothing_tells_that_they_were_there():
    first, second = (keep_file(BytesIO(b"sama"), name=name) for name in ("satu.txt", "dua.txt"))
    assert (first.sha256, first.size, first.type) == (second.sha256, second.size, second.type)
    with open_store() as store:
        assert len(store.fs.find(f"{store.root}/{OBJECTS}")) == 1


def test_what_is_stored_is_never_overwritten(tmp_path: Path):
    use_files(FileSettings(f"file://{tmp_path}"))
    kept = keep_file(b"asli", name="a.txt")
    (path,) = (each for each in (tmp_path / OBJECTS).rglob("*") if each.is_file())
    path.write_bytes(b"lain")
    keep_file(b"asli", name="a.txt")
    assert stored(kept.sha256) == b"lain"


def test_a_folder_is_private_and_holds_no_half_file(tmp_path: Path):
    use_files(FileSettings(f"file://{tmp_path / 'files'}"))
    keep_file(b"rahasia", name="a.txt")
    files = [each for each in (tmp_path / "files").rglob("*") if each.is_file()]
    assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [0o600]
    assert all(not each.stat().st_mode & 0o077 for each in (tmp_path / "files" / OBJECTS).iterdir())


def test_a_file_beyond_the_limit_is_refused_and_not_kept():
    use_files(FileSettings("memory://few", FileLimits(most_bytes=10)))
    with pytest.raises(TooLarge) as refused:
        keep_file(b"x" * 11, name="besar.txt")
    assert refused.value.status == 413
    assert isinstance(refused.value, Invalid)
    with open_store() as store:
        assert not store.fs.exists(f"{store.root}/{OBJECTS}")
    assert keep_file(b"x" * 10, name="pas.txt").size == 10


def test_an_empty_file_is_refused():
    with pytest.raises(Invalid, match="empty"):
        keep_file(b"", name="kosong.pdf")


def test_a_full_store_takes_no_more():
    use_files(FileSettings("memory://full", FileLimits(quota_bytes=100)))
    with open_store() as store:
        write_usage(store, Usage(0, [96, *[0] * 255]))
    keep_file(b"abcd", name="a.txt")
    with pytest.raises(NoRoom, match="full"):
        keep_file(b"e", name="b.txt")


def test_a_store_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "files").write_text("no folder")
    use_files(FileSettings(f"file://{tmp_path / 'files'}"))
    with pytest.raises(Busy, match="cannot be kept"):
        keep_file(b"a", name="a.txt")


def test_what_is_not_there_is_gone():
    with open_store() as store, pytest.raises(Gone), store.open(OBJECTS, "0" * 64):
        pass


@pytest.mark.parametrize("sha", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_no_other_path_can_be_asked_for(sha: str):
    with open_store() as store, pytest.raises(ValueError, match="SHA-256"):
        store.path(OBJECTS, sha)


def document() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    return file.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("given", "name", "type_"),
    [
        (picture("JPEG"), "foto.jpg", "image/jpeg"),
        (picture("PNG"), "foto.txt", "image/png"),
        (picture("WEBP"), "foto", "image/webp"),
        (picture("GIF", "P"), "foto.gif", "image/gif"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "surat.pdf", "application/pdf"),
        (HEIC, "IMG_0042.HEIC", "image/heic"),
        (document(), "surat.docx", WORD),
        # T10 and T15: the bytes decide, not the name.
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()">', "foto.png", "image/svg+xml"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><!-- --><svg/>', "foto.svg", "image/svg+xml"),
        (b"<!DOCTYPE html><script>x()</script>", "foto.jpg", "text/html"),
        (b"hello <SCRIPT>x()</SCRIPT>", "foto.jpg", "text/html"),
        (b'<?xml version="1.0"?><a/>', "a.jpg", "application/xml"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "foto.jpg", "application/postscript"),
        (b"sekadar catatan\n", "foto.png", "text/plain"),
        ("catatan é ✓".encode(), "a.txt", "text/plain"),
        (bytes(range(1, 255)), "foto.png", "application/octet-stream"),
        (b"\0", "foto.jpg", "application/octet-stream"),
    ],
)
def test_the_first_bytes_say_what_it_is(given: bytes, name: str, type_: str):
    assert keep_file(given, name=name).type == type_


def scanner(tmp_path: Path, status: int) -> tuple[str, ...]:
    path = tmp_path / "scan"
    path.write_text(f'#!/bin/sh\ngrep -q EICAR "$2" && exit 1\nexit {status}\n')
    path.chmod(0o700)
    return (str(path), "--quiet")


def test_the_virus_scan_decides(tmp_path: Path):
    use_files(FileSettings("memory://scanned", scan=scanner(tmp_path, 0)))
    keep_file(b"bersih", name="a.txt")
    with pytest.raises(Invalid, match=r"virus scan refused the file b\.txt"):
        keep_file(b"EICAR", name="b.txt")
    with open_store() as store:
        assert len(store.fs.find(store.root)) == 1


@pytest.mark.parametrize("what", ["fails", "is missing"])
def test_a_scan_that_cannot_look_lets_nothing_in(tmp_path: Path, what: str):
    command = scanner(tmp_path, 2) if what == "fails" else (str(tmp_path / "nothing"),)
    use_files(FileSettings("memory://unscanned", scan=command))
    with pytest.raises(Busy, match="checked for viruses"):
        keep_file(b"bersih", name="a.txt")


def test_nothing_is_left_beside_when_it_cannot_be_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    use_files(FileSettings(f"file://{tmp_path}"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(Busy):
        keep_file(b"a", name="a.txt")
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]
