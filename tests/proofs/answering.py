"""Element 3, from the customer's answer to the service standard: the ways to each row."""

from __future__ import annotations

from tests.proofs.resolving import HURRY, MONEY, REPAIR
from tests.proofs.rows import Act, Way

SILENT = {"reason": "Pelanggan tidak membalas surat kami", "code": "silence"}
NOTHING = {"reason": "Kebijakan tidak membolehkan yang lain lagi", "code": "nothing_else_allowed"}
OFFERED: Act = ("csr", "offer", REPAIR)
WRITTEN: Act = ("csr", "offer", {**REPAIR, "method": "message"})
REMINDED: Act = (
    "csr",
    "message",
    {"text": "Kami menunggu jawaban Ibu", "direction": "out", "method": "message"},
)
WROTE: Act = (
    "csr",
    "message",
    {"text": "Baik, kami setuju", "direction": "in", "method": "message"},
)
REFUSED: Act = ("csr", "answer", {"answer": "refused", "reason": "Mau ganti rugi juga"})

WAYS = (
    # 3.4 the answer
    Way("3.4", "no offer", "answer", {"answer": "accepted"}, place="020-3.2", status=409),
    Way(
        "3.4",
        "refused without the customer's words",
        "answer",
        {"answer": "refused"},
        place="020-3.3",
        status=422,
        field="reason",
    ),
    Way(
        "3.4",
        "silence about an offer that was only said",
        "answer",
        {"unable": SILENT},
        place="020-3.3",
        status=422,
        field="unable.code",
    ),
    Way(
        "3.4",
        "silence without a reminder",
        "answer",
        {"unable": SILENT},
        place="020-3.2",
        before=(WRITTEN,),
        wait=9,
        status=422,
        field="unable.code",
    ),
    Way(
        "3.4",
        "silence before the period is over",
        "answer",
        {"unable": SILENT},
        place="020-3.2",
        before=(WRITTEN, REMINDED),
        wait=1,
        status=422,
        field="unable.code",
    ),
    Way(
        "3.4",
        "no answer",
        "answer",
        {"answer": "none"},
        place="020-3.3",
        then={"020-3.4": "missing"},
    ),
    *(
        Way(
            "3.4",
            f"accepted by {method} without a word of it",
            "answer",
            {"answer": "accepted", "method": method},
            place="020-3.3",
            status=422,
            field="reason",
        )
        for method in ("email", "message", "letter", "print")
    ),
    Way(
        "3.4",
        "seen signed by nobody here",
        "answer",
        {"answer": "accepted", "method": "signature", "heard_by": "Tetangga sebelah"},
        place="020-3.3",
        status=422,
        field="heard_by",
    ),
    Way(
        "3.4",
        "accepted in writing with the customer's words",
        "answer",
        {"answer": "accepted", "method": "email", "reason": "Ya, kami setuju disambung besok"},
        place="020-3.3",
        then={"020-3.4": "proven"},
        counted=(("copied", "csr", ""),),
    ),
    Way(
        "3.4",
        "in other words than the message on record",
        "answer",
        {"answer": "accepted", "method": "message", "reason": "Ya, setuju sekali dengan harganya"},
        place="020-3.3",
        before=(WROTE,),
        status=422,
        field="reason",
    ),
    Way(
        "3.4",
        "by the half of a message that says the opposite",
        "answer",
        {"answer": "accepted", "method": "message", "reason": "setuju"},
        place="020-3.3",
        before=(("csr", "message", {**WROTE[2], "text": "Kami belum setuju"}),),
        status=422,
        field="reason",
    ),
    Way(
        "3.4",
        "accepted by a message that is on record",
        "answer",
        {"answer": "accepted", "method": "message"},
        place="020-3.3",
        before=(WROTE,),
        then={"020-3.4": "proven"},
        counted=(("copied", "csr", ""),),
    ),
    Way(
        "3.4",
        "accepted with a signature",
        "answer",
        {"answer": "accepted", "method": "signature"},
        place="020-3.3",
        then={"020-3.4": "proven"},
    ),
    Way(
        "3.4",
        "accepted",
        "answer",
        {"answer": "accepted"},
        place="020-3.3",
        then={"020-3.4": "proven"},
    ),
    # 3.5 the alternative
    Way(
        "3.5",
        "the refused offer again",
        "offer",
        {"remedy": "PERBAIKAN", "description": "kabel disambung  kembali hari ini."},
        place="020-3.2",
        before=(OFFERED, REFUSED),
        status=422,
    ),
    Way(
        "3.5",
        "signed by the handler",
        "offer",
        {"unable": NOTHING},
        place="020-3.2",
        before=(OFFERED, REFUSED),
        status=403,
    ),
    Way(
        "3.5",
        "another remedy",
        "offer",
        {**MONEY, "amount": 50_000},
        place="020-3.2",
        before=(OFFERED, REFUSED),
        then={"020-3.5": "proven"},
    ),
    Way(
        "3.5",
        "signed by a supervisor",
        "offer",
        {"unable": NOTHING},
        place="020-3.2",
        before=(OFFERED, REFUSED),
        by="supervisor",
        then={"020-3.5": "unable"},
        counted=(("unable", "supervisor", "Supervisor"),),
    ),
    # 3.6 the thanks
    Way("3.6", "before the answer", "thanks", {}, place="020-3.3", status=409),
    Way(
        "3.6",
        "words that do not thank",
        "thanks",
        {"text": "Baik, Bu Siti."},
        place="020-3.4",
        status=422,
        field="text",
    ),
    Way("3.6", "excused", "thanks", HURRY, place="020-3.4", status=422, field="unable"),
    Way(
        "3.6",
        "after the answer",
        "thanks",
        {"text": "Terima kasih, Bu Siti, sudah menerima solusi kami."},
        place="020-3.4",
        then={"020-3.6": "proven"},
    ),
    # 3.7 the service standard
    Way(
        "3.7",
        "nothing handed over",
        "standard-information",
        {"items": []},
        place="020-3.6",
        status=422,
    ),
    Way(
        "3.7",
        "excused",
        "standard-information",
        HURRY,
        place="020-3.6",
        status=422,
        field="unable",
    ),
    Way(
        "3.7",
        "the whole leaflet",
        "standard-information",
        {"all": True},
        place="020-3.6",
        then={"020-3.7": "proven"},
    ),
)
