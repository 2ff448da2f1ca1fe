"""The calls about corrective actions and causes, as the table of all calls has them."""

from complaints.actions.improvement import (
    ActionBody,
    ActionChangeBody,
    ActionDoneBody,
    DropBody,
    VerifyBody,
    WhysBody,
)
from complaints.channels.api.improvement import schemas
from complaints.channels.api.operations.operation import Operation, acts_on, read
from complaints.domain.errors import N_

TAG = "Corrective actions"
_ONE = "/corrective-actions/{number}"
_act = acts_on(_ONE, TAG, schemas.CorrectiveActionAnswer)

IMPROVEMENT = (
    read(
        "/corrective-actions",
        "listCorrectiveActions",
        TAG,
        N_("Corrective actions within your scope; of the open ones, the longest overdue first."),
        schemas.ActionList,
        question=schemas.ActionsQuestion,
    ),
    Operation(
        method="post",
        path="/corrective-actions",
        name="raiseCorrectiveAction",
        tag=TAG,
        summary=N_("Raise a corrective action; its owner is notified."),
        answer=schemas.CorrectiveActionAnswer,
        status=201,
        body=ActionBody,
        example={
            "subject": "cause",
            "code": "SISTEM_TAGIHAN",
            "what": "Uji hitung tagihan sebelum dikirim",
            "why": "Tagihan salah hitung baru diketahui dari keluhan pelanggan",
            "owner": "dewi@contoh.id",
            "due_on": "2026-12-18",
            "branch": "JKT",
            "weeks": 8,
        },
    ),
    read(
        _ONE,
        "getCorrectiveAction",
        TAG,
        N_("One corrective action with its history and its effect."),
        schemas.CorrectiveActionAnswer,
    ),
    _act(
        "change",
        "changeCorrectiveAction",
        N_("Give it to someone else or move its day, with a reason."),
        body=ActionChangeBody,
        example={"reason": "Menunggu pemasok perangkat lunak", "due_on": "2026-12-29"},
    ),
    _act(
        "whys",
        "answerWhys",
        N_("Keep the answers to “why?”; the cause is the first of five."),
        body=WhysBody,
        example={"whys": ["Tarif baru belum dimasukkan", "Tidak ada yang ditunjuk memeriksanya"]},
    ),
    _act(
        "done",
        "finishCorrectiveAction",
        N_("Its owner says that it was done and what shows it."),
        body=ActionDoneBody,
        example={"evidence": "Laporan uji 12 Desember: 400 tagihan cocok", "done_on": "2026-12-14"},
    ),
    _act(
        "verification",
        "verifyCorrectiveAction",
        N_("Somebody who did not carry it out says whether it worked."),
        body=VerifyBody,
        example={"effective": True, "reason": "Keluhan tagihan salah hitung berkurang separuh"},
    ),
    _act(
        "drop",
        "dropCorrectiveAction",
        N_("Give it up before it is done, with a reason."),
        body=DropBody,
        example={"reason": "Sistem tagihan diganti bulan depan"},
    ),
    read(
        "/reports/causes",
        "readCauses",
        TAG,
        N_("The tree of causes of a period: complaints received, and what is done against each."),
        schemas.CauseTreeAnswer,
        question=schemas.CausesQuestion,
    ),
)
