"""What the reports answer, as the reference shows it; the tests hold each to its schema."""

from typing import Any

Json = dict[str, Any]

_FIGURES: Json = {
    "received": 12,
    "met": 9,
    "breached": 1,
    "late_open": 0,
    "on_time": 0.9,
    "first_kept": 8,
    "first_missed": 2,
    "first_on_time": 0.8,
    "moved": 1,
    "again_kept": 1,
    "again_missed": 0,
    "again_on_time": 1.0,
}

#: What the reports answer, by the name of their schemas.
REPORTS: dict[str, Json] = {
    "Report": {
        "from": "2026-11-01",
        "to": "2026-11-30",
        "zones": ["Asia/Jakarta", "Asia/Jayapura", "Asia/Makassar"],
        "by": "month",
        "total": _FIGURES,
        "rows": [
            {"key": "2026-11", "label": "November 2026", "label_en": "November 2026", **_FIGURES}
        ],
        "balance": {
            "received": 12,
            "kept": 7,
            "missed_settled": 1,
            "missed_open": 0,
            "running": 2,
            "paused": 1,
            "withdrawn": 1,
            "referred": 0,
            "duplicate": 0,
            "renamed": 0,
            "no_promise": 0,
            "missed": 1,
            "kept_dated_back": 0,
            "taken_over": 0,
        },
        "first_promise": {"kept": 8, "missed": 2, "on_time": 0.8},
        "moved": 1,
        "opened_again": {"kept": 1, "missed": 0, "on_time": 1.0},
        "clocks": [
            {
                "kind": "ack",
                "met": 11,
                "breached": 1,
                "late_open": 0,
                "again_kept": 0,
                "on_time": 0.9167,
            }
        ],
        "exceptions": [
            {
                "kind": "backdated",
                "count": 3,
                "past_due": 1,
                "people": [
                    {
                        "key": "csr@tanggap.example",
                        "email": "csr@tanggap.example",
                        "name": "Rina",
                        "count": 3,
                        "past_due": 1,
                    }
                ],
            }
        ],
        "stopped": {
            "pauses": 2,
            "paused_seconds": 57600,
            "withdrawals": {"kept": 0, "missed": 0, "paused": 0, "running": 1, "none": 0},
        },
        "escalations": [
            {
                "level": 1,
                "raised": 2,
                "by_hand": 0,
                "acknowledged": 1,
                "unanswered": 1,
                "median_seconds": 900,
                "p90_seconds": 900,
                "longest_seconds": 900,
                "waiting_seconds": 28800,
            }
        ],
        "first_contact": {"resolved": 3, "possible": 9, "share": 0.3333},
        "commitments": [
            {
                "kind": "person",
                "key": "csr@tanggap.example",
                "label_id": "Rina",
                "label_en": "Rina",
                "kept": 4,
                "missed": 1,
                "dropped": 0,
                "open": 2,
            }
        ],
        "handling": {
            "closed": 9,
            "median_seconds": 57600,
            "p90_seconds": 144000,
            "longest_seconds": 162000,
        },
        "ageing": {
            "open": 3,
            "oldest_days": 9,
            "ages": [
                {"from_days": 0, "to_days": 2, "open": 1},
                {"from_days": 3, "to_days": 7, "open": 1},
                {"from_days": 8, "to_days": 14, "open": 1},
                {"from_days": 15, "to_days": 30, "open": 0},
                {"from_days": 31, "to_days": None, "open": 0},
            ],
        },
        "compared": {
            "period": {
                "from": "2026-11-01",
                "to": "2026-11-10",
                "working_days": 7,
                "received": 12,
                "met": 9,
                "breached": 2,
                "on_time": 0.8182,
            },
            "before": {
                "from": "2026-10-01",
                "to": "2026-10-10",
                "working_days": 7,
                "received": 11,
                "met": 7,
                "breached": 3,
                "on_time": 0.7,
            },
            "points": 11.8,
        },
        "money": [
            {
                "name": "Rina",
                "email": "csr@tanggap.example",
                "given": 2,
                "given_amount": 150000,
                "agreed": 1,
                "agreed_amount": 100000,
                "asked": 0,
                "asked_amount": 0,
                "approved": 0,
                "approved_amount": 0,
                "rejected": 0,
            }
        ],
    },
    "Exits": {
        "from": "2026-11-01",
        "to": "2026-11-30",
        "by": "handler",
        "total": 1,
        "past_due": 1,
        "kinds": [{"kind": "backdated", "count": 1}],
        "rows": [
            {
                "key": "csr@tanggap.example",
                "label": "Rina",
                "label_en": "Rina",
                "count": 1,
                "kinds": [{"kind": "backdated", "count": 1}],
                "numbers": ["KLH-2026-000123"],
            }
        ],
        "items": [
            {
                "kind": "backdated",
                "number": "KLH-2026-000123",
                "at": "2026-11-20T02:15:00+00:00",
                "by": "Rina",
                "by_email": "csr@tanggap.example",
                "by_key": "csr@tanggap.example",
                "criterion": None,
                "code": "accept",
                "reason": "",
                "signed_by": None,
                "signed_at": None,
                "returned_by": None,
                "amount": None,
                "past_kind": "resolve",
                "past_due_at": "2026-11-19T09:00:00+00:00",
                "code_label": "Solusi diterima",
                "code_label_en": "Solution accepted",
            }
        ],
    },
    "Outcomes": {
        "part": "steps",
        "by": None,
        "from": "2026-11-01",
        "to": "2026-11-30",
        "zones": ["Asia/Jakarta"],
        "sections": [
            {
                "key": "steps",
                "lines": [
                    {
                        "key": "020-1.6",
                        "label": None,
                        "label_en": None,
                        "sample": 12,
                        "values": {
                            "count": 12,
                            "median_seconds": 900,
                            "p90_seconds": 3600,
                            "longest_seconds": 7200,
                            "total_seconds": 16200,
                            "share": 0.125,
                        },
                    }
                ],
                "total": None,
            }
        ],
    },
}
