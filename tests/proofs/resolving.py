"""Element 3, from the second apology to the offer: the ways to each row."""

from __future__ import annotations

from tests.proofs.rows import Act, Way

CAUSE: Act = (
    "officer",
    "cause",
    {"stage": "confirmed", "code": "JARINGAN_PERANGKAT", "text": "Modem rusak oleh petir semalam"},
)
TOLD = "Kabel di tiang depan rumah terputus oleh galian pipa"
REPAIR = {"remedy": "PERBAIKAN", "description": "Kabel disambung kembali hari ini"}
MONEY = {"remedy": "RESTITUSI", "description": "Potongan tagihan bulan depan"}
TRY: Act = ("csr", "attempt", {"method": "phone", "text": "Tidak diangkat"})
NO_ANSWER = {"reason": "Nomor beliau tidak aktif sejak kemarin", "code": "not_reachable"}
ASKED = {"reason": "Beliau tidak mau mendengar maaf sekali lagi", "code": "asked_not_to"}
HURRY = {"unable": {"reason": "Pelanggan terburu-buru pulang ke rumah", "code": "customer_left"}}

WAYS = (
    # 3.1 the second apology
    Way(
        "3.1",
        "before the cause is confirmed",
        "apology",
        {"stage": "resolution"},
        place="020-2.5",
        status=409,
    ),
    Way(
        "3.1",
        "blame",
        "apology",
        {"stage": "resolution", "text": "Mohon maaf Bu Siti, tetapi ini salah Ibu."},
        place="confirmed",
        status=422,
        field="text",
    ),
    Way(
        "3.1",
        "a reason of another row",
        "apology",
        {"stage": "resolution", **HURRY},
        place="confirmed",
        status=422,
        field="unable.code",
    ),
    Way(
        "3.1",
        "after the confirmed cause",
        "apology",
        {"stage": "resolution", "text": "Sekali lagi mohon maaf atas gangguan ini, Bu Siti."},
        place="confirmed",
        then={"020-3.1": "proven"},
    ),
    Way(
        "3.1",
        "the customer asked not to",
        "apology",
        {"stage": "resolution", "unable": ASKED},
        place="confirmed",
        then={"020-3.1": "unable"},
        counted=(("unable", "csr", ""),),
    ),
    # 3.2 the cause explained
    Way(
        "3.2",
        "before the cause is confirmed",
        "cause-explanation",
        {"text": TOLD, "view": "agrees"},
        place="020-2.5",
        status=409,
    ),
    Way(
        "3.2",
        "no words",
        "cause-explanation",
        {"text": " ", "view": "agrees"},
        place="confirmed",
        status=422,
    ),
    Way(
        "3.2",
        "not reachable after one attempt",
        "cause-explanation",
        {"unable": NO_ANSWER},
        place="confirmed",
        before=(TRY,),
        status=422,
        field="unable.code",
    ),
    Way(
        "3.2",
        "three attempts within one day",
        "cause-explanation",
        {"unable": NO_ANSWER},
        place="confirmed",
        before=(TRY, TRY, TRY),
        status=422,
        field="unable.code",
    ),
    Way(
        "3.2",
        "not clear to the customer",
        "cause-explanation",
        {"text": TOLD, "view": "unclear"},
        place="confirmed",
        then={"020-3.2": "missing"},
    ),
    Way(
        "3.2",
        "agrees",
        "cause-explanation",
        {"text": TOLD, "view": "agrees"},
        place="confirmed",
        then={"020-3.2": "proven"},
    ),
    Way(
        "3.2",
        "disagrees",
        "cause-explanation",
        {"text": TOLD, "view": "disagrees"},
        place="confirmed",
        then={"020-3.2": "proven"},
    ),
    Way(
        "3.2",
        "another cause confirmed afterwards",
        "cause",
        CAUSE[2],
        place="020-3.3",
        by="officer",
        then={"020-3.2": "missing", "020-3.3": "missing"},
    ),
    # 3.3 the offer
    Way("3.3", "before the cause is confirmed", "offer", REPAIR, place="020-2.5", status=409),
    Way(
        "3.3",
        "a remedy of another category",
        "offer",
        {"remedy": "TINDAKAN_PETUGAS", "description": "Petugas ditegur atasannya"},
        place="020-3.2",
        status=422,
        field="remedy",
    ),
    Way(
        "3.3",
        "a payment named in words alone",
        "offer",
        {"remedy": "RESTITUSI", "description": "Potongan tagihan Rp250.000 bulan depan"},
        place="020-3.2",
        status=422,
        field="amount",
    ),
    Way(
        "3.3",
        "a payment hidden in words and marks that nobody sees",
        "offer",
        {**MONEY, "description": "Diberi dua puluh lima j\u200buta rupiah tunai", "amount": 1_000},
        place="020-3.2",
        status=422,
        field="amount",
    ),
    Way(
        "3.3",
        "a payment in the words of an explanation",
        "offer",
        {"remedy": "PENJELASAN", "description": "Pelanggan diberi Rp25.000.000 tunai"},
        place="020-3.2",
        counted=(("named_sum", "csr", ""),),
    ),
    Way("3.3", "excused", "offer", HURRY, place="020-3.2", status=422, field="unable"),
    Way(
        "3.3",
        "more than anybody may give",
        "offer",
        {**MONEY, "amount": 900_000_000},
        place="020-3.2",
        status=422,
        field="amount",
    ),
    Way(
        "3.3",
        "above the limit under a harmless name",
        "offer",
        {"remedy": "PENJELASAN", "description": "Diberi penjelasan", "amount": 25_000_000},
        place="020-3.2",
        then={"020-3.3": "missing"},
    ),
    Way(
        "3.3",
        "within the limit",
        "offer",
        {**MONEY, "amount": 100_000},
        place="020-3.2",
        then={"020-3.3": "proven"},
    ),
)
