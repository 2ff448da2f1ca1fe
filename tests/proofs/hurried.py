"""What a CSR in a hurry sends: excuses, half the work, and now and then the work itself."""

from __future__ import annotations

from typing import Any

from tests.office import STORY
from tests.proofs.doors import ANOTHERS, LIKE_IT, OF_THE_USUAL_TYPE, OPEN_ONE

#: What is typed to be done with it; some of it is honest, so that the walk gets somewhere.
EXCUSES = (
    "Pelanggan buru-buru dan pergi",
    "Pelanggan meminta agar tidak dilakukan lagi",
    "Pelanggan tidak dapat dihubungi lewat telepon",
    "Pelanggan menutup telepon sebelum saya selesai",
    "Tidak ada penawaran lain yang diizinkan",
    "Dokumen belum ada pada pelanggan hari ini",
    "-",
    "ok",
    "tidak sempat",
)
CODES = ("", "customer_left", "asked_not_to", "not_reachable", "interpreter_missing", "silence")

#: Noun → an excuse that would pass: its reason, and a sentence that is ended in several ways.
BELIEVABLE = {
    "attestation": ("customer_left", "Pelanggan pergi di tengah cerita karena %s"),
    "confirmation": ("customer_left", "Pelanggan pulang sebelum ringkasan dibaca, katanya %s"),
    "apology": ("asked_not_to", "Pelanggan tidak mau mendengar maaf lagi sebab %s"),
    "cause-explanation": ("not_reachable", "Telepon tidak diangkat sampai sore, mungkin %s"),
}
ENDINGS = (
    "ojeknya sudah menunggu",
    "hujan mulai turun",
    "anaknya harus dijemput",
    "jam makan siang",
    "rapat di kantor",
    "toko sebelah akan tutup",
)

#: Noun → what a hurried CSR sends for it.
SENT: dict[str, list[dict[str, Any]]] = {
    "attestation": [{"listened": True}],
    "confirmation": [
        {"summary": STORY, "answer": "yes"},
        {"summary": "ok", "answer": "yes"},
        {"summary": "Internet mati sejak kemarin, ingin hidup lagi", "answer": "yes"},
        {"summary": "Internet mati sejak kemarin, ingin hidup lagi", "method": "email"},
    ],
    "apology": [
        {"stage": "intake"},
        {"stage": "resolution"},
        {"stage": "intake", "text": "maaf"},
        {"stage": "resolution", "text": "Salah Anda sendiri"},
        {"stage": "resolution", "method": "email"},
    ],
    "promise": [
        {"steps": []},
        {"steps": [{"what": "x"}]},
        {"steps": [{"what": "Periksa jaringan"}]},
    ],
    "receipt": [{}],
    "parties": [{"teams": ["TAGIHAN"]}, {"teams": ["TEKNIK"]}, {"teams": []}],
    "cause": [
        {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"},
        {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus oleh galian"},
        {"stage": "preliminary", "code": "JARINGAN", "text": "x", "quote": "modem saya terbakar"},
    ],
    "condition": [{"none": True}, {"relevant": []}],
    "priority": [{}, {"override": "P4", "reason": "Biar santai"}],
    "plan": [{"steps": [{"what": "x"}]}, {"steps": [{"what": "Menyambung kabel"}]}],
    "cause-explanation": [
        {"text": "Kabel terputus oleh galian", "view": "agrees"},
        {"text": "rusak", "view": "unclear"},
        {"text": "Kabel terputus oleh galian", "method": "email"},
    ],
    "offer": [
        {"remedy": "PERBAIKAN", "description": "Kabel disambung"},
        {"remedy": "PENJELASAN", "description": "Dijelaskan", "amount": 25_000_000},
        {"remedy": "PERBAIKAN", "description": "Kabel disambung", "method": "email"},
    ],
    "answer": [
        {"answer": "accepted"},
        {"answer": "accepted", "deliver_by": "9"},
        {"answer": "accepted", "deliver_by": "400"},
        {"answer": "none"},
        {"answer": "accepted", "method": "email", "reason": "Kata pelanggan setuju"},
        {"answer": "refused", "reason": "Mahal"},
    ],
    "thanks": [{}, {"text": "ok"}],
    "standard-information": [{"all": True}, {"items": []}],
    "commitments/done": [{"all": True, "note": "beres"}, {"all": True}],
    "attempt": [{"method": "phone", "text": "Tidak diangkat"}],
    "closure": [{}, {"outcome": "DITOLAK"}],
    "commitments/drop": [
        {"id": OPEN_ONE, "reason": "Sudah tidak perlu dikerjakan lagi"},
        {"id": OPEN_ONE, "reason": "-"},
    ],
    "commitments": [{"kind": "plan", "what": "Menelepon pelanggan besok pagi"}],
    "withdrawal": [
        {"reason": "Biar cepat selesai", "method": "signature"},
        {"reason": "Pelanggan berubah pikiran di telepon", "method": "phone"},
        {
            "reason": "Pelanggan berubah pikiran di telepon",
            "method": "phone",
            "number": "0812 3456 7890",
        },
        {"reason": "Pelanggan menulis tidak jadi", "method": "email"},
    ],
    "merge": [
        {"into": LIKE_IT},
        {"into": ANOTHERS},
        {"into": ANOTHERS, "reason": "Gangguan yang sama di satu gang"},
    ],
    "reopening": [{"reason": "Dibuka lagi sebentar"}],
    "pause": [
        {"reason": "Menunggu pelanggan", "until": "3"},
        {"reason": "Menunggu foto dari pelanggan", "until": "1"},
        {"reason": "Menunggu foto dari pelanggan", "until": "20"},
    ],
    "extension": [{"reason": "Butuh waktu", "until": "9"}],
    "record": [{"category": "GGN_LAMBAT"}, {"product": "Internet rumah"}, {"needs": ["bahasa"]}],
    "customer": [
        {"complaint": OF_THE_USUAL_TYPE, "reason": "Salah pilih pelanggan di loket"},
        {"is_own": True, "reason": "Bukan pelanggan yang itu"},
    ],
    "customer/merge": [{"complaint": OF_THE_USUAL_TYPE, "reason": "Nomor KTP sama"}],
    "facts": [{"tier": "REGULER"}],
    "escalation": [{"reason": "Biar atasan saja"}],
    "offer/approval": [{"answer": "approved"}],
    "countersignature": [{"answer": "signed"}],
    "extension/approval": [{"answer": "approved"}],
}
#: What excuses may be tried for.
EXCUSED = (
    "attestation",
    "confirmation",
    "apology",
    "promise",
    "cause-explanation",
    "offer",
    "answer",
)
#: Criterion → what gets one past it.
NOUN_OF = {
    "020-1.1": "attestation",
    "020-1.2": "confirmation",
    "020-1.3": "apology",
    "020-1.4": "promise",
    "020-1.5": "promise",
    "020-1.6": "receipt",
    "020-2.1": "parties",
    "020-2.2": "cause",
    "020-2.3": "condition",
    "020-2.4": "priority",
    "020-2.5": "plan",
    "020-3.1": "apology",
    "020-3.2": "cause-explanation",
    "020-3.3": "offer",
    "020-3.4": "answer",
    "020-3.5": "offer",
    "020-3.6": "thanks",
    "020-3.7": "standard-information",
}
#: Criterion → the work itself, where it is quicker than the way round.
WORK = {
    "020-1.2": {"summary": "Internet mati sejak kemarin, ingin hidup lagi", "answer": "yes"},
    "020-1.3": {"stage": "intake"},
    "020-1.4": {"steps": [{"what": "Periksa jaringan"}]},
    "020-2.1": {"teams": ["TEKNIK"]},
    "020-2.2": {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"},
    "020-2.3": {"none": True},
    "020-2.4": {},
    "020-2.5": {"steps": [{"what": "Menyambung kabel di tiang", "due_at": "2"}]},
    "020-3.1": {"stage": "resolution"},
    "020-3.2": {"text": "Kabel terputus oleh galian", "view": "agrees"},
    "020-3.3": {"remedy": "PERBAIKAN", "description": "Kabel disambung"},
    "020-3.4": {"answer": "accepted"},
    "020-3.6": {},
    "020-3.7": {"all": True},
}
#: Said again and again, because they end a complaint or stop it.
RARE = (
    "withdrawal",
    "merge",
    "reopening",
    "pause",
    "answer",
    "offer",
    "record",
    "customer",
    "customer/merge",
    "facts",
    "extension",
)
#: Who complains: customers of every weight, whose priority somebody may want to be rid of.
CUSTOMERS: tuple[dict[str, Any], ...] = (
    {},
    {"phone": "0812 9100 0001", "email": "plat@x.example", "tier": "HVC_PLATINUM"},
    {"phone": "0812 9100 0002", "email": "lansia@x.example", "needs": ("lansia",)},
)

#: Noun → the work itself, as the page's next step asks for it.
HONEST = {NOUN_OF[criterion]: body for criterion, body in WORK.items()} | {"receipt": {}}
