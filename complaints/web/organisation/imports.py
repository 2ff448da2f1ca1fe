"""Taking over complaints from a file, on pages: handed in, mapped, checked, imported."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from complaints import clock
from complaints.channels.csv_import.uploaded import MOST_BYTES, look_at, read_upload
from complaints.channels.uploads import takes_files
from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.import_runs import latest_runs, map_of_such_file
from complaints.rulebook import current_rules
from complaints.takeover.import_runs import (
    CHECKING,
    IMPORTING,
    KEEP,
    get_run,
    keep_file,
    order,
    set_map,
)
from complaints.web.frame.errors import say, say_kept
from complaints.web.frame.guards import actor, guarded
from complaints.web.organisation.import_form import map_view, own_header, read_map

blueprint = Blueprint("imports", __name__, url_prefix="/admin/import")

_ORDERS = {"check": CHECKING, "import": IMPORTING}


@blueprint.get("/")
@guarded(Permission.ADMINISTER)
def files() -> str:
    """Where a file is handed in, and what became of the last ones."""
    return _files_page()


@blueprint.post("/")
@takes_files
@guarded(Permission.ADMINISTER)
def hand_in() -> AnyResponse | tuple[str, int]:
    """Keep a file; nothing is taken over yet."""
    sent = request.files.get("file")
    try:
        file = read_upload(sent.stream.read(MOST_BYTES + 1) if sent is not None else b"")
    except Invalid as error:
        return _files_page([(error.field or "file", say(error))]), 422
    name = (sent.filename if sent is not None else "") or ""
    run = keep_file(
        db.session, name=name, text=file.text, rows=file.rows, by=actor(), at=clock.now()
    )
    run.map = map_of_such_file(db.session, own_header(file))
    db.session.commit()
    return redirect(f"/admin/import/{run.id}", 303)


@blueprint.get("/<int:run_id>")
@guarded(Permission.ADMINISTER)
def one(run_id: int) -> str:
    """A file: its map, its check, its progress, its balance."""
    return _run_page(run_id)


@blueprint.post("/<int:run_id>/map")
@guarded(Permission.ADMINISTER)
def map_columns(run_id: int) -> AnyResponse | tuple[str, int]:
    """Keep the map; with `do=check` the worker reads the whole file by it and stores nothing."""
    run = get_run(db.session, run_id)
    given, errors = read_map(request.form, look_at(run.content))
    if errors:
        return _run_page(run_id, errors), 422
    now = clock.now()
    set_map(db.session, run, given, by=actor(), at=now)
    if request.form.get("do") == "check":
        order(db.session, run_id, CHECKING, by=actor(), at=now)
    db.session.commit()
    anchor = "" if request.form.get("do") == "check" else "#values"
    return redirect(f"/admin/import/{run_id}{anchor}", 303)


@blueprint.post("/<int:run_id>/order")
@guarded(Permission.ADMINISTER)
def start(run_id: int) -> AnyResponse:
    """Have a checked file taken over; it goes on though nobody looks."""
    state = _ORDERS.get(request.form.get("do", ""))
    if state is None:
        raise NotFound(N_("There is no such import."))
    order(db.session, get_run(db.session, run_id).id, state, by=actor(), at=clock.now())
    db.session.commit()
    return redirect(f"/admin/import/{run_id}", 303)


@blueprint.post("/<int:run_id>/again")
@guarded(Permission.ADMINISTER)
def map_again(run_id: int) -> AnyResponse:
    """Go back to the map of a file that was checked."""
    run = get_run(db.session, run_id)
    set_map(db.session, run, run.map, by=actor(), at=clock.now())
    db.session.commit()
    return redirect(f"/admin/import/{run_id}", 303)


@blueprint.get("/<int:run_id>/rejected.csv")
@guarded(Permission.ADMINISTER)
def rejected(run_id: int) -> Response:
    """The rejected rows with their reasons, to be corrected and handed in again."""
    run = get_run(db.session, run_id)
    if not run.rejects:
        raise NotFound(N_("There are no rejected rows."))
    return Response(
        "\ufeff" + run.rejects,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="import-{run.id}.rejected.csv"'},
    )


def _files_page(errors: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "organisation/imports.html",
        runs=latest_runs(db.session),
        errors=errors or [],
        most_mb=MOST_BYTES // (1024 * 1024),
        keep_days=KEEP.days,
        tz=current_rules(db.session).home_zone,
    )


def _run_page(run_id: int, errors: list[tuple[str, str]] | None = None) -> str:
    run, rules = get_run(db.session, run_id), current_rules(db.session)
    is_open = run.state in ("uploaded", "failed") and run.content
    view = None
    if is_open:
        file = look_at(run.content)
        given = run.map if not errors else read_map(request.form, file)[0]
        view = map_view(file, given, rules, run.file_name)
    return render_template(
        "organisation/import_run.html",
        run=run,
        say_kept=say_kept,
        view=view,
        errors=errors or [],
        wrong=dict(errors or ()),
        keep_days=KEEP.days,
        tz=rules.home_zone,
    )
