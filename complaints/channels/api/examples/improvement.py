"""What the calls about corrective actions and causes answer, as the reference shows it."""

from typing import Any

Json = dict[str, Any]

_WHYS = ["Tarif baru belum dimasukkan", "Tidak ada yang ditunjuk memeriksanya"]
_COMMON: Json = {
    "number": "TPB-2026-000012",
    "state": "done",
    "branch": "JKT",
    "subject": "cause",
    "code": "SISTEM_TAGIHAN",
    "cause": "SISTEM_TAGIHAN",
    "whys": _WHYS,
    "what": "Uji hitung tagihan sebelum dikirim",
    "owner": "Dewi",
    "due_on": "2026-12-18",
    "due_at": "2026-12-18T10:00:00+00:00",
    "late_at": None,
    "raised_at": "2026-11-19T02:30:00+00:00",
    "done_on": "2026-12-14",
    "ended_at": None,
}
IMPROVEMENT_ANSWERS: dict[str, Json] = {
    "ActionList": {"items": [{**_COMMON, "is_late": False}], "next": None},
    "CorrectiveActionAnswer": {
        **_COMMON,
        "why": "Tagihan salah hitung baru diketahui dari keluhan pelanggan",
        "contact": None,
        "owner_email": "dewi@contoh.id",
        "first_due_on": "2026-12-18",
        "weeks": 8,
        "raised_by": "Rina",
        "done_at": "2026-12-14T08:00:00+00:00",
        "evidence": "Laporan uji 12 Desember: 400 tagihan cocok",
        "ended_by": "",
        "reason": "",
        "effect": {
            "judgement": "fewer",
            "before": {
                "first": "2026-10-19",
                "last": "2026-12-13",
                "cases": 48,
                "of": 610,
                "unknown": 35,
            },
            "after": {
                "first": "2026-12-15",
                "last": "2027-02-08",
                "cases": 21,
                "of": 588,
                "unknown": 41,
            },
            "ratio": 0.4539,
            "low": 0.2581,
            "high": 0.7721,
        },
        "history": [
            {
                "what": "whys",
                "at": "2026-11-19T03:00:00+00:00",
                "by": "Rina",
                "detail": {"cause": "SISTEM_TAGIHAN", "whys": _WHYS},
            }
        ],
    },
    "CauseTreeAnswer": {
        "first": "2026-10-01",
        "last": "2026-10-31",
        "received": 320,
        "without_cause": 44,
        "groups": [
            {
                "code": "SISTEM",
                "received": 61,
                "causes": [
                    {
                        "code": "SISTEM_TAGIHAN",
                        "received": 26,
                        "missed": 4,
                        "actions": ["TPB-2026-000012"],
                    }
                ],
            }
        ],
        "unknown": [],
        "has_more_actions": False,
    },
}
