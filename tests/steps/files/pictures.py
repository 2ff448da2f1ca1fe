"""A photo as a telephone makes it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image


def make_photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(file, "JPEG")
    return file.getvalue()


PHOTO = make_photo()
