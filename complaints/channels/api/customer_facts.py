"""What is known of a customer, as an answer: the facts in force, and who stated which when."""

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, Code, Day, one_of
from complaints.domain.errors import N_
from complaints.extensions import db
from complaints.models import Customer
from complaints.models.customer import FACTS
from complaints.people.customer_facts import facts_stated

#: A fact as it was stated: a text, a list or an amount.
Stated = Annotated[Any, WithJsonSchema({"description": N_("Null where nothing was known.")})]


class FactStated(TypedDict):
    """One fact as it was stated once."""

    fact: Annotated[str, one_of(FACTS)]
    value: Stated
    before: Stated
    at: At
    by: str
    source: Annotated[
        str,
        one_of(("complaint", "api")),
        Field(description=N_("On a complaint, or by the customer's number.")),
    ]


class FactsAnswer(TypedDict):
    """What is known of a customer; what nobody has stated is null or empty."""

    number: Annotated[str, Field(description=N_("The organisation's customer number."))]
    tier: Code
    since: Annotated[Day | None, Field(description=N_("Since when they are under contract."))]
    products: list[str]
    arrears: Annotated[
        int | None,
        Field(description=N_("What they owe, in whole units of the currency; 0 for nothing.")),
    ]
    notes: str
    history: Annotated[
        list[FactStated], Field(description=N_("The last hundred statements, the latest first."))
    ]


def facts_answer(customer: Customer) -> FactsAnswer:
    """The facts of a customer with their history."""
    return {
        "number": customer.number or "",
        "tier": customer.tier,
        "since": customer.since.isoformat() if customer.since else None,
        "products": list(customer.products),
        "arrears": customer.arrears,
        "notes": customer.notes,
        "history": [
            {
                "fact": each.fact,
                "value": each.value,
                "before": each.before,
                "at": stamp(each.at),
                "by": each.by_name,
                "source": each.source,
            }
            for each in facts_stated(db.session, customer.id)
        ],
    }
