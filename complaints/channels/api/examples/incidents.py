"""What the calls about incidents answer, by example."""

from typing import Any

_AT = "2026-11-19T02:15:00+00:00"
_WORDS = "Layanan terganggu karena kabel laut terputus. Perbaikan sedang berjalan."
_INCIDENT: dict[str, Any] = {
    "number": "INS-2026-000001",
    "title": "Kabel laut terputus",
    "category": "GANGGUAN",
    "branch": "JKT",
    "cause": "Kabel terputus oleh jangkar kapal",
    "plan": "Kapal perbaikan berangkat hari ini",
    "expected_at": None,
    "words": _WORDS,
    "words_en": "",
    "approved_at": _AT,
    "approved_by": "Sari",
    "opened_at": _AT,
    "opened_by": "Sari",
    "closed_at": None,
    "closed_by": "",
    "closing": "",
}
_TOLD = {
    "text": _WORDS,
    "text_en": "",
    "at": _AT,
    "by": "Sari",
    "states": {"told": 38, "task": 2},
}
_LINE = {**_INCIDENT, "count": 40}

INCIDENT_ANSWERS: dict[str, Any] = {
    "IncidentAnswer": _INCIDENT,
    "IncidentPageAnswer": {"items": [_LINE], "next": None},
    "WholeIncident": {
        **_LINE,
        "complaints": [
            {
                "number": "KLH-2026-000123",
                "status": "in_handling",
                "how": "by_hand",
                "at": _AT,
                "told": "told",
            }
        ],
        "hidden": 39,
        "messages": [_TOLD],
    },
    "RowsAnswer": {
        "done": 1,
        "refused": 0,
        "items": [{"number": "KLH-2026-000123", "state": "done", "detail": ""}],
    },
    "SentAnswer": {"number": "INS-2026-000001", "told": _TOLD},
}
