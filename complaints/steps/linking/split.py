"""One story with two matters: the second becomes a complaint of its own, from the same receipt."""

from sqlalchemy import select

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import require
from complaints.domain.words.comparing import is_same, stands_in
from complaints.domain.words.substance import require_substance
from complaints.models import Complaint, ComplaintLink
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now
from complaints.steps.linking.another import contact_of, open_another
from complaints.steps.linking.link import SPLIT, keep_link
from complaints.steps.notify import letter_to_customer
from complaints.steps.receive import ComplaintGiven


def split_complaint(case: Case, *, words: str, category: str = "") -> Case:
    """Begin a second complaint with words of this one's story, and link both.

    Its clocks run from the receipt of the first: the customer told both then. It goes through every
    step by itself, and the customer hears of its number. Raises Invalid for words that the customer
    did not say, and for all of them.
    """
    require(case.by, PERMISSION_FOR[Action.SPLIT])
    count_from_now(case)
    old, rules = case.complaint, case.rules
    words = require_substance(words, N_("Choose the words about the second matter."), field="words")
    if not stands_in(words, [old.story]):
        raise Invalid(
            N_("These words are not in the customer's story. Copy them from there."), field="words"
        )
    if is_same(words, old.story):
        raise Invalid(
            N_("This is the whole story. Choose only the words about the second matter."),
            field="words",
        )
    _require_first_time(case, words)
    if category:
        known = rules.taxonomy.categories.get(category)
        if known is None:
            raise Invalid(
                N_("There is no category %(code)s."), field="category", code=category[:40]
            )
        require_in_use("category", category, known)
    given = ComplaintGiven(
        customer=contact_of(old),
        channel=old.channel,
        story=words,
        branch=rules.branches[old.branch_id].code,
        received_at=old.received_at,
        category=category or None,
        source="split",
    )
    detail = {"split_from": case.number}
    new = open_another(case, given, handler_id=old.handler_id, detail=detail)
    advance(case, Action.SPLIT, detail={"into": new.number, "words": words})
    keep_link(case, new, SPLIT)
    letter_to_customer(new, "split", facts={"other": case.number, "text": words}, or_paper=True)
    return new


def _require_first_time(case: Case, words: str) -> None:
    """Refuse words that were split off before: one matter is one complaint."""
    query = (
        select(Complaint.year, Complaint.id, Complaint.story)
        .join(ComplaintLink, ComplaintLink.other_id == Complaint.id)
        .where(ComplaintLink.complaint_id == case.complaint.id, ComplaintLink.kind == SPLIT)
        .order_by(Complaint.id)
    )
    for row in case.session.execute(query):
        if is_same(words, row.story):
            raise Invalid(
                N_("These words have been split off already, as %(other)s."),
                field="words",
                other=case.rules.numbers.write(row.year, row.id),
            )
