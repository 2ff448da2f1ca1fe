"""Recording what was done on a complaint: one act, or several all or nothing.

Pages, intake and API all record through here, so that none can do what another cannot.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.actions.act import Act
from complaints.actions.bodies import Body
from complaints.actions.reading import BodyErrors, read_body
from complaints.actions.registry import BODIES_OF_ONE, find_act, of_one
from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import ENDED, Status, plan_move
from complaints.domain.permissions import Actor
from complaints.domain.words.letter_state import WRITTEN
from complaints.files.keep import KeptFile
from complaints.queries.complaint.duplicates import read_duplicates
from complaints.steps.case import Case, count_from_now, open_case, require_received
from complaints.steps.casework.pause import open_now

#: The most acts taken in one go; the whole road from attestation to closing has nineteen.
MOST_ACTS = 25
#: What is recorded on a duplicate is recorded on the complaint that goes on for it.
_FOLLOWING = ("message",)


@dataclass(frozen=True, slots=True)
class ActGiven:
    """An act by its noun, with what was sent for it, not yet read."""

    noun: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Uploads:
    """Files that came with the words of a letter, to go with it; `door` is the way they came in."""

    files: Sequence[KeptFile]
    door: str


def record_given(
    session: Session,
    number: str,
    noun: str,
    given: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    enclosing: Uploads | None = None,
) -> Case:
    """Read what was sent for one noun, record it, and return the case; the edge commits.

    `enclosing` are attached to the complaint and enclosed with the letter that the act writes, or
    the act is refused. Who may not even see the complaint learns only that. Raises Refused in its
    many forms; then nothing may be committed.
    """
    require_role(by, noun)
    with _hidden_from_outsiders(session, number, by, now):
        body = parse_body(noun, given)
    case = open_now(session, number, by=by, at=now, version=body.version)
    if noun in _FOLLOWING:
        case = _where_it_goes_on(case, by, now)
    _date(case, body, case.at)
    if enclosing is not None:
        case.uploads, case.door = enclosing.files, enclosing.door
    take_act(case, noun, body)
    if case.uploads:
        raise Invalid(N_("No files go with this letter."), field="files")
    return case


def _where_it_goes_on(case: Case, by: Actor, now: datetime) -> Case:
    """Of a duplicate the complaint that goes on for it, whose customer reads it there."""
    if case.complaint.duplicate_of_id is None:
        return case
    original = read_duplicates(case.session, case.rules, case.complaint).original
    return open_now(case.session, original, by=by, at=now) if original is not None else case


def record_several(
    session: Session, number: str, acts: Sequence[ActGiven], *, by: Actor, now: datetime
) -> Case:
    """Record the acts in order on one complaint, all of them or none; the edge commits.

    1. each act must be allowed to the person's role, and its body must be readable;
    2. the complaint is locked once, at the version that the acts name;
    3. each act is taken on what the acts before it have left, at the moment that its body names.

    Raises Invalid for no act or more than MOST_ACTS. What one act is refused for carries its
    `index` and `noun`; then nothing may be committed.
    """
    if not acts:
        raise Invalid(N_("This field is required."))
    if len(acts) > MOST_ACTS:
        raise Invalid(N_("These are too many (at most %(most)d)."), most=MOST_ACTS)
    for index, act in enumerate(acts):
        with naming_act(index, act.noun):
            require_role(by, act.noun)
    bodies: list[Body] = []
    with _hidden_from_outsiders(session, number, by, now):
        for index, act in enumerate(acts):
            with naming_act(index, act.noun):
                body = parse_body(act.noun, act.given)
                _require_one_version(bodies, body)
                bodies.append(body)
    version = next((body.version for body in bodies if body.version is not None), None)
    case = open_now(session, number, by=by, at=now, version=version)
    present = case.at
    for index, (act, body) in enumerate(zip(acts, bodies, strict=True)):
        with one_of_several(case, index, act.noun):
            _date(case, body, present)
            take_act(case, act.noun, body)
    return case


def take_act(case: Case, noun: str, body: Body) -> None:
    """Take the step that the noun stands for, on a complaint that is open before us."""
    act = find_act(noun)
    status = Status(case.complaint.status)
    if status in ENDED and not act.may_follow(status):
        # What is wrong with the words matters little on a complaint that has ended.
        plan_move(status, act.actions[0])
    case.happened_at = None
    if act.counts_now:
        count_from_now(case)
    elif case.recorded_at is not None and _is_sent_now(act, body):
        case.at = case.recorded_at
    act.take(case, body)


def _date(case: Case, body: Body, present: datetime) -> None:
    """Let the act happen when its body says; it is written down at present."""
    case.at, case.recorded_at = moment_of(body, present), present
    require_received(case)


def _is_sent_now(act: Act[Any], body: Body) -> bool:
    """Whether recording the act sends a letter: that happens now, and cannot be dated back."""
    is_written = getattr(body, "method", None) in WRITTEN and getattr(body, "unable", None) is None
    return act.writes_letters and is_written and getattr(body, "direction", "out") == "out"


@contextmanager
def one_of_several(case: Case, index: int, noun: str) -> Iterator[None]:
    """Take one of several acts: a refusal says which it was, the next one finds all that it did."""
    with naming_act(index, noun):
        yield
        # Some steps read and write past the session.
        case.session.flush()


@contextmanager
def naming_act(index: int, noun: str) -> Iterator[None]:
    """Let a refusal of one of several acts say which of them it was."""
    try:
        yield
    except Refused as error:
        error.index, error.noun = index, noun
        raise


def parse_body(noun: str, given: Mapping[str, Any]) -> Body:
    """Read what was sent for a noun; raises BodyErrors, or NotFound for an unknown noun.

    A noun that names one thing speaks of that one alone: what is sent for it cannot name others.
    """
    act = find_act(noun)
    plain, named = of_one(noun)
    if named:
        read_body(BODIES_OF_ONE[plain], given)
    return read_body(act.body, {**given, **named})


def require_role(by: Actor, noun: str) -> None:
    """Raise Forbidden when nothing behind the noun is allowed to the person's role."""
    if not find_act(noun).may_be_taken_by(by):
        raise Forbidden(N_("Your role does not allow this. Ask your supervisor to do it."))


def moment_of(body: Body, now: datetime) -> datetime:
    """When it happened: as the body says, else now; raises BodyErrors for the future."""
    if body.at is None:
        return now
    if body.at > now:
        raise BodyErrors(
            [
                (
                    "at",
                    Invalid(
                        N_("This time is in the future. Enter the current time or earlier."),
                        field="at",
                    ),
                )
            ]
        )
    return body.at


@contextmanager
def _hidden_from_outsiders(
    session: Session, number: str, by: Actor, now: datetime
) -> Iterator[None]:
    """Who may not see the complaint learns that before anything about what they sent."""
    try:
        yield
    except BodyErrors:
        open_case(session, number, by=by, at=now)
        raise


def _require_one_version(bodies: Sequence[Body], body: Body) -> None:
    """Acts recorded together were written on one state of the complaint."""
    seen = {each.version for each in (*bodies, body) if each.version is not None}
    if len(seen) > 1:
        sentence = N_("Acts sent together name one version of the complaint.")
        raise BodyErrors([("version", Invalid(sentence, field="version"))])
