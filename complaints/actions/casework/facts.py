"""State what is known of the customer (020-2.3): type, contract, products, arrears, notes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from complaints.actions.act import Act, Face
from complaints.actions.bodies import Body
from complaints.actions.fields import CLEAN, Amount, Code, Day, Line, Part, without_blanks
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.people.customer_facts import NOT_KNOWN, FactsGiven
from complaints.steps.case import Case
from complaints.steps.casework.state_facts import state_facts


class CustomerFacts(Part):
    """What is known of a customer; absent fields stay as they are."""

    tier: Code | None = None
    since: Day | None = Field(None, description=N_("Since when they are under contract."))
    products: Annotated[list[Line], Field(max_length=20)] | None = Field(
        None, description=N_("What they have by contract: codes or words.")
    )
    arrears: Amount | None = Field(
        None,
        description=N_("What they owe, in whole units of the currency; 0 for nothing."),
    )
    notes: Annotated[str, StringConstraints(max_length=500), CLEAN] | None = None
    unknown: list[Literal["since", "arrears", "notes"]] = Field(
        [], description=N_("What is not known any more; an empty text in the field says the same.")
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_blank(cls, given: Any) -> Any:
        """An emptied box takes back what stood in it."""
        kept = without_blanks(given)
        if not isinstance(given, Mapping) or "unknown" in kept:
            return kept
        emptied = [
            name
            for name in NOT_KNOWN
            if isinstance(given.get(name), str) and not given[name].strip()
        ]
        return {**kept, "unknown": emptied} if emptied else kept

    def facts(self) -> FactsGiven:
        """The facts as the step takes them."""
        return FactsGiven(
            tier=self.tier,
            since=self.since,
            products=tuple(self.products) if self.products is not None else None,
            arrears=self.arrears,
            notes=self.notes,
            unknown=tuple(self.unknown),
        )


class FactsStated(CustomerFacts, Body):
    """The facts of the customer of one complaint."""


def _state(case: Case, body: FactsStated) -> None:
    state_facts(case, body.facts())


FACTS = Act(
    noun="facts",
    body=FactsStated,
    take=_state,
    history={
        Action.STATE_FACTS: N_("Facts about the customer stated"),
    },
    faces={
        "": Face(
            title=N_("State or correct what is known of the customer"),
            button=N_("Save the facts"),
            icon="id-badge-2",
        ),
    },
    details={
        "was": N_("Customer type before: %(words)s"),
        "tier": N_("Customer type now: %(words)s. Priority and deadlines follow it."),
    },
    example={"since": "2019-03-01", "products": ["INTERNET_RUMAH"], "arrears": 0},
)
