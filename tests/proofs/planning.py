"""Element 2, from the units to the plan: the ways to each row."""

from __future__ import annotations

from tests.proofs.doors import days
from tests.proofs.rows import Way

EXCUSE = {"unable": {"reason": "Belum sempat dikerjakan sama sekali", "code": "customer_left"}}
CAUSE = {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus oleh galian"}
PLAN = {"what": "Menyambung kabel di tiang depan rumah", "owner": "TEKNIK"}
WHY = "Modem dinyalakan kembali bersama pelanggan"
SENT = ("csr", "parties", {"teams": ["TEKNIK"]})
DESK = {"category": "PTG_ANTRE"}

WAYS = (
    # 2.1 the units concerned
    Way("2.1", "nobody told", "parties", {"teams": []}, place="020-1.6", status=422),
    Way(
        "2.1",
        "the desk in the units' place",
        "parties",
        {"desk": True},
        place="020-1.6",
        status=422,
        field="teams",
    ),
    Way(
        "2.1",
        "left out by the handler",
        "parties",
        {"not_needed": ["TEKNIK"], "reason": WHY},
        place="020-1.6",
        status=403,
    ),
    Way("2.1", "excused", "parties", EXCUSE, place="020-1.6", status=422, field="unable"),
    Way(
        "2.1",
        "another unit alone",
        "parties",
        {"teams": ["TAGIHAN"]},
        place="020-1.6",
        then={"020-2.1": "missing"},
    ),
    Way(
        "2.1",
        "told and not accepted",
        "parties",
        {"teams": ["TEKNIK"]},
        place="020-1.6",
        then={"020-2.1": "missing"},
    ),
    Way(
        "2.1",
        "accepted in the unit's place",
        "parties/acceptance",
        {"team": "TEKNIK", "answer": "accepted"},
        place="asked",
        status=403,
    ),
    Way(
        "2.1",
        "accepted by the unit",
        "parties/acceptance",
        {"team": "TEKNIK", "answer": "accepted"},
        place="asked",
        by="officer",
        then={"020-2.1": "proven"},
    ),
    Way(
        "2.1",
        "left out by a supervisor",
        "parties",
        {"teams": [], "not_needed": ["TEKNIK"], "reason": WHY},
        place="020-1.6",
        by="supervisor",
        then={"020-2.1": "proven"},
        counted=(("left_out", "supervisor", ""),),
    ),
    Way(
        "2.1",
        "the desk where no unit is named",
        "parties",
        {"desk": True},
        place="020-1.6",
        told=DESK,
        then={"020-2.1": "proven"},
    ),
    # 2.2 the main cause
    Way(
        "2.2",
        "an invented quote",
        "cause",
        {**CAUSE, "quote": "kabelnya berasap"},
        place="020-1.6",
        status=422,
        field="quote",
    ),
    Way("2.2", "no cause", "cause", {**CAUSE, "code": ""}, place="020-1.6", status=422),
    Way(
        "2.2",
        "a cause off the tree",
        "cause",
        {**CAUSE, "code": "NASIB"},
        place="020-1.6",
        status=422,
        field="code",
    ),
    Way(
        "2.2",
        "excused",
        "cause",
        {"stage": "preliminary", **EXCUSE},
        place="020-1.6",
        status=422,
        field="unable",
    ),
    Way(
        "2.2",
        "with words that were said",
        "cause",
        {**CAUSE, "quote": "internet DI rumah  mati"},
        place="020-1.6",
        then={"020-2.2": "proven"},
    ),
    # 2.3 the customer's condition
    Way("2.3", "nothing looked at", "condition", {"relevant": []}, place="020-1.6", status=422),
    Way("2.3", "excused", "condition", EXCUSE, place="020-1.6", status=422, field="unable"),
    Way(
        "2.3",
        "what matters",
        "condition",
        {"relevant": ["Bekerja dari rumah"]},
        place="020-1.6",
        then={"020-2.3": "proven"},
    ),
    Way(
        "2.3",
        "nothing that matters",
        "condition",
        {"none": True},
        place="020-1.6",
        then={"020-2.3": "proven"},
    ),
    # 2.4 the priority
    Way(
        "2.4",
        "set lower by the handler",
        "priority",
        {"override": "P4", "reason": "Bisa menunggu sampai besok"},
        place="020-1.6",
        status=403,
    ),
    Way(
        "2.4",
        "set lower without a word",
        "priority",
        {"override": "P4"},
        place="020-1.6",
        by="supervisor",
        status=422,
        field="reason",
    ),
    Way("2.4", "computed", "priority", {}, place="020-1.6", then={"020-2.4": "proven"}),
    Way(
        "2.4",
        "set by a supervisor",
        "priority",
        {"override": "P4", "reason": "Bisa menunggu sampai besok"},
        place="020-1.6",
        by="supervisor",
        then={"020-2.4": "proven"},
        counted=(("override", "supervisor", ""),),
    ),
    # 2.5 the plan
    Way(
        "2.5",
        "a single word",
        "plan",
        {"steps": [{"what": "Perbaiki"}]},
        place="020-1.6",
        status=422,
        field="steps",
    ),
    Way("2.5", "no step", "plan", {"steps": []}, place="020-1.6", status=422),
    Way(
        "2.5",
        "a step behind the promise",
        "plan",
        {"steps": [{**PLAN, "due_at": days(40)}]},
        place="020-1.6",
        status=422,
    ),
    Way("2.5", "excused", "plan", EXCUSE, place="020-1.6", status=422, field="unable"),
    Way(
        "2.5",
        "before the units have accepted",
        "plan",
        {"steps": [PLAN]},
        place="020-1.6",
        before=(SENT,),
        then={"020-2.5": "proven", "020-2.1": "missing"},
    ),
    Way(
        "2.5",
        "steps with somebody and a date",
        "plan",
        {"steps": [{**PLAN, "due_at": days(1)}]},
        place="020-2.4",
        then={"020-2.5": "proven"},
    ),
)
