"""The calls about incidents."""

from complaints.channels.api.incidents import schemas
from complaints.channels.api.operations.operation import Operation, read
from complaints.domain.errors import N_

_TAG = "Incidents"
_ONE = "/incidents/{incident}"
_OPENED = {
    "title": "Kabel laut terputus",
    "category": "GANGGUAN",
    "cause": "Kabel terputus oleh jangkar kapal",
    "plan": "Kapal perbaikan berangkat hari ini",
    "words": "Layanan terganggu karena kabel laut terputus. Perbaikan sedang berjalan.",
}

INCIDENTS = (
    Operation(
        method="post",
        path="/complaints/bulk",
        name="recordBulk",
        tag="Beside the protocol",
        summary=N_("The same act on several complaints, each by itself with a result of its own."),
        answer=schemas.RowsAnswer,
        body=schemas.BulkBody,
        example={
            "numbers": ["KLH-2026-000123", "KLH-2026-000124"],
            "noun": "note",
            "body": {"text": "Teknisi datang besok pagi"},
        },
        takes_key=False,
    ),
    read(
        "/incidents",
        "listIncidents",
        _TAG,
        N_("The incidents, open ones first."),
        schemas.IncidentPageAnswer,
        question=schemas.IncidentsQuestion,
    ),
    Operation(
        method="post",
        path="/incidents",
        name="openIncident",
        tag=_TAG,
        summary=N_("Open an incident; words of a supervisor are approved with it."),
        answer=schemas.IncidentAnswer,
        status=201,
        body=schemas.IncidentBody,
        example=_OPENED,
    ),
    read(
        _ONE,
        "getIncident",
        _TAG,
        N_("One incident with its complaints and what was told."),
        schemas.WholeIncident,
    ),
    Operation(
        method="patch",
        path=_ONE,
        name="amendIncident",
        tag=_TAG,
        summary=N_("Say more of an open incident; what is not sent stays."),
        answer=schemas.IncidentAnswer,
        body=schemas.IncidentBody,
        example={"plan": "Perbaikan selesai malam ini"},
        takes_key=False,
    ),
    Operation(
        method="post",
        path=f"{_ONE}/approval",
        name="approveIncidentWords",
        tag=_TAG,
        summary=N_("Approve the words, so that everybody may tell them; for supervisors."),
        answer=schemas.IncidentAnswer,
        body=schemas.IncidentApproval,
        example={},
        takes_key=False,
    ),
    Operation(
        method="post",
        path=f"{_ONE}/complaints",
        name="linkComplaints",
        tag=_TAG,
        summary=N_("Link complaints to an incident; each is answered by itself."),
        answer=schemas.RowsAnswer,
        body=schemas.IncidentComplaints,
        example={"numbers": ["KLH-2026-000123"]},
        takes_key=False,
    ),
    Operation(
        method="post",
        path=f"{_ONE}/message",
        name="tellIncident",
        tag=_TAG,
        summary=N_("Tell all linked customers; nobody gets the same words twice."),
        answer=schemas.SentAnswer,
        body=schemas.IncidentWords,
        example={"text": "Perbaikan selesai dan layanan sudah pulih."},
        takes_key=False,
    ),
    Operation(
        method="post",
        path=f"{_ONE}/closure",
        name="closeIncident",
        tag=_TAG,
        summary=N_("Close an incident; its complaints go on, and their handlers hear of it."),
        answer=schemas.IncidentAnswer,
        body=schemas.IncidentClosure,
        example={"text": "Kabel sudah tersambung"},
        takes_key=False,
    ),
)
