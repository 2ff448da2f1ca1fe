"""What helps to decide, as JSON: categories that a story speaks for, and complaints like one."""

from typing import Annotated

from flask import Blueprint, Response, request
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from complaints import clock
from complaints.actions.fields import CLEAN, Part
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer
from complaints.channels.api.query_params import read_question
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, Code, Number, one_of
from complaints.domain.errors import N_
from complaints.domain.permissions import Permission
from complaints.domain.suggestions import KnownFact
from complaints.domain.taxonomy import Fact
from complaints.extensions import db
from complaints.queries.lists.customers import find_by_number
from complaints.queries.similar import (
    SAME_CUSTOMER,
    SAME_PLACE,
    SAME_WORDS,
    Similar,
    similar_to,
)
from complaints.queries.suggestions import resting_on, suggest_categories
from complaints.queries.ticket_facts import Ticket
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.case import view_case
from complaints.steps.receive import check_branch

Story = Annotated[str, StringConstraints(min_length=1, max_length=5_000), CLEAN]
Reason = Annotated[str, one_of((SAME_CUSTOMER, SAME_PLACE, SAME_WORDS))]


class SuggestionsQuestion(Part):
    """What a category is wanted for."""

    story: Story = Field(description=N_("What the customer tells, in their own words."))
    product: Annotated[str, StringConstraints(max_length=120), CLEAN] | None = Field(
        None, description=N_("The product, where it is known.")
    )
    customer: Annotated[str, StringConstraints(max_length=40), CLEAN] | None = Field(
        None,
        description=N_(
            "The customer number; what is on record of the customer then speaks for categories of "
            "repeats and of late promises. Heeded where the caller may record complaints."
        ),
    )
    branch: Code | None = Field(
        None,
        description=N_(
            "The code of the branch, for categories of whole areas; the caller's own where "
            "nothing is said."
        ),
    )


class FactAnswer(TypedDict):
    """Something on record that speaks for a category."""

    fact: Annotated[str, one_of(tuple(Fact))]
    number: Annotated[
        str | None,
        Field(
            description=N_("Of the complaint or the incident; null outside of the caller's scope.")
        ),
    ]
    category: Code | None
    at: Annotated[At | None, Field(description=N_("When it was closed, or due."))]
    done_at: Annotated[At | None, Field(description=N_("When what was late was done."))]
    count: Annotated[int, Field(description=N_("How many there are of the kind."))]
    usual: Annotated[float, Field(description=N_("How many are usual, of an area."))]


class CategoryAnswer(TypedDict):
    """A category that may fit."""

    code: Code
    confidence: Annotated[
        float,
        Field(description=N_("Above 0, below 1: how far words speak for it; decides nothing.")),
    ]
    because: Annotated[
        list[str], Field(description=N_("The words of the story that speak for it."))
    ]
    complaints: Annotated[
        list[Number], Field(description=N_("Closed complaints of the category with these words."))
    ]
    facts: Annotated[
        list[FactAnswer], Field(description=N_("What is on record and speaks for it."))
    ]


class SuggestionsAnswer(TypedDict):
    """Up to three categories, the likeliest first; none where no word fits."""

    categories: list[CategoryAnswer]


class SimilarAnswer(TypedDict):
    """A complaint like another, and what became of it."""

    number: Number
    because: list[Reason]
    words: Annotated[list[str], Field(description=N_("The telling words that both have."))]
    status: str
    category: Code | None
    received_at: At
    closed_at: At | None
    outcome: Code | None
    cause: Annotated[Code | None, Field(description=N_("The cause that was confirmed."))]
    cause_text: str
    remedy: Annotated[Code | None, Field(description=N_("The remedy that was accepted."))]
    remedy_text: str


class SimilarList(TypedDict):
    """The likest first."""

    items: list[SimilarAnswer]


def add_suggestions(blueprint: Blueprint) -> None:
    """Let the blueprint answer what helps to decide."""
    blueprint.add_url_rule("/suggestions", view_func=suggestions)
    blueprint.add_url_rule("/complaints/<number>/similar", view_func=similar)


@with_token(Permission.VIEW)
def suggestions() -> Response:
    """Categories that a story speaks for."""
    asked = read_question(SuggestionsQuestion, request.args)
    rules = current_rules(db.session)
    found = suggest_categories(
        db.session, rules, asked.story, asked.product, ticket=_ticket(rules, asked)
    )
    rests = resting_on(db.session, rules, found, caller())
    categories = [
        {
            "code": each.code,
            "confidence": each.confidence,
            "because": list(each.because),
            "complaints": rests[each.code],
            "facts": [_fact(one) for one in each.facts],
        }
        for each in found
    ]
    return read_answer({"categories": categories})


def _ticket(rules: RuleBook, asked: SuggestionsQuestion) -> Ticket | None:
    """What the caller says of the ticket, who has to be allowed to record one of that branch."""
    who = caller()
    if not who.has(Permission.INTAKE):
        return None
    if asked.branch:
        check_branch(rules, asked.branch, who)
    return Ticket(
        actor=who,
        at=clock.now(),
        branch_id=rules.branch_by_code(asked.branch).id if asked.branch else who.branch_id,
        customer_id=find_by_number(db.session, asked.customer) if asked.customer else None,
    )


def _fact(each: KnownFact) -> FactAnswer:
    return {
        "fact": each.fact.value,
        "number": each.number or None,
        "category": each.category,
        "at": stamp(each.at) if each.at else None,
        "done_at": stamp(each.until) if each.until else None,
        "count": each.count,
        "usual": round(each.usual, 1),
    }


@with_token(Permission.VIEW)
def similar(number: str) -> Response:
    """Complaints like one, within the caller's scope."""
    case = view_case(db.session, number, by=caller(), at=clock.now())
    items = similar_to(db.session, case.rules, case.complaint, caller())
    return read_answer({"items": [_answer(each) for each in items]})


def _answer(each: Similar) -> SimilarAnswer:
    return {
        "number": each.number,
        "because": list(each.because),
        "words": list(each.words),
        "status": each.status,
        "category": each.category,
        "received_at": stamp(each.received_at),
        "closed_at": stamp(each.closed_at) if each.closed_at else None,
        "outcome": each.outcome,
        "cause": each.cause or None,
        "cause_text": each.cause_text,
        "remedy": each.remedy or None,
        "remedy_text": each.remedy_text,
    }
