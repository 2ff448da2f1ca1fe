"""One example of everything that is sent and answered, as the reference shows it.

The tests hold each to its schema, and send the bodies, so that none of them goes stale.
"""

from typing import Any

from complaints.actions.registry import ACTS
from complaints.channels.api.examples.contacts import CONTACT_ANSWERS
from complaints.channels.api.examples.due import DEADLINE, EXPLANATION
from complaints.channels.api.examples.improvement import IMPROVEMENT_ANSWERS
from complaints.channels.api.examples.incidents import INCIDENT_ANSWERS
from complaints.channels.api.examples.management_review import REVIEW_ANSWERS
from complaints.channels.api.examples.posts import POST_ANSWERS
from complaints.channels.api.examples.reports import REPORTS
from complaints.channels.api.examples.suggestions import SUGGESTION_ANSWERS
from complaints.channels.api.inbound.schemas import MESSAGE_ANSWERS
from complaints.channels.api.webhooks.schemas import WEBHOOK_ANSWERS

Json = dict[str, Any]

NUMBER = "KLH-2026-000123"

COMPLAINT_BODY: Json = {
    "customer": {
        "name": "Siti Aminah",
        "salutation": "Ibu",
        "phone": "0812 3456 7890",
        "email": "siti@pelanggan.example",
    },
    "channel": "walk_in",
    "category": "GGN_MATI",
    "story": "Internet di rumah mati sejak kemarin sore.",
}

#: Several acts at once.
SEVERAL: list[Json] = [
    {"noun": noun, **ACTS[noun].example} for noun in ("attestation", "confirmation", "apology")
]

_RECORDED: Json = {
    "number": NUMBER,
    "status": "received",
    "stage": "intake",
    "waiting_customer": False,
    "missing": ["020-1.1", "020-1.2", "020-1.3", "020-1.4", "020-1.5", "020-1.6"],
    "priority": "P2",
    "deadlines": [DEADLINE],
    "version": 1,
}
_COMPLAINT: Json = {
    **_RECORDED,
    "channel": "walk_in",
    "branch": "JKT",
    "team": None,
    "handler": {"email": "csr@tanggap.example", "name": "Rina"},
    "category": "GGN_MATI",
    "story": COMPLAINT_BODY["story"],
    "summary": "",
    "product": "",
    "remedy_wanted": "",
    "received_at": "2026-11-19T02:15:00+00:00",
    "incident_at": None,
    "documents_complete_at": None,
    "promised_at": None,
    "first_told_at": None,
    "closed_at": None,
    "next_due_at": "2026-11-24T02:15:00+00:00",
    "next_due_kind": "resolve",
    "outcome": None,
    "duplicate_of": None,
    "duplicates": [],
    "continues": None,
    "continued_by": [],
    "follow_ups": [],
    "ratings": [],
    "severity": 3,
    "priority_reason": {
        "severity": 3,
        "tier_weight": 0,
        "base": "P2",
        "raises": [],
        "matrix": "2026-11",
        "provisional": True,
    },
    "awaiting_delivery": False,
    "escalation_level": 0,
    "cycle": 1,
    "source": "api",
    "external_id": None,
    "customer": {
        "name": "Siti Aminah",
        "salutation": "Ibu",
        "phone": "6281234567890",
        "email": "siti@pelanggan.example",
        "number": None,
        "tier": "REGULER",
        "needs": [],
        "language": "id",
    },
    "contact": {
        "name": "Siti Aminah",
        "salutation": "Ibu",
        "phone": "6281234567890",
        "email": "siti@pelanggan.example",
        "doubted_number": None,
    },
}
_LINE: Json = {
    **{
        key: _COMPLAINT[key]
        for key in (
            "number",
            "status",
            "stage",
            "waiting_customer",
            "priority",
            "category",
            "channel",
            "branch",
            "team",
            "received_at",
            "closed_at",
            "outcome",
            "escalation_level",
            "next_due_at",
            "next_due_kind",
        )
    },
    "customer": "Siti Aminah",
    "summary": COMPLAINT_BODY["story"],
    "handler": "Rina",
    "standing": {
        "state": "safe",
        "seconds": 86400,
        "paused_until": None,
        "years_without_holidays": [],
    },
}
_IN_USE = {"retired": False}
_WORDS: Json = {"label_id": "Internet mati", "label_en": "No internet"}

_ATTACHMENT: Json = {
    "id": 5,
    "name": "tagihan-november.pdf",
    "type": "application/pdf",
    "size": 48213,
    "sha256": "9f2c1d6d0b7e4a53" * 4,
    "kind": "bill",
    "by": "Rina",
    "at": "2026-11-19T02:15:00+00:00",
    "shown_to_customer": False,
}

#: What is answered, by the name of its schema.
ANSWERS: dict[str, Json] = {
    "Recorded": _RECORDED,
    "Complaint": _COMPLAINT,
    "ComplaintPage": {"items": [_LINE], "next": None},
    "Deadlines": {"items": [DEADLINE], "waiting": []},
    "Explanations": {"items": [EXPLANATION]},
    "History": {
        "items": [
            {
                "seq": 1,
                "what": "receive",
                "at": "2026-11-19T02:15:00+00:00",
                "by": "Rina",
                "detail": {},
                "hash": "9f2c1d6d0b7e4a53" * 4,
            }
        ],
        "next": None,
    },
    "Attachments": {"items": [_ATTACHMENT]},
    "AttachmentAnswer": _ATTACHMENT,
    "Letters": {
        "items": [
            {
                "id": 17,
                "kind": "offer",
                "method": "email",
                "state": "sent",
                "at": "2026-11-19T02:16:00+00:00",
                "criteria": ["020-3.3"],
                "files": [{"id": 9, "sha256": "9f86d081" * 8, "held_back": False}],
            }
        ]
    },
    "Evidence": {
        "items": [
            {
                "criterion": "020-1.2",
                "state": "proven",
                "at": "2026-11-19T02:20:00+00:00",
                "by": "Rina",
                "record": "confirmation",
                "noun": "confirmation",
                "method": "spoken",
                "heard_by": None,
                "copied_by": None,
                "words": "Internet mati sejak kemarin sore",
                "reason": "",
                "why": None,
                "deviations": None,
                "earlier_rules": False,
            }
        ]
    },
    "FactsAnswer": {
        "number": "PLG-0001",
        "tier": "BISNIS",
        "since": "2019-03-01",
        "products": ["INTERNET_RUMAH"],
        "arrears": 250000,
        "notes": "",
        "history": [
            {
                "fact": "arrears",
                "value": 250000,
                "before": None,
                "at": "2026-11-19T03:00:00+00:00",
                "by": "Rina",
                "source": "api",
            }
        ],
    },
    "Offers": {
        "items": [
            {
                "id": 7,
                "cycle": 1,
                "remedy": "KOREKSI_TAGIHAN",
                "description": "Dua hari tanpa layanan dipotong dari tagihan",
                "amount": 150000,
                "state": "waiting_approval",
                "alternative_to": None,
                "at": "2026-11-19T03:00:00+00:00",
                "by": "Rina",
                "exceeds": "offer",
                "asked_of": "Dewi",
                "decided_at": None,
                "decided_by": None,
                "decision_reason": "",
                "agreed_at": None,
                "agreed_by": None,
                "deliver_by": None,
                "delivered_at": None,
                "delivered_by": None,
                "reference": None,
            }
        ],
        "given": {"on_complaint": 0, "agreed": 0, "delivered": 0, "to_customer": 50000, "days": 90},
        "elsewhere": [],
        "waiting": {"id": 7, "asked_of": "Dewi", "may_decide": False},
        "own_limit": 100000,
        "approvers": [{"name": "Dewi", "up_to": 2500000}],
    },
    "Commitments": {
        "items": [
            {
                "id": 1,
                "kind": "step",
                "what": "Memeriksa jaringan di alamat pelanggan",
                "owner": "TEKNIK",
                "owner_kind": "unit",
                "made_at": "2026-11-19T02:20:00+00:00",
                "due_at": "2026-11-20T03:00:00+00:00",
                "agreed_at": "2026-11-20T03:00:00+00:00",
                "state": "open",
                "was_late": False,
                "done_at": None,
                "done_by": None,
                "note": "",
                "reference": "",
                "dropped_at": None,
                "dropped_by": None,
                "drop_cause": None,
                "drop_reason": "",
                "cycle": 1,
                "earlier_rules": False,
            }
        ]
    },
    **REPORTS,
    **CONTACT_ANSWERS,
    **POST_ANSWERS,
    **IMPROVEMENT_ANSWERS,
    **REVIEW_ANSWERS,
    **WEBHOOK_ANSWERS,
    **MESSAGE_ANSWERS,
    **INCIDENT_ANSWERS,
    **SUGGESTION_ANSWERS,
    "FollowingAnswer": {"number": NUMBER, "following": True},
    "Codes": {
        "category_groups": [
            {"code": "GANGGUAN", "label_id": "Gangguan", "label_en": "Service disruption"}
        ],
        "categories": [
            {"code": "GGN_MATI", **_WORDS, "group": "GANGGUAN", "severity": 3, **_IN_USE}
        ],
        "channels": [
            {
                "code": "call",
                "label_id": "Telepon",
                "label_en": "Phone",
                "oral": True,
                "reply_hours": 0,
                **_IN_USE,
            }
        ],
        "tiers": [{"code": "REGULER", "label_id": "Reguler", "label_en": "Regular"}],
        "needs": [
            {"code": "lansia", "label_id": "Lansia", "label_en": "Elderly", "vulnerable": True}
        ],
        "causes": [
            {
                "code": "JARINGAN",
                "label_id": "Jaringan",
                "label_en": "Network",
                "group": "JARINGAN",
                "needs_supervisor": False,
                "needs_investigation": False,
                **_IN_USE,
            }
        ],
        "remedies": [
            {
                "code": "PERBAIKAN",
                "label_id": "Perbaikan",
                "label_en": "Repair",
                "kind": "non_money",
                "takes_amount": False,
                **_IN_USE,
            }
        ],
        "not_complaints": [
            {
                "code": "INFORMASI",
                "label_id": "Permintaan informasi",
                "label_en": "Information request",
                "ending": "answered",
            }
        ],
        "outcomes": [{"code": "SETUJU", "label_id": "Disetujui", "label_en": "Agreed"}],
        "unable_reasons": [{"code": "customer_left", **_WORDS, "criteria": ["020-1.2"], **_IN_USE}],
        "pause_reasons": [{"code": "documents", **_WORDS, **_IN_USE}],
        "products": [
            {
                "code": "INTERNET_RUMAH",
                "label_id": "Internet rumah",
                "label_en": "Home internet",
                **_IN_USE,
            }
        ],
        "standard_information": [
            {
                "code": "deadlines",
                "label_id": "Tenggat penanganan",
                "label_en": "Deadlines",
                "mandatory": True,
            }
        ],
        "teams": [{"code": "TEKNIK", "label_id": "Teknik", "label_en": "Technical", **_IN_USE}],
        "branches": [{"code": "JKT", "label_id": "Jakarta", "label_en": "Jakarta"}],
    },
    "Me": {
        "email": "csr@tanggap.example",
        "name": "Rina",
        "role": "csr",
        "branch": "JKT",
        "team": None,
        "language": "id",
        "scopes": ["read", "write"],
    },
    "Problem": {
        "type": "urn:tanggap:problem:gate",
        "title": "Steps of the protocol are missing",
        "status": 409,
        "detail": "Not possible yet: 1 steps of the protocol are missing. 020-1.2 the complaint has"
        " not been confirmed back.",
        "missing": ["020-1.2"],
    },
}
