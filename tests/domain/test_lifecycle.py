"""The complaint's life: every action in every status, and the gates that stand before it.

The table is written out by hand, apart from the rules' own table, so that a slip in one shows.
"""

from __future__ import annotations

import pytest

from complaints.domain.errors import GateRefused, Refused
from complaints.domain.lifecycle import (
    ENDED,
    GATE_OF,
    NEXT,
    OPEN,
    PERMISSION_FOR,
    Action,
    Gate,
    Status,
    gate_ahead,
    plan_move,
    refuse_too_early,
)
from complaints.domain.permissions import Permission

# R received, G registered, H in handling, O offered, A accepted, C closed, W withdrawn, F referred.
LETTERS = dict(zip("RGHOACWF", Status, strict=True))
GATES = dict(zip("123", Gate, strict=True))

# One column per status, in that order. A letter is the status that follows, with the gates that
# have to be open; digits alone name the gates an action has not reached yet; x is refused because
# it does not fit, - because the complaint has ended.
TABLE = """
                   R    G    H    O    A    C    W    F
receive            x    x    x    x    x    -    -    -
attest             R    G    H    O    A    -    -    -
confirm            R    G    H    O    A    -    -    -
apologise          R    G    H    O    A    -    -    -
promise            R    G    H    O    A    -    -    -
register           G1   x    x    x    x    -    -    -
inform             1    G    H    O    A    -    -    -
answer_as_party    1    G    H    O    A    -    -    -
find_cause         1    G    H    O    A    -    -    -
confirm_cause      1    G    H    O    A    -    -    -
note_condition     1    G    H    O    A    -    -    -
prioritise         1    G    H    O    A    -    -    -
override_priority  1    G    H    O    A    -    -    -
plan               1    H2   H    O    x    -    -    -
apologise_again    12   2    H    O    A    -    -    -
explain_cause      12   2    H    O    A    -    -    -
ask_approval       12   2    H    O    x    -    -    -
offer              12   2    O    O    x    -    -    -
approve_offer      12   2    O    O    x    -    -    -
reject_offer       12   2    H    O    x    -    -    -
offer_nothing      12   2    H    O    x    -    -    -
remind             12   2    H    O    x    -    -    -
ask_reminder       12   2    H    O    x    -    -    -
accept             12   2    x    A    x    -    -    -
refuse             12   2    x    H    x    -    -    -
stay_undecided     12   2    H    O    x    -    -    -
thank              12   2    H    O    A    -    -    -
inform_standard    12   2    H    O    A    -    -    -
close              123  23   C3   C3   C3   -    -    -
refer              123  23   F3   F3   F3   -    -    -
withdraw           W    W    W    W    W    -    -    -
merge              C    C    C    C    x    -    -    -
rename             C    x    x    x    x    -    -    -
adopt              R    G    H    O    A    -    -    -
reopen             x    x    x    x    x    H    H    H
escalate           R    G    H    O    A    -    -    -
acknowledge        R    G    H    O    A    C    W    F
return_escalation  R    G    H    O    A    -    -    -
assign             R    G    H    O    A    -    -    -
pause              R    G    H    O    A    -    -    -
resume             R    G    H    O    A    -    -    -
ask_extension      R    G    H    O    A    -    -    -
decide_extension   R    G    H    O    A    -    -    -
countersign        R    G    H    O    A    -    -    -
return_exits       R    G    H    O    A    -    -    -
note               R    G    H    O    A    C    W    F
attach             R    G    H    O    A    C    W    F
hide_attachment    R    G    H    O    A    C    W    F
show_attachment    R    G    H    O    A    C    W    F
attempt            R    G    H    O    A    -    -    -
message            R    G    H    O    A    C    W    F
amend              R    G    H    O    A    -    -    -
state_facts        R    G    H    O    A    -    -    -
change_customer    R    G    H    O    A    C    W    F
merge_customers    R    G    H    O    A    C    W    F
unmerge_customers  R    G    H    O    A    C    W    F
renew_link         R    G    H    O    A    C    W    F
undertake          R    G    H    O    A    -    -    -
keep_commitment    R    G    H    O    A    C    -    -
drop_commitment    R    G    H    O    A    C    -    -
miss_delivery      x    x    x    x    x    A    -    -
complete_documents R    G    H    O    x    -    -    -
print_letter       R    G    H    O    A    C    W    F
note_return        R    G    H    O    A    C    W    F
link               R    G    H    O    A    C    W    F
split              R    G    H    O    A    -    -    -
join_incident      R    G    H    O    A    -    -    -
leave_incident     R    G    H    O    A    C    W    F
tell_incident      R    G    H    O    A    -    -    -
warn               R    G    H    O    A    -    -    -
breach             R    G    H    O    A    -    -    -
continue           x    x    x    x    x    C    W    F
follow_up          x    x    x    x    x    C    -    -
rate               x    x    x    x    x    C    -    F
ask_rating         x    x    x    x    x    C    -    F
not_asked          x    x    x    x    x    C    -    F
decline_surveys    R    G    H    O    A    C    W    F
object             R    G    H    O    A    -    -    -
send_link          R    G    H    O    A    C    W    F
consent            R    G    H    O    A    C    W    F
recalculation      R    G    H    O    A    -    -    -
acknowledgement_expired R  G  H  O  A  -  -  -
"""


def rows():
    header, *lines = TABLE.strip("\n").splitlines()
    assert [LETTERS[letter] for letter in header.split()] == list(Status)
    for line in lines:
        name, *cells = line.split()
        assert len(cells) == len(Status), line
        for status, cell in zip(Status, cells, strict=True):
            yield pytest.param(Action(name), status, cell, id=f"{name}-{status}")


@pytest.mark.parametrize(("action", "status", "cell"), list(rows()))
def test_every_action_in_every_status(action: Action, status: Status, cell: str):
    if cell in "x-":
        with pytest.raises(Refused) as refusal:
            plan_move(status, action)
        assert not isinstance(refusal.value, GateRefused)
        assert ("has ended" in str(refusal.value)) is (cell == "-")
        return
    move = plan_move(status, action)
    letter = cell[0] if cell[0] in LETTERS else ""
    assert move.before is status
    assert move.after is (LETTERS[letter] if letter else status)
    assert move.gates == tuple(GATES[digit] for digit in cell.removeprefix(letter))


def test_the_table_misses_no_action():
    named = {line.split()[0] for line in TABLE.strip("\n").splitlines()[1:]}
    assert named == {action.value for action in Action} == set(NEXT)


def test_a_refusal_says_what_to_do_instead():
    with pytest.raises(Refused, match="already registered"):
        plan_move(Status.IN_HANDLING, Action.REGISTER)
    with pytest.raises(Refused, match="Offer a solution first"):
        plan_move(Status.IN_HANDLING, Action.ACCEPT)
    with pytest.raises(Refused, match="need not be reopened"):
        plan_move(Status.OFFERED, Action.REOPEN)
    with pytest.raises(Refused, match="Reopen it with a reason"):
        plan_move(Status.CLOSED, Action.OFFER)


def test_too_early_names_what_is_missing():
    refusal = refuse_too_early(("020-1.2", "020-1.5"))
    assert refusal.missing == ("020-1.2", "020-1.5")
    assert str(refusal) == "Not possible yet: 2 required steps are still to do."
    assert refusal.status == 409


@pytest.mark.parametrize(
    ("status", "gate"),
    [
        (Status.RECEIVED, Gate.REGISTRATION),
        (Status.REGISTERED, Gate.HANDLING),
        (Status.IN_HANDLING, Gate.CLOSING),
        (Status.OFFERED, Gate.CLOSING),
        (Status.ACCEPTED, Gate.CLOSING),
        (Status.CLOSED, None),
        (Status.WITHDRAWN, None),
        (Status.REFERRED, None),
    ],
)
def test_the_next_gate(status: Status, gate: Gate | None):
    assert gate_ahead(status) is gate


def test_open_and_ended_are_all_there_is():
    assert set(OPEN) | set(ENDED) == set(Status)
    assert not set(OPEN) & set(ENDED)


def test_only_three_actions_pass_a_gate():
    passing = {action for action in Action if action in GATE_OF}
    assert passing == {Action.REGISTER, Action.PLAN, Action.CLOSE, Action.REFER}


def test_five_actions_end_a_complaint():
    ending = {
        action
        for action, moves in NEXT.items()
        if any(after in ENDED and before in OPEN for before, after in moves.items())
    }
    assert ending == {Action.CLOSE, Action.REFER, Action.WITHDRAW, Action.MERGE, Action.RENAME}


# Which permission each action asks for; what is not named asks for HANDLE.
ASKS = {
    Permission.INTAKE: "split receive attest confirm apologise promise register amend state_facts "
    "change_customer",
    Permission.MERGE_CUSTOMERS: "merge_customers unmerge_customers",
    Permission.INCIDENT: "link join_incident leave_incident tell_incident",
    Permission.CLOSE: "close refer withdraw merge rename reopen",
    Permission.PAUSE: "pause resume",
    Permission.APPROVE: "approve_offer reject_offer decide_extension",
    Permission.COUNTERSIGN: "countersign return_exits",
    Permission.OVERRIDE: "override_priority",
    Permission.ASSIGN: "assign",
    Permission.ESCALATE: "escalate",
    Permission.ACKNOWLEDGE: "acknowledge return_escalation",
    Permission.NOTE: "note attach",
    Permission.ADMINISTER: "recalculation",
}


def test_which_permission_an_action_asks_for():
    asked = {Action(name): each for each, names in ASKS.items() for name in names.split()}
    assert {action: asked.get(action, Permission.HANDLE) for action in Action} == PERMISSION_FOR
