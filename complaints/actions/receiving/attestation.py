"""Attest that the customer was heard out (020-1.1)."""

from complaints.actions.act import Act, Face
from complaints.actions.bodies import SpokenOrUnable
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.attest import attest_listening
from complaints.steps.case import Case


class Attestation(SpokenOrUnable):
    """020-1.1"""

    content = (("listened",),)

    listened: bool = False


def _attest(case: Case, body: Attestation) -> None:
    attest_listening(case, listened=body.listened, unable=body.why_not, **body.means())


ATTESTATION = Act(
    noun="attestation",
    body=Attestation,
    take=_attest,
    history={
        Action.ATTEST: N_("Confirmed that the customer was heard out"),
    },
    faces={
        "": Face(
            title=N_("Confirm that the customer was heard out"),
            button=N_("Confirm you listened"),
            icon="ear",
            scripts=(ScriptKey.BEFORE_INTERRUPTING, ScriptKey.AFTER_INTERRUPTING),
            standards=("std2-menyimak", "std3-meninggalkan"),
            criteria=("020-1.1",),
        ),
    },
    example={"listened": True},
)
