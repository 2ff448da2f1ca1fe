"""What the calls that help to decide answer, by example."""

from typing import Any

_NUMBER = "KLH-2026-000123"

SUGGESTION_ANSWERS: dict[str, dict[str, Any]] = {
    "SuggestionsAnswer": {
        "categories": [
            {
                "code": "GGN_MATI",
                "confidence": 0.71,
                "because": ["internet mati", "lampu merah"],
                "complaints": [_NUMBER],
                "facts": [],
            },
            {
                "code": "GGN_ULANG",
                "confidence": 0.5,
                "because": [],
                "complaints": [],
                "facts": [
                    {
                        "fact": "repeats",
                        "number": _NUMBER,
                        "category": "GGN_MATI",
                        "at": "2026-10-07T08:30:00+00:00",
                        "done_at": None,
                        "count": 1,
                        "usual": 0.0,
                    }
                ],
            },
        ]
    },
    "SimilarList": {
        "items": [
            {
                "number": _NUMBER,
                "because": ["same_words"],
                "words": ["lampu", "modem", "merah"],
                "status": "closed",
                "category": "GGN_MATI",
                "received_at": "2026-10-05T02:15:00+00:00",
                "closed_at": "2026-10-07T08:30:00+00:00",
                "outcome": "SETUJU",
                "cause": "JARINGAN",
                "cause_text": "Kabel putus oleh galian",
                "remedy": "PERBAIKAN",
                "remedy_text": "Kabel disambung",
            }
        ]
    },
}
