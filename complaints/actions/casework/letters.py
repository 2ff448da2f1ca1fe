"""Letters to the customer: printed here, or come back."""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import ReasonGiven, RowId
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.letters import note_return, print_letter


class LetterPrinted(Body):
    """A letter on paper was printed, to be handed over or posted."""

    letter: RowId


class LetterReturned(LetterPrinted):
    """A letter that had left came back."""

    reason: ReasonGiven


def _print(case: Case, body: LetterPrinted) -> None:
    print_letter(case, letter=body.letter)


def _return(case: Case, body: LetterReturned) -> None:
    note_return(case, letter=body.letter, reason=body.reason)


PRINTING = Act(
    noun="letters/printing",
    body=LetterPrinted,
    take=_print,
    history={
        Action.PRINT_LETTER: N_("Letter printed"),
    },
    faces={
        "": Face(
            title=N_("Print the letter"),
            button=N_("Print the letter"),
            icon="printer",
        ),
    },
    details={"held_back": N_("not enclosed, as hidden from the customer: %(words)s")},
    example={"letter": 17},
    is_kept_open=True,
)


RETURN = Act(
    noun="letters/return",
    body=LetterReturned,
    take=_return,
    history={
        Action.NOTE_RETURN: N_("Letter came back"),
    },
    faces={
        "": Face(
            title=N_("Record that a letter came back"),
            button=N_("A letter came back"),
            icon="arrow-back-up",
        ),
    },
    example={"letter": 17, "reason": "Alamat email tidak dikenal"},
    is_kept_open=True,
)
