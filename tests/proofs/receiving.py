"""Element 1, from listening to the written record: the ways to each row."""

from __future__ import annotations

from tests.proofs.doors import days
from tests.proofs.rows import Way

STORY = "Internet mati. Sejak kemarin sore. Anak tidak bisa sekolah. Tolong diperbaiki."
SUMMARY = "Internet di rumah mati sejak kemarin sore, minta segera menyala lagi"
STEP = {"what": "Memeriksa jaringan di alamat pelanggan"}
LEFT = {"reason": "Pelanggan pergi mengejar kereta di tengah cerita", "code": "customer_left"}
READ_LEFT = {"reason": "Sambungan terputus, pelanggan menutup telepon", "code": "customer_left"}
BROUGHT = {"reason": "Kartu identitas belum dibawa pelanggan", "code": "document_not_at_hand"}
ASKED = {"reason": "Beliau tidak mau mendengar maaf sama sekali", "code": "asked_not_to"}
UNREACHED = {"reason": "Ponselnya tidak aktif sejak siang", "code": "not_reachable"}
TRY = ("csr", "attempt", {"method": "phone", "text": "Tidak diangkat"})
CLEARED = {"cleared": ["phone", "email"], "reason": "Pelanggan meminta dihapus", "no_letter": True}

WAYS = (
    # 1.1 listened
    Way("1.1", "nothing attested", "attestation", {"listened": False}, status=422),
    Way(
        "1.1",
        "a reason of another row",
        "attestation",
        {"unable": ASKED},
        status=422,
        field="unable.code",
    ),
    Way("1.1", "heard out", "attestation", {"listened": True}, then={"020-1.1": "proven"}),
    Way(
        "1.1",
        "the customer left",
        "attestation",
        {"unable": LEFT},
        then={"020-1.1": "unable"},
        counted=(("unable", "csr", ""),),
    ),
    # 1.2 confirmed back
    Way(
        "1.2",
        "the story word for word",
        "confirmation",
        {"summary": STORY, "answer": "yes"},
        told={"story": STORY},
        status=422,
        field="summary",
    ),
    Way(
        "1.2",
        "nothing summed up",
        "confirmation",
        {"summary": "  ", "answer": "yes"},
        status=422,
    ),
    Way(
        "1.2",
        "not reachable and nobody tried",
        "confirmation",
        {"unable": UNREACHED},
        status=422,
        field="unable.code",
    ),
    Way(
        "1.2",
        "answered by mail in the customer's place",
        "confirmation",
        {"summary": SUMMARY, "method": "email", "answer": "corrected", "corrections": "Sejak pagi"},
        status=422,
        field="answer",
    ),
    Way(
        "1.2",
        "read back and agreed",
        "confirmation",
        {"summary": SUMMARY, "answer": "yes"},
        then={"020-1.2": "proven"},
    ),
    Way(
        "1.2",
        "sent and not answered yet",
        "confirmation",
        {"summary": SUMMARY, "method": "message"},
        then={"020-1.2": "awaiting"},
    ),
    *(
        Way(
            "1.2",
            f"tried by {method} although no contact is left",
            "attempt",
            {"method": method, "text": "Tidak diangkat"},
            place="020-1.1",
            before=(("csr", "record", CLEARED),),
            status=422,
            field="method",
        )
        for method in ("phone", "message", "email")
    ),
    Way(
        "1.2",
        "not reachable after two attempts",
        "confirmation",
        {"unable": UNREACHED},
        before=(TRY, TRY),
        then={"020-1.2": "unable"},
        counted=(("unable", "csr", ""),),
    ),
    # 1.3 apology
    Way(
        "1.3",
        "blame",
        "apology",
        {"stage": "intake", "text": "Mohon maaf Bu Siti, ini salah Ibu sendiri."},
        status=422,
        field="text",
    ),
    Way(
        "1.3",
        "an open placeholder",
        "apology",
        {"stage": "intake", "text": "Mohon maaf Bu Siti atas {masalah}."},
        status=422,
        field="text",
    ),
    Way(
        "1.3",
        "no form of address",
        "apology",
        {"stage": "intake", "text": "Kami mohon maaf atas kejadian ini."},
        status=422,
        field="text",
    ),
    Way(
        "1.3",
        "no time",
        "apology",
        {"stage": "intake", "unable": LEFT},
        status=422,
        field="unable.code",
    ),
    Way(
        "1.3",
        "courteous words",
        "apology",
        {"stage": "intake", "text": "Mohon maaf atas ketidaknyamanan ini, Bu Siti."},
        then={"020-1.3": "proven"},
    ),
    Way(
        "1.3",
        "said all the same",
        "apology",
        {"stage": "intake", "text": "Kami mohon maaf.", "anyway": "Beliau tidak mau disapa"},
        then={"020-1.3": "proven"},
        counted=(("courtesy", "csr", ""),),
    ),
    Way(
        "1.3",
        "the customer asked not to",
        "apology",
        {"stage": "intake", "unable": ASKED},
        then={"020-1.3": "unable"},
        counted=(("unable", "csr", ""),),
    ),
    # 1.4 steps told, 1.5 deadline told
    Way("1.4", "no step", "promise", {"steps": []}, place="020-1.3", status=422),
    Way(
        "1.4",
        "excused",
        "promise",
        {"unable": {"reason": "Pelanggan terburu-buru pulang ke rumah", "code": "customer_left"}},
        place="020-1.3",
        status=422,
        field="unable",
    ),
    Way(
        "1.4",
        "a step with somebody and a date",
        "promise",
        {"steps": [{**STEP, "owner": "TEKNIK", "due_at": days(1)}]},
        place="020-1.3",
        then={"020-1.4": "proven", "020-1.5": "proven"},
    ),
    Way(
        "1.5",
        "later than the policy",
        "promise",
        {"steps": [STEP], "due_at": days(40)},
        place="020-1.3",
        status=422,
        field="due_at",
    ),
    Way(
        "1.5",
        "a date gone by",
        "promise",
        {"steps": [STEP], "due_at": days(-1)},
        place="020-1.3",
        status=422,
        field="due_at",
    ),
    Way(
        "1.5",
        "earlier than the policy",
        "promise",
        {"steps": [STEP], "due_at": days(1)},
        place="020-1.3",
        then={"020-1.5": "proven"},
    ),
    # 1.6 the written record
    Way(
        "1.6",
        "a representative without a power of attorney",
        "receipt",
        {},
        place="020-1.4",
        told={"who": {"needs": ("perwakilan",)}},
        status=409,
        missing=("020-1.6",),
    ),
    Way(
        "1.6",
        "before the steps of intake",
        "receipt",
        {},
        place="020-1.2",
        status=409,
        missing=("020-1.3", "020-1.4", "020-1.5"),
    ),
    Way(
        "1.6",
        "a reason of another row",
        "receipt",
        {"unable": LEFT},
        place="020-1.4",
        status=422,
        field="unable.code",
    ),
    Way("1.6", "a full record", "receipt", {}, place="020-1.4", then={"020-1.6": "proven"}),
    Way(
        "1.6",
        "a document to be brought",
        "receipt",
        {"unable": BROUGHT},
        place="020-1.4",
        told={"who": {"needs": ("perwakilan",)}},
        then={"020-1.6": "unable"},
        counted=(("unable", "csr", ""),),
    ),
)
