"""The calls about contacts, as the table of all calls has them."""

from complaints.actions.other_contacts import (
    ContactBody,
    EndBody,
    HandOverBody,
    MakeComplaintBody,
    NoteBody,
)
from complaints.channels.api.operations.operation import Operation, acts_on, read
from complaints.channels.api.other_contacts import schemas
from complaints.domain.errors import N_

TAG = "Contacts"
_ONE = "/contacts/{number}"
_act = acts_on(_ONE, TAG, schemas.OtherContactAnswer)

CONTACTS = (
    read(
        "/contacts",
        "listContacts",
        TAG,
        N_("What is no complaint within your scope, the newest first."),
        schemas.ContactList,
        question=schemas.ContactsQuestion,
    ),
    Operation(
        method="post",
        path="/contacts",
        name="recordContact",
        tag=TAG,
        summary=N_("Record a question, a request, a suggestion or praise; no time limit begins."),
        answer=schemas.OtherContactAnswer,
        status=201,
        body=ContactBody,
        example={
            "kind": "INFORMASI",
            "channel": "call",
            "words": "Jam berapa loket buka pada hari Sabtu?",
            "customer": {"name": "Siti Aminah", "phone": "0812 3456 7890"},
            "end": {"words": "Buka pukul 08.00 sampai 12.00", "method": "phone"},
        },
    ),
    read(_ONE, "getContact", TAG, N_("One contact with its history."), schemas.OtherContactAnswer),
    _act(
        "handover",
        "handOverContact",
        N_("Send it to a unit, which is notified and sees it."),
        body=HandOverBody,
        example={"team": "TEKNIK", "note": "Pelanggan pindah alamat", "reference": "SO-1"},
    ),
    _act(
        "note",
        "noteOnContact",
        N_("Write a note on it."),
        body=NoteBody,
        example={"text": "Ditelepon dua kali, tidak diangkat"},
    ),
    _act(
        "end",
        "endContact",
        N_("End it as its kind ends; words by email leave as a letter."),
        body=EndBody,
        example={"words": "Sudah dipindahkan hari ini", "method": "phone"},
    ),
    _act(
        "complaint",
        "makeContactComplaint",
        N_("Make it a complaint, received when the contact was; `complaint` is its number."),
        body=MakeComplaintBody,
        example={"reason": "Pelanggan tidak puas dengan jawabannya", "category": "GGN_MATI"},
    ),
    Operation(
        method="post",
        path=f"{_ONE}/files",
        name="attachContactFile",
        tag=TAG,
        summary=N_("Attach one file; the body is a form with it."),
        answer=schemas.ContactFileAnswer,
        status=201,
        body=schemas.ContactFileSent,
        example={"file": "foto.jpg"},
        is_form=True,
    ),
    read(f"{_ONE}/files/{{id}}", "getContactFile", TAG, N_("The bytes of one file."), bytes),
)
