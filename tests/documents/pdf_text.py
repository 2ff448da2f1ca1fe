"""What can be read in a PDF, by a reader that is not the programme that wrote it."""

from __future__ import annotations

import io

from pypdf import PdfReader


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its spaces and line breaks left out: a cell follows upon a cell."""
    return [
        "".join(page.extract_text().split()).replace("\u200b", "")
        for page in PdfReader(io.BytesIO(pdf)).pages
    ]


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(pages_of(pdf))


def close(*said: str) -> str:
    """Words as they stand in such a text."""
    return "".join("".join(said).split())
