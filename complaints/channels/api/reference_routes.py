"""The API's description, for programs and as a page for people; anybody may read it."""

from flask import Blueprint, Response, request

from complaints.channels.api.conditional import read_answer
from complaints.channels.api.openapi import describe_for
from complaints.channels.api.reference import draw_reference
from complaints.extensions import db
from complaints.rulebook import current_rules


def add_reference(blueprint: Blueprint) -> None:
    """Add the two addresses to the blueprint."""
    blueprint.get("/openapi.json")(description)
    blueprint.get("/docs")(reference)


def description() -> Response:
    """Describe this API; it holds no secrets, so anybody may read it."""
    return read_answer(describe_for(current_rules(db.session).numbers.example))


description.guard = "public"  # type: ignore[attr-defined]


def reference() -> Response:
    """The description as a page for people."""
    return Response(
        draw_reference(request.args.get("lang", ""), current_rules(db.session).numbers.example),
        mimetype="text/html",
    )


reference.guard = "public"  # type: ignore[attr-defined]
