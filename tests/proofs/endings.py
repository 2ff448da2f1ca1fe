"""Ways to stop, move or end a clock, and amounts: the ways to each paragraph."""

from __future__ import annotations

from tests.proofs.answering import OFFERED, REFUSED
from tests.proofs.doors import ANOTHERS, ITSELF, LIKE_IT, days
from tests.proofs.resolving import MONEY
from tests.proofs.rows import Act, Way

PAUSE = {"awaits": "documents", "reason": "Mohon kirim foto lampu modem"}
PAUSED: Act = ("csr", "pause", {**PAUSE, "until": days(1)})
RESUMED: Act = ("csr", "resumption", {})
WITHDRAWN = "Internet sudah menyala lagi sendiri"
MORE_TIME = {"until": days(10), "reason": "Menunggu suku cadang dari gudang"}
APPROVED = {"answer": "approved"}
#: The two extensions that supervisors may grant, and a third one asked for.
THIRD: tuple[Act, ...] = (
    ("csr", "extension", MORE_TIME),
    ("supervisor", "extension/approval", APPROVED),
    ("csr", "extension", {**MORE_TIME, "until": days(11)}),
    ("supervisor", "extension/approval", APPROVED),
    ("csr", "extension", {**MORE_TIME, "until": days(12)}),
)
#: One that moves the date by more working days than supervisors may.
FAR: tuple[Act, ...] = (("csr", "extension", {**MORE_TIME, "until": days(60)}),)
GRANTED = (("extension", "csr", "Supervisor"),) * 2
ABOVE: Act = ("csr", "offer", {**MONEY, "amount": 150_000})
#: A first round with all that the CSR may give, closed and opened again.
GIVEN: tuple[Act, ...] = (
    ("csr", "offer", {**MONEY, "amount": 100_000}),
    ("csr", "answer", {"answer": "accepted"}),
    ("csr", "thanks", {}),
    ("csr", "standard-information", {"all": True}),
    ("csr", "commitments/done", {"all": True, "reference": "TRX-20261119-01"}),
    ("csr", "closure", {}),
    ("csr", "reopening", {"reason": "Gangguan kembali pada hari yang sama"}),
    ("officer", "cause", {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus lagi"}),
)
#: The second round, all of it but for the date.
PROMISED = {"steps": [{"what": "Memeriksa sambungan sekali lagi"}], "due_at": days(1)}
ALL_DONE: Act = ("csr", "commitments/done", {"all": True, "note": "Joko melapor selesai"})
AGAIN: tuple[Act, ...] = (
    *GIVEN,
    ("csr", "apology", {"stage": "resolution"}),
    ("csr", "cause-explanation", {"text": "Kabel putus lagi oleh galian", "view": "agrees"}),
    OFFERED,
    ("csr", "answer", {"answer": "accepted"}),
    ("csr", "thanks", {}),
    ("csr", "standard-information", {"all": True}),
    ALL_DONE,
)

WAYS = (
    # Pause
    Way(
        "pause",
        "for nothing that the customer has to do",
        "pause",
        {"reason": "Sedang banyak pekerjaan lain", "until": days(1)},
        place="020-1.6",
        status=422,
        field="awaits",
    ),
    Way(
        "pause",
        "longer than the handler may",
        "pause",
        {**PAUSE, "until": days(12)},
        place="020-1.6",
        status=403,
    ),
    Way(
        "pause",
        "a second one by the handler",
        "pause",
        {**PAUSE, "until": days(1)},
        place="020-1.6",
        before=(PAUSED, RESUMED),
        status=403,
    ),
    Way(
        "pause",
        "the first by the handler",
        "pause",
        {**PAUSE, "until": days(1)},
        place="020-1.6",
        counted=(("pause", "csr", ""),),
    ),
    Way(
        "pause",
        "a longer one by a supervisor",
        "pause",
        {**PAUSE, "until": days(12)},
        place="020-1.6",
        by="supervisor",
        counted=(("pause", "supervisor", ""),),
    ),
    # Withdrawal
    Way(
        "withdrawal",
        "by nobody's act",
        "withdrawal",
        {"reason": WITHDRAWN},
        place="020-1.6",
        status=422,
        field="method",
    ),
    Way(
        "withdrawal",
        "a call without a number",
        "withdrawal",
        {"reason": WITHDRAWN, "method": "phone", "number": ""},
        place="020-1.6",
        status=422,
        field="number",
    ),
    Way(
        "withdrawal",
        "a message that nobody received",
        "withdrawal",
        {"reason": WITHDRAWN, "method": "email"},
        place="020-1.6",
        status=422,
        field="method",
    ),
    Way(
        "withdrawal",
        "with a signature",
        "withdrawal",
        {"reason": WITHDRAWN, "method": "signature"},
        place="020-1.6",
        counted=(("withdrawal", "csr", ""),),
    ),
    # Duplicate
    Way(
        "duplicate",
        "of nothing",
        "merge",
        {"into": "KLH-2026-999999"},
        place="020-1.6",
        status=422,
        field="into",
    ),
    Way(
        "duplicate",
        "of itself",
        "merge",
        {"into": ITSELF},
        place="020-1.6",
        status=422,
        field="into",
    ),
    Way(
        "duplicate",
        "of another customer's, whatever the reason",
        "merge",
        {"into": ANOTHERS, "reason": "Gangguan yang sama di satu rumah"},
        place="020-1.6",
        status=422,
        field="into",
    ),
    Way(
        "duplicate",
        "of the one that goes on",
        "merge",
        {"into": LIKE_IT},
        place="020-1.6",
        counted=(("duplicate", "csr", ""),),
    ),
    # Extension
    Way(
        "extension",
        "into the past",
        "extension",
        {**MORE_TIME, "until": days(-1)},
        place="020-1.6",
        status=422,
        field="until",
    ),
    Way(
        "extension",
        "approved by whoever asks",
        "extension/approval",
        {"answer": "approved"},
        place="020-1.6",
        before=(("csr", "extension", MORE_TIME),),
        status=403,
    ),
    Way("extension", "asked for", "extension", MORE_TIME, place="020-1.6"),
    Way(
        "extension",
        "approved by a supervisor",
        "extension/approval",
        {"answer": "approved"},
        place="020-1.6",
        before=(("csr", "extension", MORE_TIME),),
        by="supervisor",
        counted=(("extension", "csr", "Supervisor"),),
    ),
    *(
        Way(
            "extension",
            f"{beyond} by a supervisor",
            "extension/approval",
            APPROVED,
            place="020-1.6",
            before=acts,
            by="supervisor",
            status=403,
        )
        for beyond, acts in (("too often", THIRD), ("too far", FAR))
    ),
    Way(
        "extension",
        "too often by a manager",
        "extension/approval",
        APPROVED,
        place="020-1.6",
        before=THIRD,
        by="manager",
        counted=(
            *GRANTED,
            ("extension", "csr", "Manager"),
            ("extension_beyond", "manager", ""),
        ),
    ),
    Way(
        "extension",
        "too far by a manager",
        "extension/approval",
        APPROVED,
        place="020-1.6",
        before=FAR,
        by="manager",
        counted=(("extension", "csr", "Manager"), ("extension_beyond", "manager", "")),
    ),
    # Reopening
    Way(
        "reopening",
        "without a word",
        "reopening",
        {"reason": "-"},
        place="closed",
        status=422,
        field="reason",
    ),
    Way(
        "reopening",
        "with a reason",
        "reopening",
        {"reason": "Gangguan kembali pada hari yang sama"},
        place="closed",
        counted=(("reopening", "csr", ""),),
    ),
    Way(
        "reopening",
        "closed again without a date told since",
        "closure",
        {},
        place="020-3.2",
        before=AGAIN,
        status=409,
        missing=("020-1.5",),
    ),
    Way(
        "reopening",
        "closed again after a date told since",
        "closure",
        {},
        place="020-3.2",
        before=(*AGAIN, ("csr", "promise", PROMISED), ALL_DONE),
        then={"020-1.5": "proven"},
        counted=(("reopening", "csr", ""),),
    ),
    # Amounts
    Way(
        "amounts",
        "a little more after closing and opening",
        "offer",
        {**MONEY, "amount": 1_000},
        place="020-3.2",
        before=GIVEN,
        then={"020-3.3": "missing"},
        counted=(("reopening", "csr", ""),),
    ),
    Way(
        "amounts",
        "decided by whoever asked",
        "offer/approval",
        {"answer": "approved"},
        place="020-3.2",
        before=(("supervisor", "offer", {**MONEY, "amount": 3_000_000}),),
        by="supervisor",
        status=403,
    ),
    Way(
        "amounts",
        "decided without the right",
        "offer/approval",
        {"answer": "approved"},
        place="020-3.2",
        before=(ABOVE,),
        status=403,
    ),
    Way(
        "amounts",
        "approved by whoever may",
        "offer/approval",
        {"answer": "approved"},
        place="020-3.2",
        before=(ABOVE,),
        by="supervisor",
        then={"020-3.3": "proven"},
        counted=(("approval", "supervisor", ""),),
    ),
    Way(
        "amounts",
        "an alternative beyond the limit",
        "offer",
        {**MONEY, "amount": 150_000},
        place="020-3.2",
        before=(OFFERED, REFUSED),
        then={"020-3.5": "missing"},
    ),
)
