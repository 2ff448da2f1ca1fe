"""Taking public posts: one by hand, or a file of mentions."""

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from complaints import clock
from complaints.actions.idempotency import Done, do_once
from complaints.actions.public_posts import PostBody
from complaints.actions.reading import read_body
from complaints.channels.csv_import.mentions import NEEDED, MentionRun
from complaints.channels.csv_import.reasons import reason, spoken_in
from complaints.channels.csv_import.uploaded import UploadedFile, read_upload
from complaints.channels.uploads import takes_files
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.rows import MappedRow, map_rows
from complaints.rulebook import BranchRule, RuleBook, current_rules
from complaints.steps.public_posts.take import take_post
from complaints.web.complaint.forms.open_form import Filled
from complaints.web.frame.branches import branch_of
from complaints.web.frame.errors import say
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import errors_of, key_of, one_time, read_time
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.times import Times
from complaints.web.frame.translations import lang

blueprint = Blueprint("take_post", __name__)

#: So many rows are recorded at once; more by the command.
MOST_ROWS = 2_000
#: After so many rows others get their turn to write; a file handed in again records none twice.
_AT_ONCE = 20
MOST_BYTES = 2 * 1024 * 1024
#: How times may be written in a file; in the zone of the branch.
FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M")
#: What a column may be called beside its own name.
_ALSO = {
    "channel": "kanal",
    "link": "tautan",
    "author": "penulis",
    "text": "isi",
    "posted_at": "waktu",
    "branch": "cabang",
}


@blueprint.get("/posts/new")
@guarded(Permission.INTAKE)
def new() -> str:
    """The empty form, and where a file is handed in."""
    return _page(Filled())


@blueprint.post("/posts/new")
@guarded(Permission.INTAKE)
def take() -> Response | tuple[str, int]:
    """Record it once; a link that is known leads to its post."""
    form, now, person = request.form, clock.now(), actor()

    def record() -> Done:
        rules = current_rules(db.session)
        branch = branch_of(rules, form)
        typed = form.get("posted_at", "").strip()
        zone = rules.calendar_of(branch.id).value.tz
        given: dict[str, Any] = {
            name: form.get(name, "").strip() for name in ("channel", "link", "author", "text")
        }
        if typed:
            given["posted_at"] = read_time("posted_at", typed, zone).isoformat()
        body = read_body(PostBody, {name: value for name, value in given.items() if value})
        told = body.given(branch=branch.code, source="desk")
        taken = take_post(db.session, rules, told, by=person, at=now)
        return Done({"number": taken.case.number, "is_new": taken.is_new})

    try:
        done = do_once(db.session, record, one_time(form, "posts/new", person), at=now)
    except Refused as error:
        db.session.rollback()
        filled = Filled(typed=form, errors=errors_of(error), key=key_of(form))
        return _page(filled), error.status
    number = str(done.answer["number"])
    if not done.is_repeat:
        words = N_("Recorded as %(number)s.") if done.answer["is_new"] else _KNOWN
        flash(gettext(words, number=number), "done")
    return redirect(f"/posts/{number}", 303)


_KNOWN = N_("This link was recorded before: it is %(number)s. What it says now is kept there.")


@blueprint.post("/posts/import")
@takes_files
@guarded(Permission.INTAKE)
def take_file() -> str | tuple[str, int]:
    """Record the posts of a file; the page says what became of every row."""
    person, now = actor(), clock.now()
    sent = request.files.get("file")
    try:
        raw = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
        if len(raw) > MOST_BYTES:
            raise _too_large()
        file = read_upload(raw)
        if file.rows > MOST_ROWS:
            raise _too_large()
        rules = current_rules(db.session)
        branch = branch_of(rules, request.form)
        run = MentionRun(_map(rules, branch, file), person, now, branch.code)
    except Invalid as error:
        return _file_refused(error), 422
    except UnusableFile:
        return _file_refused(Invalid(_UNUSABLE)), 422
    created, known, rejected = 0, 0, []
    rows = map_rows(run.map, io.StringIO(file.text, newline=""))
    for number, row in enumerate(rows, start=1):
        done = run.take(db.session, rules, row)
        if isinstance(done, list):
            rejected.append(
                (row.line, _told(row), reason(done, run.map.sources, _say(), has_map=False))
            )
        elif done:
            created += 1
        else:
            known += 1
        if number % _AT_ONCE == 0:
            db.session.commit()
    db.session.commit()
    return render_template(
        "public_posts/taken.html",
        created=created,
        known=known,
        rejected=rejected,
        read=created + known + len(rejected),
    )


def _file_refused(error: Invalid) -> str:
    """The page again, with the branch that was chosen for the file."""
    return _page(Filled(typed=request.form, errors=[("file", say(error))]))


_UNUSABLE = N_("This file cannot be read as a table. Save it as CSV and choose it again.")


def _too_large() -> Invalid:
    return Invalid(
        N_("At most %(most)d rows and %(mb)d MB at once. Divide the file."),
        field="file",
        most=MOST_ROWS,
        mb=MOST_BYTES // (1024 * 1024),
    )


def _map(rules: RuleBook, branch: BranchRule, file: UploadedFile) -> MapFile:
    """Which column is what, by its heading; Invalid names the columns that are missing."""
    named = {name.strip().casefold(): name for name in file.header}
    found = {
        field: named.get(field) or named.get(also)
        for field, also in _ALSO.items()
        if field in named or also in named
    }
    if missing := [name for name in NEEDED if name not in found]:
        raise Invalid(
            N_("The file has no column %(missing)s. It needs these headings: %(needed)s."),
            field="file",
            missing=", ".join(_headings(missing)),
            needed=", ".join(_headings(NEEDED)),
        )
    channels = rules.taxonomy.channels.values()
    return MapFile.from_dict(
        {
            "delimiter": file.delimiter,
            "timezone": rules.calendar_of(branch.id).value.tz.key,
            "datetime": list(FORMATS),
            "columns": found,
            "values": {
                "channel": {
                    words: each.id for each in channels for words in (each.label_id, each.label_en)
                }
            },
        }
    )


def _headings(fields: Sequence[str]) -> list[str]:
    """What these columns are called in the reader's language."""
    return [_ALSO[each] if lang() == "id" else each for each in fields]


def _told(row: MappedRow) -> str:
    return str(row.fields.get("link") or " · ".join(row.cells))[:120]


def _say() -> Any:
    return spoken_in(lang())


def _page(filled: Filled) -> str:
    person, rules = actor(), current_rules(db.session)
    typed: Any = filled.typed if filled.typed is not None else MultiDict()
    branch = branch_of(rules, typed)
    channels = rules.taxonomy.channels.values()
    return render_template(
        "public_posts/new.html",
        form=filled,
        channels=[
            (each.id, label(each)) for each in channels if each.reply_hours and not each.retired
        ],
        branch=branch,
        branches=[(each.code, each.name) for each in rules.branches_in_use]
        if person.branch_id is None
        else [],
        times=Times(rules.calendar_of(branch.id).value),
        needed=_headings(NEEDED),
        branch_heading=_headings(["branch"])[0],
        most=MOST_ROWS,
    )
