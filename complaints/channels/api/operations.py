"""Every call of the API in one table: what it takes, what it answers, how it may refuse.

The description is drawn from it and the tests hold it to the routes. Summaries are marked for
translation, because the reference page speaks both languages.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from complaints.actions.act import Act
from complaints.actions.casework.commitments import DroppedOne, KeptOne
from complaints.actions.casework.facts import CustomerFacts
from complaints.actions.letter_kinds import LetterAsked
from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.registry import ACTS
from complaints.channels.api import (
    code_schemas,
    customer_facts,
    due_schemas,
    file_schemas,
    offers,
    schemas,
)
from complaints.channels.api.act_list import ActList, operation_name
from complaints.channels.api.examples import COMPLAINT_BODY, SEVERAL
from complaints.channels.api.inbound import schemas as inbound
from complaints.channels.api.query_params import (
    ExitsQuestion,
    HistoryQuestion,
    ListQuestion,
    ReportQuestion,
)
from complaints.channels.api.webhooks import schemas as hooks
from complaints.domain.errors import N_

#: Tag → what it holds, in the order of the reference.
TAGS = {
    N_("Complaints"): N_("Record, list and read complaints."),
    N_("Protocol"): N_("The steps that prove the criteria of the unit, in their order."),
    N_("Beside the protocol"): N_("What else is done with a complaint."),
    N_("Customers"): N_("What is known of customers from elsewhere."),
    N_("Reports"): N_("Figures of a period."),
    N_("Webhooks"): N_("Other programs are told of what happens, in the form Standard Webhooks."),
    N_("Codes"): N_("What may be sent, and who sends it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call; `answer` is a type of the schemas, `example` what is sent.

    `criteria` are those that an act proves; `takes_key` says whether an Idempotency-Key is
    honoured where something is written, `is_signed` that a signature does instead of a key.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: str
    answer: Any
    status: int = 200
    question: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    example: Any = None
    criteria: tuple[str, ...] = ()
    takes_key: bool = True
    is_signed: bool = False
    #: Sent as a form with a file; answered with the bytes of one, and then `answer` is bytes.
    is_form: bool = False

    @property
    def is_file(self) -> bool:
        """Whether it is answered with a file."""
        return self.answer is bytes

    @property
    def is_reading(self) -> bool:
        """Whether the call changes nothing."""
        return self.method == "get"


def _read(path: str, name: str, tag: str, summary: str, answer: Any, **more: Any) -> Operation:
    return Operation(
        method="get", path=path, name=name, tag=tag, summary=summary, answer=answer, **more
    )


def _write(path: str, name: str, summary: str, answer: Any, **more: Any) -> Operation:
    """A call of the webhooks: repeating it does no harm, or makes what one does not want kept."""
    known = {"method": "post", "tag": "Webhooks", "takes_key": False, **more}
    return Operation(path=path, name=name, summary=summary, answer=answer, **known)


_ONE = "/complaints/{number}"

_COMPLAINTS = (
    _read(
        "/complaints",
        "listComplaints",
        "Complaints",
        N_("Complaints within your scope, in pages; `next` is the cursor of the next page."),
        schemas.ComplaintPage,
        question=ListQuestion,
    ),
    Operation(
        method="post",
        path="/complaints",
        name="receiveComplaint",
        tag="Complaints",
        summary=N_("Record a complaint; its time limits run from the moment of receipt."),
        answer=schemas.Recorded,
        status=201,
        body=ComplaintBody,
        example=COMPLAINT_BODY,
    ),
    _read(
        _ONE,
        "getComplaint",
        "Complaints",
        N_("One complaint with its customer and time limits."),
        schemas.Complaint,
    ),
    _read(
        f"{_ONE}/history",
        "getHistory",
        "Complaints",
        N_("What happened, oldest first."),
        schemas.History,
        question=HistoryQuestion,
    ),
    _read(
        f"{_ONE}/deadlines",
        "getDeadlines",
        "Complaints",
        N_("Its time limits, and those that wait for an event to start them."),
        due_schemas.Deadlines,
    ),
    _read(
        f"{_ONE}/deadlines/why",
        "explainDeadlines",
        "Complaints",
        N_("How each deadline was counted: the rule, the calendar, each date, each change."),
        due_schemas.Explanations,
    ),
    _read(
        f"{_ONE}/evidence",
        "getEvidence",
        "Complaints",
        N_("The eighteen criteria with their records."),
        schemas.Evidence,
    ),
    _read(
        f"{_ONE}/offers",
        "getOffers",
        "Complaints",
        N_("Its offers with their money, what was given, and whose approval more would need."),
        offers.Offers,
    ),
    _read(
        f"{_ONE}/letters",
        "getLetters",
        "Complaints",
        N_("The letters to the customer and what became of them."),
        schemas.Letters,
    ),
)

_ATTACHMENTS = (
    _read(
        f"{_ONE}/attachments",
        "getAttachments",
        "Beside the protocol",
        N_("The files of a complaint."),
        file_schemas.Attachments,
    ),
    Operation(
        method="post",
        path=f"{_ONE}/attachments",
        name="attachFile",
        tag="Beside the protocol",
        summary=N_("Attach one file, sent as a form (multipart/form-data)."),
        answer=file_schemas.AttachmentAnswer,
        status=201,
        body=file_schemas.AttachmentSent,
        example={"file": "tagihan.pdf", "kind": "bill"},
        is_form=True,
    ),
    _read(
        f"{_ONE}/attachments/{{id}}",
        "getAttachment",
        "Beside the protocol",
        N_("The bytes of one file; who opens it is noted."),
        bytes,
    ),
)

_LETTERS = Operation(
    method="post",
    path=f"{_ONE}/letters",
    name="writeLetter",
    tag="Beside the protocol",
    summary=N_("Write to the customer, by email or on paper; the act behind the kind is recorded."),
    answer=schemas.Recorded,
    body=LetterAsked,
    example={"kind": "message", "text": "Teknisi datang besok pagi", "method": "email"},
)

_COMMITMENTS = (
    _read(
        f"{_ONE}/commitments",
        "getCommitments",
        "Beside the protocol",
        N_("What was undertaken: told steps, the plan, documents, deliveries."),
        schemas.Commitments,
    ),
    *(
        Operation(
            method="post",
            path=f"{_ONE}/commitments/{{id}}/{what}",
            name=name,
            tag="Beside the protocol",
            summary=summary,
            answer=schemas.Recorded,
            body=body,
            example=example,
        )
        for what, name, summary, body, example in (
            (
                "done",
                "keepCommitment",
                N_("Note that one commitment was kept."),
                KeptOne,
                {"note": "Teknisi sudah datang"},
            ),
            (
                "drop",
                "dropCommitment",
                N_("Give up one commitment with a reason."),
                DroppedOne,
                {"reason": "Pelanggan sudah menyalakan ulang modem sendiri"},
            ),
        )
    ),
)

_CUSTOMERS = (
    _read(
        "/customers/{customer}/facts",
        "getCustomerFacts",
        "Customers",
        N_("What is known of a customer, and who stated which when."),
        customer_facts.FactsAnswer,
    ),
    Operation(
        method="put",
        path="/customers/{customer}/facts",
        name="stateCustomerFacts",
        tag="Customers",
        summary=N_("State what is known of a customer; what is not sent stays."),
        answer=customer_facts.FactsAnswer,
        body=CustomerFacts,
        takes_key=False,
        example={"tier": "BISNIS", "since": "2019-03-01", "arrears": 250000},
    ),
)

_OTHERS = (
    _read(
        "/reports/deadlines",
        "reportDeadlines",
        "Reports",
        N_("Deadlines met and missed in a period, as the page and the command count them."),
        code_schemas.Report,
        question=ReportQuestion,
    ),
    _read(
        "/reports/exits",
        "reportExits",
        "Reports",
        N_("Every exception of a period: what was moved, stopped, left out or dated back."),
        code_schemas.Exits,
        question=ExitsQuestion,
    ),
    _read(
        "/codes",
        "listCodes",
        "Codes",
        N_("The codes of the rules in force, with their words in both languages."),
        code_schemas.Codes,
    ),
    _read(
        "/me",
        "getMe",
        "Codes",
        N_("Whose API key this is and what it may do."),
        code_schemas.Me,
    ),
)


_HOOK = "/webhooks/{webhook}"
_WEBHOOKS = (
    _read(
        "/webhooks",
        "listWebhooks",
        "Webhooks",
        N_("The endpoints that are told of what happens, and how each does."),
        hooks.WebhookList,
    ),
    _write(
        "/webhooks",
        "addWebhook",
        N_("Add an endpoint; its secret is answered this once."),
        hooks.WebhookWithSecret,
        status=201,
        body=hooks.NewWebhook,
        example=hooks.NEW_WEBHOOK,
    ),
    _read(_HOOK, "getWebhook", "Webhooks", N_("One endpoint."), hooks.WebhookAnswer),
    _write(
        _HOOK,
        "editWebhook",
        N_("Change an endpoint, switch it on or off; what is not sent stays."),
        hooks.WebhookAnswer,
        method="patch",
        body=hooks.WebhookEdit,
        example=hooks.WEBHOOK_EDIT,
    ),
    _write(
        f"{_HOOK}/rotation",
        "rotateWebhookSecret",
        N_("Make a new secret; for a day the one before signs beside it."),
        hooks.WebhookWithSecret,
    ),
    _write(
        f"{_HOOK}/test",
        "testWebhook",
        N_("Send `webhook.test`, which says nothing; the log tells what came of it."),
        hooks.DeliveryAnswer,
    ),
    _read(
        f"{_HOOK}/deliveries",
        "getDeliveries",
        "Webhooks",
        N_("What an endpoint was told and what came of it, the newest first."),
        hooks.DeliveryPage,
        question=hooks.DeliveriesQuestion,
    ),
    _write(
        f"{_HOOK}/deliveries/{{id}}/replay",
        "replayDelivery",
        N_("Send a delivery once more, under the same `webhook-id` with the same body."),
        hooks.DeliveryAnswer,
    ),
)


_INBOUND = _write(
    "/inbound/{channel}",
    "handIn",
    N_("Hand in a customer's message: a new complaint, or a word on the one that is open."),
    inbound.MessageAnswer,
    body=inbound.MessageBody,
    example=inbound.MESSAGE,
    is_signed=True,
)


def _recording(act: Act[Any]) -> Operation:
    criteria = tuple(key for face in act.faces.values() for key in face.criteria)
    return Operation(
        method="post",
        path=f"{_ONE}/{act.noun}",
        name=f"record{operation_name(act.noun)}",
        tag="Protocol" if criteria else "Beside the protocol",
        summary=act.face().title,
        answer=schemas.Recorded,
        body=act.body,
        example=act.example,
        criteria=criteria,
    )


_SEVERAL = Operation(
    method="post",
    path=f"{_ONE}/actions",
    name="recordActs",
    tag="Protocol",
    summary=N_("Several nouns in order, all or nothing; a refusal names `index` and `noun`."),
    answer=schemas.Recorded,
    body=ActList,
    example=SEVERAL,
)

OPERATIONS: tuple[Operation, ...] = (
    *_COMPLAINTS,
    _SEVERAL,
    *(_recording(act) for act in ACTS.values()),
    *_ATTACHMENTS,
    _LETTERS,
    *_COMMITMENTS,
    *_CUSTOMERS,
    *_WEBHOOKS,
    _INBOUND,
    *_OTHERS,
)
