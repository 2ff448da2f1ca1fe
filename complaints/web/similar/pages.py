"""The complaints like one: a part of its page that is fetched when it comes into sight."""

from flask import Blueprint, render_template, request

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.similar import similar_to
from complaints.steps.case import view_case
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("similar", __name__)


@blueprint.get("/complaints/<number>/similar")
@guarded(Permission.VIEW)
def similar(number: str) -> str:
    """Complaints like this one; a page of its own where no script asked."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    taxonomy = case.rules.taxonomy
    tables = {"cause": taxonomy.causes, "remedy": taxonomy.remedies}

    def words(table: str, code: str) -> str:
        item = tables[table].get(code)
        return label(item) if item is not None else code

    is_part = request.headers.get("HX-Request") == "true"
    return render_template(
        "complaint/similar.html" if is_part else "complaint/similar_page.html",
        number=case.number,
        found=similar_to(db.session, case.rules, case.complaint, case.by),
        zone=case.rules.calendar_of(case.complaint.branch_id).value.tz,
        categories=taxonomy.categories,
        outcomes=taxonomy.outcomes,
        words=words,
    )
