"""Every call of the API in one table: what it takes, what it answers, how it may refuse.

The description is drawn from it and the tests hold it to the routes. Summaries are marked for
translation, because the reference page speaks both languages.
"""

from typing import Any

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
    following,
    offers,
    report_schemas,
    schemas,
    suggestions,
)
from complaints.channels.api.act_list import ActList, operation_name
from complaints.channels.api.attachments.calls import CALLS
from complaints.channels.api.examples import COMPLAINT_BODY, SEVERAL
from complaints.channels.api.operations.contacts import CONTACTS
from complaints.channels.api.operations.improvement import IMPROVEMENT
from complaints.channels.api.operations.incidents import INCIDENTS
from complaints.channels.api.operations.management_review import REVIEWS
from complaints.channels.api.operations.operation import Operation, read
from complaints.channels.api.operations.posts import POSTS
from complaints.channels.api.operations.programs import INBOUND, WEBHOOKS
from complaints.channels.api.query_params import (
    ExitsQuestion,
    HistoryQuestion,
    ListQuestion,
    OutcomesQuestion,
    ReportQuestion,
)
from complaints.channels.api.reports.schemas import Outcomes
from complaints.documents.reporting.files import ReportForm
from complaints.domain.errors import N_

#: Tag → what it holds, in the order of the reference.
TAGS = {
    N_("Complaints"): N_("Record, list and read complaints."),
    N_("Protocol"): N_("The steps that prove the criteria of the unit, in their order."),
    N_("Beside the protocol"): N_("What else is done with a complaint."),
    N_("Incidents"): N_("Many complaints with one cause, told of at once."),
    N_("Contacts"): N_("Questions, requests, suggestions and praise: what is no complaint."),
    N_("Public posts"): N_("What is said of us in public, and what we answered there."),
    N_("Corrective actions"): N_("What is done against what complaints come from."),
    N_("Management reviews"): N_(
        "What management looked at, decided and agreed on, and the figures it had."
    ),
    N_("Customers"): N_("What is known of customers from elsewhere."),
    N_("Reports"): N_("Figures of a period."),
    N_("Webhooks"): N_("Other programs are told of what happens, in the form Standard Webhooks."),
    N_("Codes"): N_("What may be sent, and who sends it."),
}


_ONE = "/complaints/{number}"

_COMPLAINTS = (
    read(
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
    read(
        _ONE,
        "getComplaint",
        "Complaints",
        N_("One complaint with its customer and time limits."),
        schemas.Complaint,
    ),
    read(
        f"{_ONE}/history",
        "getHistory",
        "Complaints",
        N_("What happened, oldest first."),
        schemas.History,
        question=HistoryQuestion,
    ),
    read(
        f"{_ONE}/deadlines",
        "getDeadlines",
        "Complaints",
        N_("Its time limits, and those that wait for an event to start them."),
        due_schemas.Deadlines,
    ),
    read(
        f"{_ONE}/deadlines/why",
        "explainDeadlines",
        "Complaints",
        N_("How each deadline was counted: the rule, the calendar, each date, each change."),
        due_schemas.Explanations,
    ),
    read(
        f"{_ONE}/evidence",
        "getEvidence",
        "Complaints",
        N_("The eighteen criteria with their records."),
        schemas.Evidence,
    ),
    read(
        f"{_ONE}/offers",
        "getOffers",
        "Complaints",
        N_("Its offers with their money, what was given, and whose approval more would need."),
        offers.Offers,
    ),
    read(
        f"{_ONE}/letters",
        "getLetters",
        "Complaints",
        N_("The letters to the customer and what became of them."),
        schemas.Letters,
    ),
)

_SUGGESTIONS = (
    read(
        f"{_ONE}/similar",
        "getSimilar",
        "Complaints",
        N_("Complaints like one: the same customer, place or words, and what became of each."),
        suggestions.SimilarList,
    ),
    read(
        "/suggestions",
        "suggestCategories",
        "Complaints",
        N_("Up to three categories that a story speaks for, with what each rests on."),
        suggestions.SuggestionsAnswer,
        question=suggestions.SuggestionsQuestion,
    ),
)

_FOLLOWING = (
    read(
        f"{_ONE}/following",
        "isFollowing",
        "Complaints",
        N_("Whether the holder of the key follows the complaint."),
        following.FollowingAnswer,
    ),
    *(
        Operation(
            method=method,
            path=f"{_ONE}/following",
            name=name,
            tag="Complaints",
            summary=summary,
            answer=following.FollowingAnswer,
            takes_key=False,
        )
        for method, name, summary in (
            ("put", "follow", N_("Follow the complaint: the holder of the key is notified.")),
            ("delete", "unfollow", N_("Follow the complaint no more.")),
        )
    ),
)

_ATTACHMENTS = tuple(Operation(**each) for each in CALLS)

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
    read(
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
    read(
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

#: Media types in which a report can be had beside JSON.
_REPORT_FILES = tuple(dict.fromkeys(form.type for form in ReportForm))

_OTHERS = (
    read(
        "/reports/deadlines",
        "reportDeadlines",
        "Reports",
        N_("Deadlines met and missed in a period, as the page and the command count them."),
        report_schemas.Report,
        question=ReportQuestion,
        also=_REPORT_FILES,
    ),
    read(
        "/reports/exits",
        "reportExits",
        "Reports",
        N_("Every exception of a period: what was moved, stopped, left out or dated back."),
        report_schemas.Exits,
        question=ExitsQuestion,
        also=_REPORT_FILES,
    ),
    read(
        "/reports/outcomes",
        "reportOutcomes",
        "Reports",
        N_("What became of complaints, time per step, causes, arrivals or ratings in a period."),
        Outcomes,
        question=OutcomesQuestion,
        also=_REPORT_FILES,
    ),
    read(
        "/codes",
        "listCodes",
        "Codes",
        N_("The codes of the rules in force, with their words in both languages."),
        code_schemas.Codes,
    ),
    read(
        "/me",
        "getMe",
        "Codes",
        N_("Whose API key this is and what it may do."),
        code_schemas.Me,
    ),
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
    *_SUGGESTIONS,
    *_FOLLOWING,
    _SEVERAL,
    *(_recording(act) for act in ACTS.values()),
    *_ATTACHMENTS,
    _LETTERS,
    *_COMMITMENTS,
    *_CUSTOMERS,
    *CONTACTS,
    *POSTS,
    *IMPROVEMENT,
    *REVIEWS,
    *WEBHOOKS,
    INBOUND,
    *INCIDENTS,
    *_OTHERS,
)
