"""The first start: whoever has the link of the console sets the organisation up, once."""

import csv
import io
from collections.abc import Mapping

from flask import Blueprint, current_app, redirect, render_template, request, session
from werkzeug.wrappers import Response

from complaints import clock
from complaints.channels.uploads import takes_files
from complaints.contacts import normalise_email
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Role
from complaints.extensions import db
from complaints.people.first_start import begin_setup, is_offered, require_owner
from complaints.people.passwords import SHORTEST_PASSWORD
from complaints.proxies import leads_here
from complaints.rulebook import current_rules
from complaints.rules.first_start import FirstOrganisation, FirstPerson, found_organisation
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label, role_word
from complaints.web.frame.guards import let_in, public
from complaints.web.organisation.mail_test import send_to
from complaints.web.organisation.people_file import MOST_BYTES, MOST_PEOPLE, people_lines

blueprint = Blueprint("first_start", __name__, url_prefix="/setup")

#: Where the browser that began keeps what shows it.
OWNER = "setup"
_MOST_CHARACTERS = 60_000
_NEEDED = (
    "name",
    "address",
    "email",
    "contact_center",
    "service_hours",
    "branch_name",
    "admin_name",
    "admin_email",
)


@blueprint.get("/<token>")
@public
def welcome(token: str) -> str:
    """What the link is for, and one button; a program that only looks at links begins nothing."""
    if not is_offered(db.session, token, clock.now()):
        raise NotFound(N_("This link is no longer valid. Have a new one printed on the console."))
    return render_template("organisation/setup_begin.html", token=token)


@blueprint.post("/<token>")
@public
def begin(token: str) -> Response:
    """Let this browser own the set-up."""
    owner = begin_setup(db.session, token, clock.now())
    db.session.commit()
    session[OWNER] = owner
    return redirect("/setup/", 303)


@blueprint.get("/")
@public
def form() -> str:
    """The one form of the first start."""
    require_owner(db.session, str(session.get(OWNER, "")), clock.now())
    return _page({})


@blueprint.post("/")
@takes_files
@public
def found() -> str | Response | tuple[str, int]:
    """Take in the organisation and its people; `do` mail sends a test mail, people reads a file."""
    now = clock.now()
    require_owner(db.session, str(session.get(OWNER, "")), now)
    typed = {name: value.strip()[:_MOST_CHARACTERS] for name, value in request.form.items()}
    try:
        typed["people"] = _with_file(typed)
    except Invalid as error:
        return _page(typed, [(error.field or "", say(error))]), 422
    if typed.get("do") == "people":
        return _page(typed)
    if typed.get("do") == "mail":
        sent = send_to(
            typed.get("admin_email", ""), (typed.get("name", ""), typed.get("email", "")), now
        )
        return _page(typed, mail=sent)
    try:
        given, people = _read(typed)
        admin, passwords = found_organisation(db.session, given, people, at=now)
    except Refused as error:
        if error.status != 422:
            raise
        db.session.rollback()
        return _page(typed, [(error.field or "", say(error))]), 422
    db.session.commit()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = True
    let_in(admin)
    if not passwords:
        return redirect("/", 303)
    return render_template("organisation/setup_done.html", passwords=passwords)


def _with_file(typed: Mapping[str, str]) -> str:
    """The people typed, and below them those of the file that was chosen."""
    sent = request.files.get("people_file")
    raw = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    people = typed.get("people", "")
    if not raw:
        if typed.get("do") == "people":
            raise Invalid(N_("Choose a file."), field="people_file")
        return people
    return "\n".join(filter(None, (people, people_lines(raw))))


def _read(typed: Mapping[str, str]) -> tuple[FirstOrganisation, list[FirstPerson]]:
    """The form as what it is about; Invalid for the first thing that is missing."""
    for name in _NEEDED:
        if not typed.get(name):
            raise Invalid(N_("Fill this in."), field=name)
    email = normalise_email(typed["email"])
    if email is None:
        raise Invalid(N_("Enter a valid email address, such as name@example.com."), field="email")
    # As it was typed: spaces at its ends belong to it.
    password = request.form.get("password", "")
    admin = FirstPerson(typed["admin_name"], typed["admin_email"], Role.ADMIN.value, password)
    if not password:
        raise Invalid(N_("Fill this in."), field="password")
    rules = current_rules(db.session)
    policies = [each for each in request.form.getlist("policies") if each]
    if not policies:
        raise Invalid(N_("Choose at least one policy pack."), field="policies")
    if typed.get("calendar") not in rules.calendars:
        raise Invalid(N_("Choose one."), field="calendar")
    hours = typed["service_hours"]
    given = FirstOrganisation(
        name=typed["name"],
        address=typed["address"],
        email=email,
        contact_center=typed["contact_center"],
        social_handle=typed.get("social_handle", ""),
        service_hours={"id": hours, "en": typed.get("service_hours_en") or hours},
        language="en" if typed.get("language") == "en" else "id",
        branch_code=_code(typed.get("branch_code") or typed["branch_name"]),
        branch_name=typed["branch_name"],
        branch_address=typed.get("branch_address", ""),
        calendar=typed["calendar"],
        policies=policies,
    )
    return given, [admin, *_people(typed.get("people", ""))]


def _code(text: str) -> str:
    """A code made of a name: letters and digits, in capitals."""
    return (
        "".join(each for each in text.upper() if each.isascii() and each.isalnum())[:12] or "PUSAT"
    )


def _people(text: str) -> list[FirstPerson]:
    """One user a line: name; email; role. A file of a spreadsheet pasted in reads the same."""
    found = []
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    roles = {role_word(each).casefold(): each.value for each in Role}
    for line, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
        given = [each.strip() for each in cells]
        if not any(given):
            continue
        role = given[2].casefold() if len(given) > 2 else ""
        known = roles.get(role, role)
        if len(given) < 3 or known not in set(Role):
            raise Invalid(
                N_("Line %(line)s of the users needs a name, an email address and a role."),
                field="people",
                line=line,
            )
        found.append(FirstPerson(given[0], given[1], known))
    if len(found) > MOST_PEOPLE:
        raise Invalid(N_("These are too many; add the rest later."), field="people")
    return found


def _page(
    typed: Mapping[str, str],
    errors: list[tuple[str, str]] | None = None,
    mail: str | None = None,
) -> str:
    rules, settings = current_rules(db.session), current_app.config["SETTINGS"]
    chosen = request.form.getlist("policies") if typed else rules.policy_codes
    return render_template(
        "organisation/setup.html",
        typed=typed,
        errors=errors or [],
        wrong=dict(errors or ()),
        calendars=[(code, label(each.value) or code) for code, each in rules.calendars.items()],
        policies=[
            (each.code, label(each))
            for each in rules.all_policies
            if each.about.status != "superseded" and each.about.jurisdiction in ("ID", "INT")
        ],
        chosen=chosen,
        roles=", ".join(role_word(each) for each in Role if each is not Role.ADMIN),
        shortest=SHORTEST_PASSWORD,
        base_url=settings.base_url,
        leads_here=leads_here(settings.base_url),
        is_folder=settings.smtp_url.startswith("file:"),
        mail=mail,
    )
