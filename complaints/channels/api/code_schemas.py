"""What the answers about codes and persons hold."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.due_schemas import (
    CategoryCode,
    ChannelCode,
    CodeItem,
    GroupedCode,
    RetirableCode,
)
from complaints.channels.api.values import Code, one_of
from complaints.domain.errors import N_
from complaints.domain.permissions import Role
from complaints.domain.taxonomy.items import ShortEnd


class NeedCode(CodeItem):
    """Something to heed about a person."""

    vulnerable: bool


class CauseCode(GroupedCode):
    """A cause, or a whole group of causes where the group is its own code."""

    needs_supervisor: bool
    needs_investigation: bool


class RemedyCode(RetirableCode):
    """Something that may be offered."""

    kind: str
    takes_amount: bool


class UnableCode(RetirableCode):
    """A reason for which a criterion may stay unmet."""

    criteria: list[str]


class InformationCode(CodeItem):
    """An item of the leaflet on the service standard."""

    mandatory: bool


class NotComplaintCode(CodeItem):
    """What people also come with, and how it ends."""

    ending: Annotated[str, one_of(ShortEnd)]


class Codes(TypedDict):
    """The codes of the rules in force, with their words in both languages."""

    category_groups: list[CodeItem]
    categories: list[CategoryCode]
    channels: list[ChannelCode]
    tiers: list[CodeItem]
    needs: list[NeedCode]
    causes: list[CauseCode]
    remedies: list[RemedyCode]
    not_complaints: list[NotComplaintCode]
    outcomes: list[CodeItem]
    unable_reasons: list[UnableCode]
    pause_reasons: list[RetirableCode]
    products: list[RetirableCode]
    standard_information: list[InformationCode]
    teams: list[RetirableCode]
    branches: list[CodeItem]


class Me(TypedDict):
    """Who the token belongs to and what it may do."""

    email: str
    name: str
    role: Annotated[str, one_of(Role)]
    branch: Annotated[Code | None, Field(description=N_("Null at head office."))]
    team: Code | None
    language: Annotated[str, one_of(("id", "en"))]
    scopes: list[Annotated[str, one_of(("read", "write"))]]
