"""The organisation's files as TOML, out and in: the same that stand in `config/`."""

from collections.abc import Mapping
from typing import Any

import tomli_w
from flask import Blueprint, Response, render_template, request

from complaints.domain.config.plain import require_plain
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.parts import FILES, parts_of
from complaints.domain.permissions import Permission
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.formats.inputs import UnusableFile, parse_toml
from complaints.queries.rules.versions import body_of, version_shown, versions_of
from complaints.rules.parts import file_in_force
from complaints.web.frame.errors import say
from complaints.web.frame.guards import guarded
from complaints.web.organisation.preview import preview_file
from complaints.web.rules.whatif import LONGEST_BODY

blueprint = Blueprint("organisation_files", __name__, url_prefix="/admin/organisation/files")


@blueprint.get("/")
@guarded(Permission.ADMINISTER)
def files() -> str:
    """The files there are, to be saved and sent back."""
    return _page()


@blueprint.get("/<file>.toml")
@guarded(Permission.ADMINISTER)
def export(file: str) -> Response:
    """A file as it is in force, or in an earlier version with `?version=`."""
    _require(file)
    wanted = request.args.get("version", "")
    shown = version_shown(versions_of(db.session, file, file), wanted)
    if wanted and shown.number != whole_number(wanted):
        raise NotFound(N_("There is no such version."))
    body = body_of(db.session, shown.id) or {}
    return Response(
        tomli_w.dumps(_plain(body), multiline_strings=True),
        mimetype="application/toml",
        headers={"Content-Disposition": f'attachment; filename="{file}.toml"'},
    )


@blueprint.post("/<file>")
@guarded(Permission.ADMINISTER)
def take(file: str) -> str | tuple[str, int]:
    """What taking this file in would change."""
    _require(file)
    newest = file_in_force(db.session, file)
    try:
        return preview_file(parts_of(file)[0], _read(), newest.id)
    except Refused as error:
        if error.status != 422:
            raise
        db.session.rollback()
        return _page(file, [("file", say(error))]), 422


def _read() -> Mapping[str, Any]:
    sent = request.files.get("file")
    raw = sent.stream.read(LONGEST_BODY + 1) if sent is not None else b""
    if not raw:
        raise Invalid(N_("Choose a file."), field="file")
    if len(raw) > LONGEST_BODY:
        raise Invalid(N_("This is too long."), field="file")
    try:
        body = parse_toml(raw, "TOML")
    except UnusableFile as error:
        raise Invalid(N_("This file is not TOML: %(why)s"), field="file", why=str(error)) from error
    require_plain(body)
    return body


def _plain(value: Any) -> Any:
    """Without what TOML has no word for."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value


def _require(file: str) -> None:
    if file not in FILES:
        raise NotFound(N_("There is no such file."))


def _page(file: str = "", errors: list[tuple[str, str]] | None = None) -> str:
    named = {each: parts_of(each) for each in FILES}
    return render_template("organisation/files.html", files=named, chosen=file, errors=errors or [])
