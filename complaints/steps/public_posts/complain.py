"""A post becomes a complaint: the conversation goes on in private, the reply is still owed."""

from dataclasses import dataclass

from complaints.domain.errors import N_, Refused
from complaints.domain.permissions import Permission, require
from complaints.domain.public_posts.acts import PostAct
from complaints.people.customers import CustomerGiven
from complaints.steps.case import Case
from complaints.steps.public_posts.record import PostCase, note_act
from complaints.steps.receive import ComplaintGiven, receive_complaint


@dataclass(frozen=True, slots=True)
class PostComplaint:
    """Who complains, as they were told apart from the post; the category where it is known."""

    customer: CustomerGiven
    category: str | None = None


def make_post_complaint(case: PostCase, made: PostComplaint) -> Case:
    """Record the post as a complaint, received when we recorded the post.

    Raises Refused where it is one already, and what receiving one raises.
    """
    require(case.by, Permission.INTAKE)
    post = case.post
    if post.complaint_id is not None:
        raise Refused(N_("This post has been made a complaint already."))
    given = ComplaintGiven(
        customer=made.customer,
        channel=post.channel,
        story=post.text,
        branch=case.rules.branches[post.branch_id].code,
        received_at=post.taken_at,
        category=made.category,
        source=post.source,
        came_as=case.number,
    )
    received = receive_complaint(case.session, case.rules, given, by=case.by, at=case.at)
    post.complaint_id = received.complaint.id
    note_act(case, PostAct.MAKE_COMPLAINT, {"complaint": received.number})
    return received
