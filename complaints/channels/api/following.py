"""Following a complaint by the API: the holder of the key hears how it goes on, as on its page."""

from typing import Annotated

from flask import Blueprint, Response
from pydantic import Field
from typing_extensions import TypedDict

from complaints import clock
from complaints.actions.bodies import Body
from complaints.actions.reading import read_body
from complaints.channels.api.bearer import caller, with_token
from complaints.channels.api.conditional import read_answer, written_answer
from complaints.channels.api.idempotent import with_version
from complaints.channels.api.values import Number
from complaints.domain.errors import N_
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.steps.case import Case, open_case, view_case
from complaints.steps.colleagues.follow import follow_complaint, is_followed, unfollow_complaint


class FollowingAnswer(TypedDict):
    """Whether the holder of the key follows a complaint."""

    number: Number
    following: Annotated[
        bool, Field(description=N_("They are notified when it moves on or is written about."))
    ]


def add_following(blueprint: Blueprint) -> None:
    """Let the blueprint say, begin and end it."""
    for method, view in (("GET", following), ("PUT", follow), ("DELETE", unfollow)):
        blueprint.add_url_rule("/complaints/<number>/following", view_func=view, methods=[method])


@with_token(Permission.VIEW)
def following(number: str) -> Response:
    """Whether the holder of the key follows it."""
    case = view_case(db.session, number, by=caller(), at=clock.now())
    return read_answer({"number": case.number, "following": is_followed(case)})


@with_token(Permission.VIEW)
def follow(number: str) -> Response:
    """Follow it; done again it changes nothing."""
    case = _open(number)
    follow_complaint(case)
    return _kept(case)


@with_token(Permission.VIEW)
def unfollow(number: str) -> Response:
    """Follow it no more; done again it changes nothing."""
    case = _open(number)
    unfollow_complaint(case)
    return _kept(case)


def _open(number: str) -> Case:
    version = read_body(Body, with_version({})).version
    return open_case(db.session, number, by=caller(), at=clock.now(), version=version, is_now=True)


def _kept(case: Case) -> Response:
    answer = {"number": case.number, "following": is_followed(case)}
    db.session.commit()
    return written_answer(answer)
