"""The public reply: kept as it was published, with nothing in it that only the complaint knows."""

from datetime import datetime

from complaints.contacts import national_part, reached_by
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Permission, require
from complaints.domain.public_posts.acts import PostAct, PostState
from complaints.domain.public_posts.links import read_link
from complaints.domain.public_posts.personal import (
    COMPLAINT,
    EMAIL,
    OURS,
    PHONE,
    CustomerKnown,
    as_read,
    personal_in,
)
from complaints.domain.words.substance import require_substance
from complaints.models import Complaint, Customer
from complaints.steps.public_posts.record import PostCase, note_act, stop_clock

#: Nobody's to tell in public, whatever the author of the post told there.
_NEVER = frozenset({PHONE, EMAIL})


def reply_to_post(
    case: PostCase,
    *,
    text: str,
    link: str = "",
    at: datetime | None = None,
    has_checked: bool = False,
) -> None:
    """Keep a reply that was published; the first one ends the clock, when it is recorded here.

    Raises Invalid where it tells what only the private complaint knows: how to reach the customer
    always, a name or a number unless somebody `has_checked` that it may stand there.
    """
    require(case.by, Permission.HANDLE)
    post = case.post
    said = require_substance(text, N_("Enter the reply as it was published."), field="text")
    reply_link = read_link(link) if link.strip() else ""
    published = (at or case.at).replace(microsecond=0)
    if published > case.at:
        raise Invalid(N_("The reply cannot have been published in the future."), field="at")
    if published < post.posted_at:
        raise Invalid(N_("The reply cannot be older than the post."), field="at")
    told = _check_personal(case, said, has_checked)
    if post.state != PostState.REPLIED:
        stop_clock(case)
        post.state, post.reason = PostState.REPLIED.value, ""
        post.reply, post.reply_link, post.replied_at = said, reply_link, published
    detail = {"text": said, "link": reply_link, "at": published.isoformat(), "checked": told}
    note_act(case, PostAct.REPLY, detail)


def _check_personal(case: PostCase, text: str, has_checked: bool) -> list[str]:
    """What of the customer it tells, in words; refused unless that may stand there."""
    found = personal_in(text, _customer(case), case.post.author)
    never = [each for each in found if each in _NEVER]
    if never:
        raise Invalid(
            N_(
                "Everybody reads this reply, and it tells what only the complaint knows: a phone "
                "number or an email address of the customer. Take it out there as well."
            ),
            field="text",
        )
    if _reaches_another(case, text):
        raise Invalid(
            N_(
                "Everybody reads this reply, and it tells a phone number or an email address "
                "that is not the organisation's own. Take it out there as well."
            ),
            field="text",
        )
    if COMPLAINT not in found and case.rules.numbers.is_in(as_read(text)):
        found.append(OURS)
    if found and not has_checked:
        raise Invalid(
            N_(
                "Everybody reads this reply, and it tells who the customer is: a name, a customer "
                "number or the number of the complaint. Take it out there as well, or tick that it "
                "may be shown there."
            ),
            field="has_checked",
        )
    return found


def _reaches_another(case: PostCase, text: str) -> bool:
    """Whether it tells how to reach anybody but the organisation, by the contact points it has.

    Before a post is a complaint nobody knows whose number it is: so nobody's may stand there.
    """
    organisation = case.rules.organisation
    ours = (organisation.email, organisation.address, *organisation.contact_center.values())
    own_phones, own_emails = reached_by("\n".join(ours))
    phones, emails = reached_by(as_read(text))
    return bool(phones - own_phones or emails - own_emails)


def _customer(case: PostCase) -> CustomerKnown:
    """Whom the private complaint of the post is about; nobody where there is none."""
    if case.post.complaint_id is None:
        return CustomerKnown()
    complaint = case.session.get_one(Complaint, case.post.complaint_id)
    customer = case.session.get_one(Customer, complaint.customer_id)
    form, phones = case.rules.numbers, (customer.phone, complaint.contact_phone)
    return CustomerKnown(
        names=tuple(each for each in (customer.name, complaint.contact_name) if each),
        phones=tuple(national_part(each) for each in phones if each),
        emails=tuple(each for each in (customer.email, complaint.contact_email) if each),
        numbers=(customer.number,) if customer.number else (),
        complaints=tuple(form.write_all(complaint.year, complaint.id)),
    )
