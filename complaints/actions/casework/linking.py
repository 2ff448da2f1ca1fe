"""Link a complaint with another one, or split a second matter off it."""

from typing import Annotated, Literal

from pydantic import Field

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import Code, Reason, Short, WordsGiven
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.steps.case import Case
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.linking.link import link_complaints
from complaints.steps.linking.split import split_complaint


class Linked(Body):
    """Another complaint that this one has to do with."""

    to: Annotated[Short, Field(min_length=1, description=N_("The number of the other complaint."))]
    as_: Literal["related", "split", "duplicate"] = Field(
        "related",
        alias="as",
        description=N_(
            "`related` for one that has to do with it, `split` for the second half of one story; "
            "`duplicate` closes this one as `merge` does."
        ),
    )
    reason: Reason = Field("", description=N_("What they have to do with each other."))


class Split(Body):
    """The second matter of a story, as a complaint of its own."""

    words: WordsGiven = Field(description=N_("The customer's own words about the second matter."))
    category: Code | None = None


def _link(case: Case, body: Linked) -> None:
    if body.as_ == "duplicate":
        merge_complaint(case, into=body.to, reason=body.reason)
        return
    link_complaints(case, to=body.to, kind=body.as_, reason=body.reason)


def _split(case: Case, body: Split) -> None:
    split_complaint(case, words=body.words, category=body.category or "")


LINK = Act(
    noun="link",
    counts_now=True,
    body=Linked,
    take=_link,
    history={
        Action.LINK: N_("Linked with another complaint"),
    },
    faces={
        "": Face(
            title=N_("Link with another complaint"),
            button=N_("Link"),
            icon="link",
        ),
    },
    details={
        "to": N_("linked with %(words)s"),
        "reason": N_("Reason: %(words)s"),
    },
    example={"to": "KLH-2026-000123", "as": "related", "reason": "Kunjungan teknisi yang sama"},
)


SPLIT = Act(
    noun="split",
    counts_now=True,
    body=Split,
    take=_split,
    history={
        Action.SPLIT: N_("A second matter became a complaint of its own"),
    },
    faces={
        "": Face(
            title=N_("Split off a second matter"),
            button=N_("Split off"),
            icon="versions",
        ),
    },
    details={"into": N_("goes on as %(words)s"), "words": "%(words)s"},
    example={"words": "tagihan bulan ini juga dua kali", "category": "TAG_GANDA"},
)
