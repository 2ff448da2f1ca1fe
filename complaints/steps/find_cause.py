"""Find the main cause: preliminary from the customer's words (020-2.2), confirmed by inquiry."""

from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission
from complaints.models import Cause
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case


def find_cause(
    case: Case,
    *,
    stage: str,
    code: str = "",
    text: str = "",
    quote: str = "",
    unable: str | None = None,
) -> None:
    """Record a cause; `stage` is ``preliminary`` or ``confirmed``, `code` a cause group.

    The confirmed cause is a record of its own: how often the two differ shows how well we
    listened. A cause on the customer's side needs a supervisor's eye before it is confirmed.
    """
    if stage not in ("preliminary", "confirmed"):
        raise Invalid(N_("Choose: likely cause or confirmed cause."), field="stage")
    is_preliminary = stage == "preliminary"
    action = Action.FIND_CAUSE if is_preliminary else Action.CONFIRM_CAUSE
    if unable is not None:
        criterion = "020-2.2" if is_preliminary else "020-3.2"
        advance(case, action, proven=[Proven(criterion, unable=unable)])
        return
    group = case.rules.taxonomy.causes.get(code)
    if group is None:
        raise Invalid(N_("Choose a cause from the list."), field="code")
    if not text.strip():
        raise Invalid(N_("Describe the cause in a sentence."), field="text")
    needs_supervisor = group.needs_supervisor and not is_preliminary
    if needs_supervisor and not case.by.has(Permission.APPROVE):
        raise Forbidden(N_("A cause on the customer's side can only be confirmed by a supervisor."))
    case.session.add(
        Cause(
            complaint_id=case.complaint.id,
            cycle=case.complaint.cycle,
            stage=stage,
            code=code,
            text=text.strip(),
            quote=quote.strip(),
            at=case.at,
            by_id=case.by.id,
        )
    )
    detail = {"code": code, "quote": quote.strip(), "is_verbatim": _stands_in_story(case, quote)}
    advance(
        case,
        action,
        proven=[Proven("020-2.2", words=text.strip(), detail=detail)] if is_preliminary else [],
        detail={"stage": stage, "code": code},
    )


def _stands_in_story(case: Case, quote: str) -> bool:
    words = " ".join(quote.casefold().split())
    return bool(words) and words in " ".join(case.complaint.story.casefold().split())
