"""What the calls about contacts answer, as the reference shows it."""

from typing import Any

Json = dict[str, Any]

_WORDS = "Jam berapa loket buka pada hari Sabtu?"
_ANSWER = "Buka pukul 08.00 sampai 12.00"
_TOLD: Json = {
    "number": "KTK-2026-000045",
    "kind": "INFORMASI",
    "state": "ended",
    "branch": "JKT",
    "channel": "call",
    "words": _WORDS,
    "team": None,
    "received_at": "2026-11-19T02:15:00+00:00",
    "taken_by": "Rina",
    "ended_at": "2026-11-19T02:15:00+00:00",
}
_FILE: Json = {
    "id": 3,
    "name": "foto.jpg",
    "type": "image/jpeg",
    "size": 48211,
    "sha256": "9f86d081" * 8,
    "from_customer": True,
    "by": "Pelanggan",
    "at": "2026-11-19T02:15:00+00:00",
}
CONTACT_ANSWERS: dict[str, Json] = {
    "ContactFileAnswer": _FILE,
    "ContactList": {"items": [{**_TOLD, "customer": "Siti Aminah"}], "next": None},
    "OtherContactAnswer": {
        **_TOLD,
        "customer": {
            "name": "Siti Aminah",
            "salutation": "Ibu",
            "phone": "6281234567890",
            "email": None,
            "number": "",
        },
        "reference": "",
        "person": "",
        "ended_by": "Rina",
        "answer": _ANSWER,
        "method": "phone",
        "complaint": None,
        "first_complaint": None,
        "reason": "",
        "files": [_FILE],
        "history": [
            {
                "what": "take",
                "at": "2026-11-19T02:15:00+00:00",
                "by": "Rina",
                "detail": {"kind": "INFORMASI", "channel": "call", "source": "api"},
            },
            {
                "what": "end",
                "at": "2026-11-19T02:15:00+00:00",
                "by": "Rina",
                "detail": {"text": _ANSWER, "method": "phone"},
            },
        ],
    },
}
