"""What is asked of contacts and what is answered."""

from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, CodeGiven, Part
from complaints.channels.api.one_file import StoredFile, stored_file
from complaints.channels.api.query_params import ROWS, CursorAsked, OneOf
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, Code, FileSent, one_of
from complaints.domain.errors import N_, Invalid
from complaints.domain.other_contacts.acts import ContactAct, ContactState
from complaints.domain.searching import LONGEST
from complaints.models import ContactFile, OtherContact
from complaints.queries.other_contacts.files import files_of_contact
from complaints.queries.other_contacts.lists import Asked, ContactLine
from complaints.queries.other_contacts.view import read_contact
from complaints.queries.paging import read_id_cursor
from complaints.rulebook import RuleBook

#: Rows of a page, at most.
MOST_ROWS = 200

Number = Annotated[str, Field(description=N_("The number that customers are told."))]
StateCode = Annotated[str, one_of(ContactState)]
StateAsked = Annotated[str, OneOf(tuple(ContactState)), CLEAN]
Complaint = Annotated[str | None, Field(description=N_("The number of a complaint."))]


class ContactsQuestion(Part):
    """Which contacts to list."""

    q: Annotated[str, Field(max_length=LONGEST), CLEAN] | None = Field(
        None, description=N_("Words, a name, a phone number, an email address or a number.")
    )
    kind: CodeGiven | None = Field(None, description=N_("A code of `not_complaints`."))
    state: StateAsked | None = None
    team: CodeGiven | None = Field(None, description=N_("A unit of GET /codes (`teams`)."))
    branch: CodeGiven | None = Field(None, description=N_("A branch of GET /codes."))
    channel: CodeGiven | None = Field(None, description=N_("A channel of GET /codes."))
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))

    def asked(self, rules: RuleBook) -> Asked:
        """The filters as the query takes them; Invalid for codes that nobody knows."""
        if self.kind and self.kind not in rules.taxonomy.not_complaints:
            raise Invalid(N_("There is no code %(code)s."), field="kind", code=self.kind[:40])
        if self.channel and self.channel not in rules.taxonomy.channels:
            raise Invalid(N_("There is no code %(code)s."), field="channel", code=self.channel[:40])
        if self.team and self.team not in rules.teams_by_code:
            raise Invalid(N_("There is no code %(code)s."), field="team", code=self.team[:40])
        return Asked(
            kind=self.kind,
            state=self.state,
            channel=self.channel,
            q=self.q or None,
            branch_id=rules.branch_by_code(self.branch).id if self.branch else None,
            team_id=rules.teams_by_code[self.team].id if self.team else None,
        )

    def before(self) -> int | None:
        """Where the page begins."""
        return read_id_cursor(self.cursor)


class ContactLineAnswer(TypedDict):
    """A contact in a list."""

    number: Number
    kind: Code
    state: StateCode
    branch: Code
    channel: Code
    words: Annotated[str, Field(description=N_("Their beginning."))]
    customer: str
    team: Code | None
    received_at: At
    taken_by: str
    ended_at: At | None


class ContactList(TypedDict):
    """Contacts, the newest first."""

    items: list[ContactLineAnswer]
    next: Annotated[str | None, Field(description=N_("`cursor` of the page after; null if last."))]


class PersonAnswer(TypedDict):
    """Who said it, as told that day."""

    name: str
    salutation: str
    phone: str | None
    email: str | None
    number: str


class EntryAnswer(TypedDict):
    """One entry of the history of a contact."""

    what: Annotated[str, one_of(ContactAct)]
    at: At
    by: str
    detail: dict[str, object]


class ContactFileAnswer(StoredFile):
    """A file that came with a contact; its bytes are under its own address."""

    from_customer: Annotated[bool, Field(description=N_("Whether they sent it themselves."))]


class ContactFileSent(BaseModel):
    """A file for a contact, sent as a form."""

    file: FileSent


class OtherContactAnswer(TypedDict):
    """A contact that is no complaint, whole."""

    number: Number
    kind: Code
    state: StateCode
    branch: Code
    channel: Code
    words: str
    customer: PersonAnswer
    received_at: At
    taken_by: str
    team: Code | None
    reference: str
    person: Annotated[str, Field(description=N_("Who is praised."))]
    ended_at: At | None
    ended_by: str
    answer: Annotated[str, Field(description=N_("What the customer was told at the end."))]
    method: str
    complaint: Complaint
    first_complaint: Complaint
    reason: Annotated[str, Field(description=N_("Why it was no complaint after all."))]
    files: list[ContactFileAnswer]
    history: list[EntryAnswer]


def file_answer(row: ContactFile) -> ContactFileAnswer:
    """One file as the API tells it."""
    return {**stored_file(row), "from_customer": row.from_customer}


def line_answer(line: ContactLine, rules: RuleBook) -> ContactLineAnswer:
    """A contact in a list."""
    team = rules.teams.get(line.team_id or 0)
    return {
        "number": line.number,
        "kind": line.kind,
        "state": line.state,
        "branch": rules.branches[line.branch_id].code,
        "channel": line.channel,
        "words": line.words,
        "customer": line.customer_name,
        "team": team.code if team else None,
        "received_at": stamp(line.received_at),
        "taken_by": line.taken_by,
        "ended_at": stamp(line.ended_at) if line.ended_at else None,
    }


def contact_answer(session: Session, rules: RuleBook, contact: OtherContact) -> OtherContactAnswer:
    """A contact whole."""
    view = read_contact(session, rules, contact)
    team = rules.teams.get(contact.team_id or 0)
    return {
        "number": view.number,
        "kind": contact.kind,
        "state": contact.state,
        "branch": rules.branches[contact.branch_id].code,
        "channel": contact.channel,
        "words": contact.words,
        "customer": {
            "name": contact.customer_name,
            "salutation": contact.customer_salutation,
            "phone": contact.customer_phone,
            "email": contact.customer_email,
            "number": view.customer_number,
        },
        "received_at": stamp(contact.received_at),
        "taken_by": contact.taken_by_name,
        "team": team.code if team else None,
        "reference": contact.reference,
        "person": view.person,
        "ended_at": stamp(contact.ended_at) if contact.ended_at else None,
        "ended_by": contact.ended_by_name,
        "answer": contact.end_words,
        "method": contact.end_method,
        "complaint": view.became or None,
        "first_complaint": view.came_from or None,
        "reason": contact.reason,
        "files": [file_answer(each) for each in files_of_contact(session, contact.id)],
        "history": [
            {
                "what": each.what,
                "at": stamp(each.at),
                "by": each.by_name,
                "detail": each.detail,
            }
            for each in reversed(view.entries)
        ],
    }
