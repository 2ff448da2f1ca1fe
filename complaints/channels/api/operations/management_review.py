"""The calls about management reviews, as the table of all calls has them."""

from complaints.actions.management_review import (
    ReviewActionBody,
    ReviewBody,
    ReviewChangeBody,
    ReviewConclusionBody,
    ReviewCorrectionBody,
    ReviewDropBody,
    ReviewFiguresBody,
)
from complaints.channels.api.management_review import schemas
from complaints.channels.api.operations.operation import Operation, acts_on, read
from complaints.documents.reporting.files import ReportForm
from complaints.domain.errors import N_

TAG = "Management reviews"
_ONE = "/management-reviews/{number}"
_act = acts_on(_ONE, TAG, schemas.ReviewAnswer)
_ACTION = {"number": "TPB-2026-000012"}

REVIEWS = (
    read(
        "/management-reviews",
        "listManagementReviews",
        TAG,
        N_("Management reviews within your scope, the newest first."),
        schemas.ReviewList,
        question=schemas.ReviewsQuestion,
    ),
    Operation(
        method="post",
        path="/management-reviews",
        name="draftManagementReview",
        tag=TAG,
        summary=N_("Draft the record of a review, with the figures of its period as of now."),
        answer=schemas.ReviewAnswer,
        status=201,
        body=ReviewBody,
        example={"from": "2026-07-01", "to": "2026-09-30"},
    ),
    read(
        _ONE,
        "getManagementReview",
        TAG,
        N_("One management review with its figures, minutes, actions and history."),
        schemas.ReviewAnswer,
        question=schemas.ReviewQuestion,
        also=(ReportForm.PDF.type,),
    ),
    _act(
        "change",
        "changeManagementReview",
        N_("Write down who met and what was said and decided."),
        body=ReviewChangeBody,
        example={
            "held_on": "2026-10-12",
            "next_on": "2027-01-11",
            "chaired_by": "Ratna, Direktur Layanan",
            "participants": ["Ratna, Direktur Layanan", "Budi, Penyelia Jakarta"],
            "minutes": {"process": "Balasan pertama pada hari yang sama"},
        },
    ),
    _act(
        "figures",
        "renewReviewFigures",
        N_("Read the figures of a draft again, of the same period or of another one."),
        body=ReviewFiguresBody,
        example={},
    ),
    _act(
        "actions",
        "agreeOnCorrectiveAction",
        N_("Agree on a corrective action that was raised."),
        body=ReviewActionBody,
        example=_ACTION,
    ),
    _act(
        "removal",
        "takeOutCorrectiveAction",
        N_("Take a corrective action out of a draft; it stays raised."),
        body=ReviewActionBody,
        example=_ACTION,
    ),
    _act(
        "conclusion",
        "concludeManagementReview",
        N_("Conclude the review; from then on it is not changed."),
        body=ReviewConclusionBody,
        example={},
    ),
    _act(
        "correction",
        "correctManagementReview",
        N_("Say what in a concluded record is wrong; the record itself stays."),
        body=ReviewCorrectionBody,
        example={"text": "Budi tidak hadir; yang hadir adalah Sari"},
    ),
    _act(
        "drop",
        "dropManagementReview",
        N_("Give a draft up, with a reason."),
        body=ReviewDropBody,
        example={"reason": "Rapat digabung dengan tinjauan semester"},
    ),
)
