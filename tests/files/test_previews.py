"""Previews: a picture drawn anew and nothing else of the original, or none at all."""

from __future__ import annotations

import resource
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from complaints.files.previews import MOST_PIXELS, SIDE, draw_preview

RED, BLUE = (220, 20, 20), (20, 20, 220)


def saved(image: Image.Image, form: str, **more: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **more)
    return file.getvalue()


def drawn(given: bytes) -> Image.Image:
    preview = draw_preview(BytesIO(given))
    assert preview is not None
    return Image.open(BytesIO(preview), formats=("WEBP",))


def is_like(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel[:3], colour, strict=True))


def test_a_photo_of_a_telephone_stands_upright_and_tells_nothing_of_its_place():
    """T16: orientation, GPS, device, comment and profile."""
    # Held sideways: what is the upper edge of the photo lies at its left.
    image = Image.new("RGB", (1200, 800), RED)
    image.paste(BLUE, (0, 0, 300, 800))
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Telepon Siti"
    exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    given = saved(image, "JPEG", exif=exif, comment=b"rumah Ibu Siti", icc_profile=b"profil" * 30)
    assert b"Telepon Siti" in given
    preview = draw_preview(BytesIO(given))
    assert preview is not None
    for told in (b"Telepon", b"rumah", b"profil", b"Exif", b"ICCP"):
        assert told not in preview
    shown = Image.open(BytesIO(preview))
    assert shown.size == (320, 480)
    assert not shown.getexif()
    assert not {"comment", "icc_profile", "exif"} & {
        key for key, value in shown.info.items() if value
    }
    assert is_like(shown.getpixel((160, 20)), BLUE)
    assert is_like(shown.getpixel((160, 400)), RED)


@pytest.mark.parametrize("orientation", range(9))
def test_every_way_of_holding_a_telephone(orientation: int):
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = drawn(saved(Image.new("RGB", (90, 60), RED), "JPEG", exif=exif))
    assert shown.size == ((60, 90) if orientation >= 5 else (90, 60))


def pictures() -> dict[str, bytes]:
    """T18: what cannot be written as it was read."""
    red = Image.new("RGB", (60, 40), RED)
    half = red.convert("RGBA")
    half.putalpha(0)
    half.paste((*RED, 255), (0, 0, 30, 40))
    deep = Image.new("I;16", (60, 40), 30_000)
    return {
        "RGBA": saved(half, "PNG"),
        "P": saved(red.convert("P"), "GIF"),
        "P with a hole": saved(half.convert("P"), "PNG", transparency=0),
        "LA": saved(half.convert("LA"), "PNG"),
        "I;16": saved(deep, "PNG"),
        "L": saved(red.convert("L"), "PNG"),
        "1": saved(red.convert("1"), "PNG"),
        "CMYK": saved(red.convert("CMYK"), "JPEG"),
        "WEBP": saved(half, "WEBP"),
    }


@pytest.mark.parametrize("mode", pictures())
def test_every_mode_becomes_a_picture(mode: str):
    shown = drawn(pictures()[mode])
    assert (shown.mode, shown.size) == ("RGB", (60, 40))


def test_what_was_clear_is_white_and_deep_grey_stays_grey():
    assert is_like(drawn(pictures()["RGBA"]).getpixel((50, 20)), (255, 255, 255))
    assert is_like(drawn(pictures()["RGBA"]).getpixel((10, 20)), RED)
    assert is_like(drawn(pictures()["I;16"]).getpixel((10, 10)), (117, 117, 117))


def test_a_small_picture_is_not_blown_up_and_a_large_one_is_small():
    assert drawn(saved(Image.new("RGB", (10, 4)), "PNG")).size == (10, 4)
    assert max(drawn(saved(Image.new("L", (4000, 3000)), "JPEG")).size) == SIDE


def bomb() -> bytes:
    """T14: 169 megapixels of one bit in 20 kB."""
    return saved(Image.new("1", (13_000, 13_000)), "PNG", optimize=True)


@pytest.mark.parametrize(
    "given",
    [
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"",
        b"GIF89a<script>alert(1)</script>",
        saved(Image.new("RGB", (60, 40)), "PNG")[:60],
        saved(Image.new("RGB", (60, 40)), "JPEG")[:300],
        saved(Image.new("RGB", (60, 40)), "TIFF"),
        saved(Image.new("RGB", (60, 40)), "BMP"),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    ],
)
def test_what_is_no_whole_picture_of_four_forms_has_no_preview(given: bytes):
    assert draw_preview(BytesIO(given)) is None


def test_a_bomb_has_no_preview():
    given = bomb()
    assert len(given) < 30_000
    assert draw_preview(BytesIO(given)) is None


def test_a_postscript_file_starts_no_program(monkeypatch: pytest.MonkeyPatch):
    """T15"""

    def start(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", start)
    assert draw_preview(BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")) is None


GROWTH = """
import resource, sys
from complaints.files.previews import draw_preview
from PIL import Image, WebPImagePlugin, JpegImagePlugin
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as file:
    made = draw_preview(file)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(made is None, (after - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize(
    ("size", "progressive", "is_none", "most"),
    [
        (8_000, True, True, 60),
        (8_000, False, True, 60),
        (7_000, False, False, 60),
        (3_400, True, False, 100),
    ],
)
def test_memory_is_bounded(tmp_path: Path, size: int, progressive: bool, is_none: bool, most: int):
    """T13: the size is read before anything is drafted, and a progressive JPEG drafts nothing."""
    assert resource.getrusage(resource.RUSAGE_SELF)
    path = tmp_path / "a.jpg"
    Image.new("L", (size, size), 128).save(path, "JPEG", progressive=progressive)
    assert (size * size > MOST_PIXELS) == (size == 8_000)
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, str(path)], capture_output=True, text=True, check=True
    )
    made_none, grown = done.stdout.split()
    assert made_none == str(is_none)
    assert int(grown) < most
