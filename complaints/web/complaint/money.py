"""The money of a complaint on its page: what may be offered, whose word is needed, what was given.

The rules and sums come from the steps and queries; here they get their words.
"""

from flask_babel import gettext, ngettext

from complaints.domain.errors import Invalid
from complaints.people.staff import Person
from complaints.steps.case import Case
from complaints.steps.casework.approver import Outlook, foresee
from complaints.web.frame.filters import currency, money
from complaints.web.frame.form_parsing import read_amount
from complaints.web.frame.words import ROLES


def bands_words(outlook: Outlook) -> str:
    """What the form says before anything is typed: up to which amount whose word is needed."""
    if outlook.own:
        said = [gettext("Up to %(limit)s you decide alone.", limit=money(outlook.own))]
    else:
        said = [gettext("Any amount needs approval here.")]
    said += [
        gettext(
            "Above it, up to %(limit)s, approval is asked of %(name)s.",
            limit=money(most),
            name=called(person),
        )
        for person, most in outlook.above
    ]
    return " ".join(said)


def beside_words(case: Case, outlook: Outlook) -> str:
    """What was given before and counts along, or nothing."""
    if not (outlook.beside.on_complaint or outlook.beside.to_customer):
        return ""
    return ngettext(
        "Given so far: %(complaint)s on this complaint, %(customer)s to this customer in "
        "%(num)d day.",
        "Given so far: %(complaint)s on this complaint, %(customer)s to this customer in "
        "%(num)d days.",
        case.rules.authority.sums.customer_days,
        complaint=money(outlook.beside.on_complaint),
        customer=money(outlook.beside.to_customer),
    )


def amount_of(typed: str) -> int:
    """An amount as it is typed; 0 while it cannot be read."""
    try:
        return int(read_amount(typed, currency()))
    except Invalid:
        return 0


def needs_approval(case: Case, typed: str) -> bool:
    """Whether somebody else has to agree to the typed amount before the customer hears of it."""
    amount = amount_of(typed)
    return bool(amount) and amount > foresee(case).own


def amount_words(case: Case, typed: str) -> str:
    """What will happen to an amount as it is typed; nothing while it cannot be read."""
    amount = amount_of(typed)
    if not amount:
        return ""
    outlook = foresee(case)
    if amount <= outlook.own:
        return gettext("Within your limit: the customer can have it at once.")
    approver = outlook.approver_of(amount)
    if approver is None:
        return gettext(
            "Nobody may approve this much here; the highest is %(limit)s.",
            limit=money(outlook.most),
        )
    return gettext("Approval will be asked of %(name)s.", name=called(approver))


def called(person: Person) -> str:
    """A person with their role, so that a name says who it is."""
    role = ROLES.get(person.role)
    return f"{person.name} ({gettext(role)})" if role else person.name
