"""Answers to requests that reach no page of ours; nobody has been asked for a language yet."""

import json
from http import HTTPStatus

BUSY = (
    "Sistem sedang sibuk; tidak ada yang dicatat. Coba lagi sebentar lagi.",
    "The system is busy; nothing was recorded. Try again in a moment.",
)
HALF = (
    "Permintaan tidak diterima secara utuh; tidak ada yang dicatat. Kirim sekali lagi.",
    "The request did not arrive whole; nothing was recorded. Send it again.",
)


def say_unheard(
    status: HTTPStatus, said: tuple[str, str], *, is_for_program: bool
) -> tuple[str, bytes]:
    """The media type and the body of an answer that says this, in Indonesian and in English."""
    if not is_for_program:
        return "text/plain; charset=utf-8", ("\n".join(said) + "\n").encode()
    problem = {
        "type": f"urn:tanggap:problem:http-{status.value}",
        "title": status.phrase,
        "status": status.value,
        "detail": " / ".join(said),
    }
    return "application/problem+json", json.dumps(problem).encode()
