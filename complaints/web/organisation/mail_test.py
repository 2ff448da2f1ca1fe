"""A test mail by the settings as they are stored: no password is typed, shown or sent for it."""

from datetime import datetime

from flask import Blueprint, current_app, flash, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.contacts import normalise_email
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.mail.try_out import send_test_mail
from complaints.rulebook import current_rules
from complaints.web.frame.guards import guarded, own_account

blueprint = Blueprint("mail_test", __name__, url_prefix="/admin/organisation")


@blueprint.post("/mail-test")
@guarded(Permission.ADMINISTER)
def try_out() -> Response:
    """Send a test mail to whoever asks for it."""
    organisation = current_rules(db.session).organisation
    to = own_account().email
    db.session.rollback()
    flash(send_to(to, (organisation.name, organisation.email), clock.now()), "note")
    return redirect("/admin/organisation/", 303)


def send_to(email: str, sender: tuple[str, str], at: datetime) -> str:
    """Send it, and say in words what became of it."""
    to, from_email = normalise_email(email), normalise_email(sender[1])
    if to is None or from_email is None:
        return gettext("Fill in both email addresses first.")
    settings = current_app.config["SETTINGS"]
    wrong = send_test_mail(
        settings.smtp_url,
        sender=(sender[0], from_email),
        to=to,
        subject=gettext("Test email of Tanggap"),
        text=gettext("This email was sent to see whether emails leave. Nothing needs to be done."),
        at=at,
    )
    if wrong:
        return gettext(
            "The test email could not be sent (%(why)s). Check SMTP_URL in the settings.", why=wrong
        )
    if settings.smtp_url.startswith("file:"):
        return gettext(
            "The test email has left. It lies in a folder of this machine: SMTP_URL names no mail "
            "server, so customers get no emails."
        )
    return gettext("The test email has left. See whether it arrives at %(email)s.", email=to)
