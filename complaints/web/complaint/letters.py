"""A letter to the customer as a sheet: to read, and to print when it goes by post or hand."""

from flask import Blueprint, current_app, redirect, render_template
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_, NotFound
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.enclosures import facts_as_it_leaves, held_back_of
from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.queries.complaint.letters import find_letter
from complaints.steps.case import view_case
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.complaint.journey import may_do
from complaints.web.complaint.pages import follow_link
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("letters", __name__)


@blueprint.get("/complaints/<number>/letters/<int:letter_id>")
@guarded(Permission.VIEW)
def sheet(number: str, letter_id: int) -> str | Response:
    """One letter as the customer reads it; a receipt to be printed has a sheet of its own."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    row = find_letter(db.session, case.complaint.id, letter_id)
    if row is None:
        raise NotFound(N_("There is no such letter on this complaint."))
    if row.kind == "receipt" and row.state == "to_print":
        return redirect(f"/complaints/{case.number}/receipt", 303)
    context = LetterContext(case.rules, current_app.config["SETTINGS"].base_url)
    letter = None
    facts = facts_as_it_leaves(db.session, row)
    if row.emptied_at is None:
        link = follow_link(case.complaint)
        letter = write_letter(
            row.kind, facts, row.language, context, follow_link=link, on_sheet=True
        )
    is_waiting = row.state == "to_print"
    may = may_do(case.by, "letters/printing", case.complaint.status)
    return render_template(
        "complaint/letter.html",
        number=case.number,
        path=f"/complaints/{case.number}",
        row=row,
        letter=letter,
        held_back=held_back_of(facts),
        organisation=case.rules.organisation.name,
        branch=case.rules.branches[case.complaint.branch_id],
        prints=is_waiting and may,
        key=new_key(),
    )
