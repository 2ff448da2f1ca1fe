"""Draw up the handling plan (020-2.5); with all of element 2 the complaint is in handling."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from complaints.clocks.changes import Clocks
from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.words.comparing import is_same
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.commitments.undertake import StepGiven, undertake_list


def draw_up_plan(case: Case, *, steps: Sequence[StepGiven] = ()) -> None:
    """Store the plan as a new revision, and how it deviates from the category's procedure.

    Each step is a commitment. It is more than a word, and has somebody who takes it and a date:
    whoever writes the plan and the promised date stand where none are given. Units need not have
    accepted before; the status waits for them.
    """
    clock = Clocks.of(case.session, case.rules, case.complaint, case.by.id).outcome()
    told = case.complaint.promised_at or (clock.due_at if clock else None)
    ends = told if told and told > case.at else None
    owned = [_owned(case, n, step, ends) for n, step in enumerate(steps, start=1)]
    undertaking = undertake_list(case, CommitmentKind.PLAN, owned, ends)
    known = case.rules.taxonomy.categories.get(case.complaint.category or "")
    group = {"group": known.group} if known else {}
    kept = {"revision": undertaking.revision, **group, **_deviations(case, owned)}
    words = "\n".join(step.what.strip() for step in owned)
    advance(
        case,
        Action.PLAN,
        proven=[Proven("020-2.5", words=words, detail=kept)],
        detail={**kept, "steps": len(owned), **undertaking.replaced()},
        keep=undertaking.start,
    )
    undertaking.store()


def _owned(case: Case, position: int, step: StepGiven, ends: datetime | None) -> StepGiven:
    """The step with somebody to take it; Invalid where nothing says by when."""
    if step.due_at is None and ends is None:
        raise Invalid(
            N_("Step %(position)d has no date. The deadline has passed, so enter by when."),
            field="steps",
            position=position,
        )
    return step if step.owner.strip() else replace(step, owner=case.by.name)


def _deviations(case: Case, steps: Sequence[StepGiven]) -> dict[str, str]:
    """How the plan differs from the steps that the category proposes, and in which version.

    Steps are named as the taxonomy and the plan word them; nothing is said where none differ.
    """
    taxonomy = case.rules.taxonomy
    procedure = taxonomy.steps_of(case.complaint.category)
    if not procedure:
        return {}
    written = [step.what for step in steps]
    left_out = [
        each.text_id
        for each in procedure
        if not any(is_same(words, each.text(lang)) for words in written for lang in ("id", "en"))
    ]
    added = [
        words.strip()
        for words in written
        if not any(is_same(words, each.text(lang)) for each in procedure for lang in ("id", "en"))
    ]
    named = {"left_out": "; ".join(left_out), "added": "; ".join(added)}
    return {"procedure": taxonomy.version, **{key: said for key, said in named.items() if said}}
