"""Examples of the answers about management reviews."""

from typing import Any

Json = dict[str, Any]

_DAYS: Json = {
    "number": "RTM-2026-000003",
    "state": "concluded",
    "branch": None,
    "first": "2026-07-01",
    "last": "2026-09-30",
    "held_on": "2026-10-12",
    "next_on": "2027-01-11",
    "chaired_by": "Ratna, Direktur Layanan",
}
_ACTION: Json = {
    "number": "TPB-2026-000012",
    "what": "Uji hitung tagihan sebelum dikirim",
    "owner": "Dewi",
    "due_on": "2026-12-18",
    "state": "open",
    "done_on": None,
    "was_late": False,
    "now": "done",
}
REVIEW_ANSWERS: dict[str, Json] = {
    "ReviewList": {
        "items": [
            {
                **_DAYS,
                "drafted_at": "2026-10-05T02:00:00+00:00",
                "ended_at": "2026-10-12T08:30:00+00:00",
            }
        ],
        "next": None,
    },
    "ReviewAnswer": {
        **_DAYS,
        "participants": ["Ratna, Direktur Layanan", "Budi, Penyelia Jakarta"],
        "minutes": {"process": "Balasan pertama pada hari yang sama"},
        "figures": {
            "read_at": "2026-10-05T02:00:00+00:00",
            "zones": ["Asia/Jakarta"],
            "deadlines": {"total": {"received": 320, "met": 271, "breached": 17}},
            "sections": [
                {
                    "key": "handling",
                    "lines": [
                        {
                            "key": "closed",
                            "label": "Selesai dalam periode ini",
                            "label_en": "Closed in the period",
                            "sample": 288,
                            "values": {"count": 288, "median_seconds": 64800},
                        }
                    ],
                    "total": None,
                }
            ],
            "actions": [{**_ACTION, "effect": None}],
            "has_more_actions": False,
        },
        "agreed": [_ACTION],
        "before": {"number": "RTM-2026-000002", "held_on": "2026-07-13", "actions": []},
        "drafted_at": "2026-10-05T02:00:00+00:00",
        "drafted_by": "Sinta",
        "ended_at": "2026-10-12T08:30:00+00:00",
        "ended_by": "Sinta",
        "reason": "",
        "history_seq": 4,
        "history": [
            {
                "what": "draft",
                "at": "2026-10-05T02:00:00+00:00",
                "by": "Sinta",
                "detail": {"from": "2026-07-01", "to": "2026-09-30"},
            }
        ],
    },
}
