"""Keeping a form as a draft, and telling its page what became of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, jsonify
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints.actions.drafts import AlreadySent, ChangedElsewhere, Field, Typed, save_draft
from complaints.domain.errors import Refused
from complaints.extensions import db
from complaints.formatting import say_clock
from complaints.models import Draft
from complaints.web.frame.errors import say
from complaints.web.frame.form_parsing import OWN

#: Longer names of fields are not ours.
LONGEST_NAME = 80

Answer = tuple[Response, int]


def keep_draft(
    typed: Typed,
    zone: ZoneInfo,
    *,
    address: Callable[[int], str],
    say_sent: Callable[[AlreadySent], str],
    now: datetime,
) -> Answer:
    """Keep the form as it stands; 409 where it was sent or changed elsewhere.

    `address` is where a draft of that number is opened, `say_sent` the sentence about a form that
    was sent.
    """
    try:
        draft = save_draft(db.session, typed, at=now)
        told = _told(draft, say_clock(draft.saved_at, zone))
        db.session.commit()
    except AlreadySent as sent:
        db.session.rollback()
        return jsonify(kind=sent.kind, sentence=say_sent(sent)), sent.status
    except ChangedElsewhere as changed:
        db.session.rollback()
        sentence = gettext(
            "This draft was changed elsewhere at %(time)s. Your words here are not saved.",
            time=say_clock(changed.at, zone),
        )
        more = {"href": address(changed.draft_id), "version": changed.version}
        return jsonify(kind=changed.kind, sentence=sentence, **more), changed.status
    except Refused as error:
        db.session.rollback()
        return jsonify(kind=error.kind, sentence=say(error)), error.status
    return jsonify(told), 200


def typed_fields(form: MultiDict[str, str]) -> list[Field]:
    """What was typed, without the form's own fields and without what no database holds."""
    return [
        (name, value.replace("\0", ""))
        for name, value in form.items(multi=True)
        if name not in OWN and value != "" and len(name) <= LONGEST_NAME and name.isprintable()
    ]


def _told(draft: Draft, saved: str) -> dict[str, Any]:
    return {"kind": "saved", "id": draft.id, "version": draft.version, "saved": saved}
