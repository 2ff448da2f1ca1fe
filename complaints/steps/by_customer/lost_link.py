"""A customer who has lost their link: sent again to the address on file, and to no other."""

from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.customer_page.link_life import is_link_over
from complaints.domain.lifecycle import Action
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.casework.contacts import void_link
from complaints.steps.notify import letter_to_customer


def send_link_again(case: Case, contact: str) -> bool:
    """Send the link to the address on file where `contact` is one of the complaint's; whether so.

    The link stays the one that is on paper; one that works no more is replaced. The history says
    that it was sent, and neither where to nor the link.
    """
    complaint = case.complaint
    known = {complaint.contact_email, complaint.contact_phone} - {None, ""}
    told = {normalise_email(contact), normalise_phone(contact)} - {None}
    if not complaint.contact_email or not known & told:
        return False
    days = case.rules.authority.portal.link_days
    if is_link_over(complaint.closed_at, complaint.link_given_at, case.at, days):
        void_link(case)
    advance(case, Action.SEND_LINK)
    letter_to_customer(case, "lost_link", facts={})
    return True
