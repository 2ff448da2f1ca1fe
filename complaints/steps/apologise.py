"""Apologise for the inconvenience: at intake (020-1.3) and with the resolution (020-3.1)."""

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.words.courtesy import Purpose
from complaints.domain.words.exits import Unable
from complaints.domain.words.script_keys import ScriptKey
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.wording import check_courtesy, own_words, script_words

#: Stage → the scripts whose words stand where none were written.
SCRIPTS = {
    "intake": (ScriptKey.APOLOGY, ScriptKey.PROMISE_TO_INVESTIGATE),
    "resolution": (ScriptKey.CLOSING_APOLOGY,),
}

_STAGES = {
    "intake": (Action.APOLOGISE, "020-1.3"),
    "resolution": (Action.APOLOGISE_AGAIN, "020-3.1"),
}


def send_apology(
    case: Case,
    *,
    stage: str,
    text: str = "",
    anyway: str = "",
    method: str = "spoken",
    unable: Unable | None = None,
) -> None:
    """Record the apology with the words used; without a text the script's words stand.

    `stage` is ``intake`` or ``resolution``. A text that lacks courtesy is refused, unless `anyway`
    says why it was said all the same; that is kept beside it.
    """
    if stage not in _STAGES:
        raise Invalid(
            N_("Say whether this is the apology at intake or at resolution."), field="stage"
        )
    action, criterion = _STAGES[stage]
    own = "" if unable is not None else own_words(text)
    kept = check_courtesy(case, own, Purpose.APOLOGY, anyway, method) if own else {}
    words = "" if unable is not None else own or script_words(case, *SCRIPTS[stage])
    detail = {"stage": stage, **kept}
    proven = Proven(
        criterion,
        words=words,
        method=method,
        unable=unable,
        detail=detail,
        part={"text": words},
    )
    advance(case, action, proven=[proven], detail=detail)
