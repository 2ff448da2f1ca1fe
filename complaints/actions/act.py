"""What an act is: all that pages, API, journey and history need to know of it, in one place.

Whether a complaint is where it can follow is said by `domain/lifecycle`, whether a criterion stands
by `domain/evidence`; the step alone decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from complaints.actions.bodies import Body
from complaints.domain.lifecycle import NEXT, PERMISSION_FOR, Action, Status
from complaints.domain.permissions import Actor
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.case import Case

B = TypeVar("B", bound=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What an act is called where people take it, and which criteria its record proves.

    `icon` is a name of Tabler's; `scripts` are the keys of the words that help to say it, and
    `standards` those whose do and don't stand beside them. `conversation` is the page on which it
    is recorded together with what belongs to the same talk: ``analysis`` or ``resolution``.
    """

    title: str
    button: str
    icon: str
    scripts: tuple[ScriptKey, ...] = ()
    standards: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    conversation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Generic[B]):
    """One thing that may be done to a complaint, known by its noun.

    `take` brings a body to its step. `history` says what each of its actions is called there.
    `faces` go by stage, in the order of the protocol; an act with one face has it under "".
    `example` is what could be sent for it, as the API's reference shows it. `details` say what is
    kept beside the words, each as a sentence with ``%(words)s``. With `proposes_script` the form
    proposes the words of the scripts as its `text`. An act that is `is_kept_open` never undoes
    what somebody else did, and so needs no version. What an act that `writes_letters` says by
    e-mail or letter leaves when it is recorded, whatever time was told for it. One that
    `counts_now` moves a clock, or decides on one, and does so when it is recorded; an earlier time
    told for it stands in the history and moves nothing.
    """

    noun: str
    body: type[B]
    take: Callable[[Case, B], None]
    history: Mapping[Action, str]
    faces: Mapping[str, Face]
    example: Mapping[str, Any]
    details: Mapping[str, str] = field(default_factory=dict)
    proposes_script: bool = False
    is_kept_open: bool = False
    writes_letters: bool = False
    counts_now: bool = False

    @property
    def actions(self) -> tuple[Action, ...]:
        """What it may come to."""
        return tuple(self.history)

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages of which a body has to name one; empty for most acts."""
        return tuple(self.faces) if "stage" in self.body.model_fields else ()

    def face(self, stage: str = "") -> Face:
        """What it is called in this stage; the first face for a stage it does not have."""
        return self.faces.get(stage) or next(iter(self.faces.values()))

    def may_be_taken_by(self, actor: Actor) -> bool:
        """Whether the person's role allows any of the actions behind it."""
        return any(actor.has(PERMISSION_FOR[action]) for action in self.actions)

    def may_follow(self, status: Status) -> bool:
        """Whether a complaint in this status is where it can follow."""
        return any(status in NEXT[action] for action in self.actions)
