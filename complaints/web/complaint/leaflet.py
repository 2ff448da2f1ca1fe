"""The leaflet on the service standard (020-3.7) as a sheet, to be printed or sent by email.

Printing and sending record that the information was given, as with letters; where that is not its
time, the sheet can be printed and nothing is recorded.
"""

from flask import Blueprint, render_template
from flask_babel import force_locale
from markupsafe import Markup

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.steps.case import view_case
from complaints.steps.inform_standard import leaflet_as_told
from complaints.web.complaint.forms.open_form import new_key
from complaints.web.complaint.journey import may_do
from complaints.web.complaint.scripts import language_of
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("leaflet", __name__)


@blueprint.get("/complaints/<number>/leaflet")
@guarded(Permission.VIEW)
def sheet(number: str) -> str:
    """The mandatory items in the customer's language."""
    case = view_case(db.session, number, by=actor(), at=clock.now())
    complaint, organisation = case.complaint, case.rules.organisation
    with force_locale(language_of(case)):
        # What the customer takes home speaks the customer's language, whatever the desk speaks.
        drawn = render_template(
            "complaint/leaflet_sheet.html",
            items=leaflet_as_told(case, case.rules.leaflet.mandatory),
            organisation=organisation,
            branch=case.rules.branches[complaint.branch_id],
            contact=organisation.values,
        )
    return render_template(
        "complaint/leaflet.html",
        number=case.number,
        path=f"/complaints/{case.number}",
        email=complaint.contact_email,
        records=may_do(case.by, "standard-information", complaint.status),
        sheet=Markup(drawn),
        key=new_key(),
    )
