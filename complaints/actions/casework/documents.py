"""Record that the customer's documents are complete."""

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import Reason
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.complete_documents import complete_documents


class DocumentsComplete(Body):
    """The customer's documents are complete since `at`; the clocks that waited start then."""

    note: Reason = Field("", description=N_("Which documents there are."))


def _documents(case: Case, body: DocumentsComplete) -> None:
    complete_documents(case, note=body.note)


DOCUMENTS = Act(
    noun="documents",
    body=DocumentsComplete,
    take=_documents,
    history={
        Action.COMPLETE_DOCUMENTS: N_("Documents complete"),
    },
    faces={
        "": Face(
            title=N_("Record that the customer's documents are complete"),
            button=N_("Documents are complete"),
            icon="file-check",
        ),
    },
    example={"note": "KTP dan bukti bayar"},
)
