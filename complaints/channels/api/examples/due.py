"""Examples of what is answered about due times: a deadline, and the explanation of one."""

from typing import Any

Json = dict[str, Any]

DEADLINE: Json = {
    "kind": "resolve",
    "started_at": "2026-11-19T02:15:00+00:00",
    "due_at": "2026-11-24T02:15:00+00:00",
    "paused_until": None,
    "years_without_holidays": [],
    "told_at": None,
    "first_told_at": None,
    "state": "running",
    "ended_at": None,
    "breached_at": None,
    "policy": "id-default-front-desk",
    "clause": "resolve_p2",
    "cycle": 1,
}
EXPLANATION: Json = {
    "kind": "resolve",
    "state": "running",
    "started_at": "2026-11-19T02:15:00+00:00",
    "due_at": "2026-11-20T02:15:00+00:00",
    "told_at": "2026-11-20T02:15:00+00:00",
    "first_told_at": "2026-11-20T02:15:00+00:00",
    "base_due_at": "2026-11-20T02:15:00+00:00",
    "policy": {"code": "id-default-front-desk", "name": "Meja depan", "version": 1},
    "clause": {
        "id": "resolve_p1",
        "label_id": "Selesai, P1",
        "label_en": "Resolved, P1",
        "duration": 1,
        "unit": "working_day",
        "end_of_day": False,
        "counting": "from_first_open_moment",
        "evidence": "ours",
        "extension": None,
    },
    "calendar": {"code": "jakarta", "version": 1, "tz": "Asia/Jakarta"},
    "worktime_seconds": 28800,
    "lines": [
        {
            "date": "2026-11-19",
            "opened_at": "2026-11-19T02:15:00+00:00",
            "closed_at": "2026-11-19T09:00:00+00:00",
            "seconds": 24300,
            "reason": None,
            "name": None,
        },
        {
            "date": "2026-11-20",
            "opened_at": "2026-11-20T01:00:00+00:00",
            "closed_at": "2026-11-20T02:15:00+00:00",
            "seconds": 4500,
            "reason": None,
            "name": None,
        },
    ],
    "changes": [
        {
            "what": "tell",
            "at": "2026-11-19T02:30:00+00:00",
            "by": "Rina",
            "reason": None,
            "until": "2026-11-20T02:15:00+00:00",
            "due_at": "2026-11-20T02:15:00+00:00",
            "paused_seconds": 0,
            "clause": None,
            "condition": None,
        }
    ],
    "governed_by": "rule",
    "adds_up": True,
    "years_without_holidays": [],
}
