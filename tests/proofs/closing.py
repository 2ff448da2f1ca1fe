"""Commitments, closing, and the signature of another person: the ways to each paragraph."""

from __future__ import annotations

from tests.proofs.doors import DELIVERY, OPEN_ONE, days
from tests.proofs.rows import Act, Way

LEFT: Act = (
    "csr",
    "confirmation",
    {"unable": {"reason": "Pelanggan pulang mengejar kereta", "code": "customer_left"}},
)

#: What the customer accepted is small, and given up by whoever offered it.
NOT_GIVEN: tuple[Act, ...] = (
    ("csr", "commitments/drop", {"id": DELIVERY, "reason": "Kabel tidak jadi disambung"}),
    ("csr", "commitments/done", {"all": True, "note": "Joko melapor selesai"}),
)

WAYS = (
    # Commitments and closing
    Way(
        "commitments",
        "dropped without a word",
        "commitments/drop",
        {"id": OPEN_ONE, "reason": " "},
        place="020-1.4",
        status=422,
        field="reason",
    ),
    Way(
        "commitments",
        "dropped with a reason",
        "commitments/drop",
        {"id": OPEN_ONE, "reason": "Modem sudah dinyalakan ulang oleh pelanggan"},
        place="020-1.4",
        counted=(("drop", "csr", ""),),
    ),
    Way(
        "commitments",
        "dated beyond the limit",
        "commitments",
        {"kind": "plan", "what": "Mengganti tiang di depan rumah", "due_at": days(60)},
        place="020-1.6",
        status=403,
        field="due_at",
    ),
    Way(
        "commitments",
        "dated beyond the limit by a supervisor",
        "commitments",
        {"kind": "plan", "what": "Mengganti tiang di depan rumah", "due_at": days(60)},
        place="020-1.6",
        by="supervisor",
        counted=(("far_date", "supervisor", ""),),
    ),
    Way("closing", "over what is still owed", "closure", {}, place="020-3.7", status=409),
    Way(
        "closing",
        "with an outcome against the answer",
        "closure",
        {"outcome": "TANPA_JAWABAN"},
        place="kept",
        status=422,
        field="outcome",
    ),
    Way(
        "closing",
        "as a duplicate of nothing",
        "closure",
        {"outcome": "GANDA"},
        place="kept",
        status=422,
        field="outcome",
    ),
    Way(
        "closing",
        "without the steps of the resolution",
        "closure",
        {},
        place="020-2.5",
        status=409,
        missing=("020-3.1", "020-3.2", "020-3.3", "020-3.4", "020-3.6", "020-3.7"),
    ),
    Way(
        "closing",
        "as agreed over a remedy that was given up",
        "closure",
        {"outcome": "SETUJU"},
        place="020-3.7",
        before=NOT_GIVEN,
        status=422,
        field="outcome",
    ),
    Way(
        "closing",
        "as not granted over a remedy that was given up",
        "closure",
        {},
        place="020-3.7",
        before=NOT_GIVEN,
        counted=(("drop", "csr", ""),),
    ),
    Way("closing", "all of it done", "closure", {}, place="kept"),
    # The signature of another person
    Way(
        "countersign",
        "closed over an unsigned step",
        "closure",
        {},
        start=(LEFT,),
        skip=("020-1.2",),
        place="kept",
        status=409,
    ),
    Way(
        "countersign",
        "signed by whoever left it out",
        "countersignature",
        {"answer": "signed"},
        start=(LEFT,),
        skip=("020-1.2",),
        place="kept",
        status=403,
    ),
    Way(
        "countersign",
        "signed by a supervisor who left it out",
        "countersignature",
        {"answer": "signed"},
        start=(("supervisor", *LEFT[1:]),),
        skip=("020-1.2",),
        place="020-1.6",
        by="supervisor",
        status=403,
    ),
    Way(
        "countersign",
        "signed by a supervisor",
        "countersignature",
        {"answer": "signed"},
        start=(LEFT,),
        skip=("020-1.2",),
        place="kept",
        by="supervisor",
        then={"020-1.2": "unable"},
        counted=(("unable", "csr", "Supervisor"),),
    ),
    Way(
        "countersign",
        "returned",
        "countersignature",
        {"answer": "refused", "reason": "Telepon pelanggan hari ini juga"},
        start=(LEFT,),
        skip=("020-1.2",),
        place="kept",
        by="supervisor",
        then={"020-1.2": "missing"},
        # Whoever returned it has signed nothing.
        counted=(("unable", "csr", ""),),
    ),
)
