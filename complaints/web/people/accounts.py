"""Administration: people and their keys; the rules have pages of their own."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_, Invalid, Refused, Stale
from complaints.domain.permissions import LINE_MANAGERS, Permission, Role, sees_to_complaints
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.people.account_edits import FIELDS, said_by, touched_fields
from complaints.people.account_upkeep import (
    new_password,
    reopen_account,
    reset_password,
    revoke_token,
    unlock_account,
)
from complaints.people.accounts import add_token, add_user
from complaints.people.succession import NOBODY, Successors
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.people.account_history import edits_since
from complaints.queries.people.accounts import (
    Person,
    active_people,
    find_people,
    get_person,
    handlers_to_choose,
    list_tokens,
)
from complaints.queries.people.failed_logins import failures_of
from complaints.queries.people.lines import lines_of
from complaints.queries.people.sightings import is_proxy_unknown
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.casework.hand_over import KEEP, TRAY, close_with_work, edit_with_work
from complaints.web.frame.choices import branch_choices, person_given, team_choices, told_apart
from complaints.web.frame.errors import say
from complaints.web.frame.guards import actor, guarded
from complaints.web.people.account_words import account_lines, edited_meanwhile, set_meanwhile
from complaints.web.people.work_words import (
    place_lines,
    takers,
    what_was_handed_over,
    work_shown,
)

Given = Mapping[str, str]
Errors = Sequence[tuple[str, str]]

blueprint = Blueprint("accounts", __name__, url_prefix="/admin")

#: The places of somebody who leaves, as the form names them.
PLACES = ("superior", "lead", "deputy")
#: What an API token may be used for → words.
SCOPES = {"": N_("Read and write"), "read": N_("Read only"), "inbound": N_("Hand in messages")}


@blueprint.get("/")
@guarded(Permission.ADMINISTER)
def overview() -> str:
    """Who works here, by page and searched, and who has to wait after failed logins."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:120]
    after = whole_number(request.args.get("after", ""))
    page = find_people(db.session, words, after)
    now = clock.now()
    failures = failures_of(db.session, [each.email for each in page.items], now)
    address = f"/admin/?{urlencode({'q': words})}" if words else "/admin/"
    joined = "&" if words else "?"
    return render_template(
        "people/people.html",
        people=page.items,
        words=words,
        first=address if after is not None else None,
        following=f"{address}{joined}after={page.after}" if page.after else None,
        rules=current_rules(db.session),
        waiting={
            email for email, lines in failures.items() if any(each.seconds_left for each in lines)
        },
        is_proxy_unknown=not current_app.config["SETTINGS"].believes_anybody
        and is_proxy_unknown(db.session, now),
    )


@blueprint.get("/people/new")
@guarded(Permission.ADMINISTER)
def new_person() -> str:
    """The form for another person."""
    return _person_form()


@blueprint.post("/people/new")
@guarded(Permission.ADMINISTER)
def add_person() -> str | tuple[str, int]:
    """Add a person; the first password is shown once."""
    given = {name: value.strip()[:254] for name, value in request.form.items()}
    password = new_password()
    try:
        user = add_user(
            db.session,
            current_rules(db.session),
            email=given.get("email", ""),
            name=given.get("name", ""),
            role=given.get("role", ""),
            branch=given.get("branch") or None,
            team=given.get("team") or None,
            supervisor=given.get("supervisor") or None,
            password=password,
            must_change_password=True,
            by=actor(),
            at=clock.now(),
        )
    except Invalid as error:
        db.session.rollback()
        return _person_form(given, [(error.field or "", say(error))]), 422
    db.session.commit()
    return _show_once(gettext("Password of %(name)s", name=user.name), password)


@blueprint.get("/people/<int:user_id>")
@guarded(Permission.ADMINISTER)
def person(user_id: int) -> str:
    """One account and what can be done with it."""
    return _person_page(user_id)


@blueprint.get("/people/<int:user_id>/edit")
@guarded(Permission.ADMINISTER)
def edit_form(user_id: int) -> str:
    """The form with what the account says."""
    return _edit_form(user_id)


@blueprint.post("/people/<int:user_id>/edit")
@guarded(Permission.ADMINISTER)
def edit(user_id: int) -> Response | tuple[str, int]:
    """Change what the account says."""
    given = {name: request.form[name].strip()[:254] for name in FIELDS if name in request.form}
    to = person_given(request.form, "to")
    rules, seen = current_rules(db.session), whole_number(request.form.get("seen", "")) or 0
    try:
        done = edit_with_work(
            db.session, rules, user_id, given, to=to, by=actor(), at=clock.now(), seen=seen
        )
    except Stale as error:
        db.session.rollback()
        return _edited_meanwhile(user_id, given, to, seen, say(error)), error.status
    except Refused as error:
        if error.status not in (409, 422):
            raise
        db.session.rollback()
        given["to"] = to
        return _edit_form(user_id, given, [(error.field or "", say(error))]), error.status
    db.session.commit()
    if done.changed:
        words = gettext("The account of %(name)s has been changed.", name=done.user.name)
        flash(f"{words} {what_was_handed_over(done.complaints, done.to)}".strip(), "done")
    return redirect(f"/admin/people/{user_id}")


@blueprint.post("/people/<int:user_id>/password")
@guarded(Permission.ADMINISTER)
def password(user_id: int) -> str:
    """A new password, shown once."""
    user, secret = reset_password(db.session, user_id, by=actor(), at=clock.now())
    db.session.commit()
    return _show_once(gettext("Password of %(name)s", name=user.name), secret)


@blueprint.post("/people/<int:user_id>/closure")
@guarded(Permission.ADMINISTER)
def closure(user_id: int) -> Response | tuple[str, int]:
    """Shut somebody out; what they have open goes to whoever was chosen, or waits."""
    given = {name: person_given(request.form, name) for name in ("to", *PLACES)}
    successors = Successors(**{name: given[name] for name in PLACES})
    try:
        rules = current_rules(db.session)
        closed = close_with_work(
            db.session,
            rules,
            user_id,
            to=given["to"],
            by=actor(),
            at=clock.now(),
            successors=successors,
        )
    except Invalid as error:
        db.session.rollback()
        return _person_page(user_id, given, [(error.field or "", say(error))]), 422
    db.session.commit()
    done = gettext("The account of %(name)s has been deactivated.", name=closed.user.name)
    done = f"{done} {what_was_handed_over(closed.complaints, closed.to)}".strip()
    flash(done, "done")
    return redirect(f"/admin/people/{user_id}")


@blueprint.post("/people/<int:user_id>/reopening")
@guarded(Permission.ADMINISTER)
def reopening(user_id: int) -> Response:
    """Let somebody in again."""
    user = reopen_account(db.session, user_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("The account of %(name)s is active again.", name=user.name), "done")
    return redirect(f"/admin/people/{user_id}")


@blueprint.post("/people/<int:user_id>/unlocking")
@guarded(Permission.ADMINISTER)
def unlocking(user_id: int) -> Response:
    """Let somebody try again at once after failed logins."""
    user, _ = unlock_account(db.session, user_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("%(name)s can log in again now.", name=user.name), "done")
    return redirect(f"/admin/people/{user_id}")


@blueprint.get("/tokens")
@guarded(Permission.ADMINISTER)
def tokens() -> str:
    """The keys of programs."""
    return _token_page()


@blueprint.post("/tokens")
@guarded(Permission.ADMINISTER)
def new_token() -> str | tuple[str, int]:
    """A new key, shown once."""
    email, scope = request.form.get("email", "").strip(), request.form.get("scope", "")
    try:
        lifetime = current_app.config["SETTINGS"].token_lifetime
        secret = add_token(
            db.session, email=email, scope=scope, by=actor(), at=clock.now(), lifetime=lifetime
        )
    except Invalid as error:
        db.session.rollback()
        return _token_page(email, [(error.field or "", say(error))]), 422
    db.session.commit()
    return _show_once(gettext("API key of %(name)s", name=email), secret, "/admin/tokens")


@blueprint.post("/tokens/<int:token_id>/revocation")
@guarded(Permission.ADMINISTER)
def revocation(token_id: int) -> Response:
    """End a key."""
    revoke_token(db.session, token_id, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("The key is revoked."), "done")
    return redirect("/admin/tokens")


def _successors(found: Person) -> dict[str, list[tuple[str, str]]]:
    """Who may take each place that somebody leaves."""
    superiors, handlers = _superiors(without=found.email), takers(without=found.email)
    people = {*active_people(db.session, LINE_MANAGERS), *handlers_to_choose(db.session, actor())}
    either = told_apart(
        current_rules(db.session),
        sorted((each for each in people if each.email != found.email), key=lambda each: each.name),
    )
    return {"superior": superiors, "lead": handlers, "deputy": either}


def _person_page(user_id: int, given: Given | None = None, errors: Errors = ()) -> str:
    found = get_person(db.session, user_id)
    rules = current_rules(db.session)
    failures = failures_of(db.session, [found.email], clock.now())
    lines = lines_of(db.session, user_id, clock.now())
    return render_template(
        "people/person.html",
        person=found,
        rules=rules,
        me=actor(),
        failures=failures.get(found.email, []),
        tz=zone_of(rules),
        history=account_lines(db.session, user_id, rules),
        **work_shown(user_id, found.email),
        waits=_waits(),
        places=place_lines(lines, rules),
        led=[each.name for each in lines.units],
        may_lead=found.is_active and found.team_id and sees_to_complaints(Role(found.role)),
        successors=_successors(found),
        nobody=[(NOBODY, gettext("Nobody"))],
        most_choices=MOST_CHOICES,
        given=given or {},
        errors=errors,
    )


def _person_form(given: Given | None = None, errors: Errors = ()) -> str:
    return render_template("people/new_person.html", given=given or {}, errors=errors, **_choices())


def _edited_meanwhile(user_id: int, typed: Given, to: str, seen: int, sentence: str) -> str:
    """The form again: what others changed meanwhile in it, and on top of it what was typed."""
    rules, found = current_rules(db.session), get_person(db.session, user_id)
    later = edits_since(db.session, user_id, seen)
    own = touched_fields(said_by(rules, found), typed, later)
    errors = [("", sentence), *(("", line) for line in edited_meanwhile(later, rules))]
    errors += [(field, set_meanwhile(later, field, rules)) for field in own]
    own["to"] = to
    return _edit_form(user_id, own, [(field, words) for field, words in errors if words])


def _edit_form(user_id: int, given: Given | None = None, errors: Errors = ()) -> str:
    found = get_person(db.session, user_id)
    rules = current_rules(db.session)
    said = said_by(rules, found)
    return render_template(
        "people/edit_person.html",
        person=found,
        given={**said, **(given or {})},
        errors=errors,
        is_own=found.id == actor().id,
        **work_shown(user_id, found.email),
        keeps=[(KEEP, gettext("%(name)s goes on with it", name=found.name)), *_waits()],
        **_choices(
            without=found.email,
            keep=(found.supervisor_email, found.supervisor or "")
            if found.supervisor_email
            else None,
            team=said["team"],
            branch=said["branch"],
        ),
    )


def _choices(
    without: str = "",
    keep: tuple[str, str] | None = None,
    team: str = "",
    branch: str = "",
) -> dict[str, Any]:
    """What can be chosen; `keep` is a line manager, `team` a unit and `branch` one that stay."""
    rules = current_rules(db.session)
    return {
        "roles": list(Role),
        "branches": branch_choices(rules, branch, only_used=True),
        "teams": team_choices(rules, team),
        "superiors": _superiors(without, keep),
        "most_choices": MOST_CHOICES,
    }


def _waits() -> list[tuple[str, str]]:
    """That open work goes to nobody yet."""
    return [(TRAY, gettext("Nobody yet: it waits to be given out"))]


def _superiors(without: str, keep: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """E-mail and name of who may be somebody's line manager; `keep` in any case."""
    people = active_people(db.session, LINE_MANAGERS, most=MOST_CHOICES + 2)
    leading = told_apart(current_rules(db.session), people)
    found = [each for each in leading if each[0] != without]
    return found if keep is None or keep[0] in dict(found) else [*found, keep]


def _token_page(email: str = "", errors: list[tuple[str, str]] | None = None) -> str:
    rules: RuleBook = current_rules(db.session)
    tokens = list_tokens(db.session)
    return render_template(
        "people/tokens.html",
        tokens=tokens,
        names=dict(told_apart(rules, {each.user for each in tokens})),
        people=told_apart(rules, active_people(db.session, most=MOST_CHOICES + 1)),
        most_choices=MOST_CHOICES,
        now=clock.now(),
        scopes=[(scope, gettext(words)) for scope, words in SCOPES.items()],
        email=email,
        errors=errors or [],
        tz=zone_of(rules),
    )


def zone_of(rules: RuleBook) -> ZoneInfo:
    """The time zone in which accounts are spoken of, which belong to no branch's calendar."""
    return next(iter(rules.calendars.values())).value.tz


def _show_once(what: str, secret: str, back: str = "/admin/") -> str:
    return render_template("people/secret.html", what=what, secret=secret, back=back)
