"""What the calls about public posts answer, as the reference shows it."""

from typing import Any

Json = dict[str, Any]

_TEXT = "Internet mati tiga hari, tidak ada yang menjawab!"
_REPLY = "Mohon maaf atas gangguannya, Kak. Kami lanjutkan lewat pesan pribadi."
_LINE: Json = {
    "number": "PUB-2026-000012",
    "state": "replied",
    "branch": "JKT",
    "channel": "x",
    "link": "https://x.com/budi/status/1790000000000000001",
    "author": "@budi",
    "text": _TEXT,
    "posted_at": "2026-11-19T02:15:00+00:00",
    "due_at": "2026-11-19T06:15:00+00:00",
    "late_at": None,
    "ended_at": "2026-11-19T03:05:00+00:00",
}
POST_ANSWERS: dict[str, Json] = {
    "PostList": {"items": [_LINE], "next": None},
    "PublicPostAnswer": {
        **_LINE,
        "text_now": "",
        "gone_at": None,
        "taken_at": "2026-11-19T02:30:00+00:00",
        "taken_by": "Rina",
        "reply": _REPLY,
        "reply_link": "",
        "replied_at": "2026-11-19T03:00:00+00:00",
        "ended_by": "Rina",
        "reason": "",
        "complaint": None,
        "history": [
            {
                "what": "take",
                "at": "2026-11-19T02:30:00+00:00",
                "by": "Rina",
                "detail": {"channel": "x", "source": "api", "due_at": "2026-11-19T06:15:00+00:00"},
            },
            {
                "what": "reply",
                "at": "2026-11-19T03:05:00+00:00",
                "by": "Rina",
                "detail": {"text": _REPLY, "at": "2026-11-19T03:00:00+00:00"},
            },
        ],
    },
}
