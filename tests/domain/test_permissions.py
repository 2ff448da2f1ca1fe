"""Who may do what, and for which complaints: the whole map, and the outsider at every door."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Forbidden
from complaints.domain.permissions import (
    PERMISSIONS,
    SYSTEM,
    Actor,
    Permission,
    Role,
    may_note_for,
    may_see,
    require,
    superiors_of,
)

JKT, MKS = 1, 2
TEKNIK, TAGIHAN = 10, 20

# c csr, o officer, s supervisor, m manager, a auditor, d admin
MAP = """
view         c o s m a d
intake       c . s . . .
handle       c o s . . .
close        c . s . . .
incident     c o s m . .
assign       c o s m . .
pause        c o s . . .
escalate     c o s m . .
acknowledge  . . s m . .
approve      . . s m . .
countersign  . . s m . d
override     . . s m . .
extend_further . . . m . .
merge_customers . . s . . .
note         c o s m . d
be_away      c o s m . d
lead         . . s m . d
observe      . . s m . .
improve      . . s m . .
review       . . . m . .
board        . . s m . .
reports      . . s m a d
audit        . . s m a .
administer   . . . . . d
"""


def cells():
    for line in MAP.strip().splitlines():
        name, *marks = line.split()
        for role, mark in zip(Role, marks, strict=True):
            yield pytest.param(role, Permission(name), mark != ".", id=f"{role}-{name}")


def actor(role: Role, *, branch: int | None = JKT, team: int | None = None) -> Actor:
    return Actor(id=7, name="Sri", role=role, branch_id=branch, team_id=team)


@pytest.mark.parametrize(("role", "permission", "may"), list(cells()))
def test_the_map(role: Role, permission: Permission, may: bool):
    assert actor(role).has(permission) is may
    if may:
        require(actor(role), permission)
    else:
        with pytest.raises(Forbidden) as refusal:
            require(actor(role), permission)
        assert refusal.value.status == 403


def test_the_map_is_complete():
    assert len(MAP.strip().splitlines()) == len(Permission)
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_the_system_may_do_everything(permission: Permission):
    assert SYSTEM.has(permission)


# role, own branch, own team, complaint's branch, its teams, its handler, sees it
SIGHT = [
    (Role.CSR, JKT, None, JKT, (), None, True),
    (Role.CSR, JKT, None, MKS, (), None, False),
    (Role.CSR, JKT, None, MKS, (), 7, True),
    (Role.CSR, JKT, TEKNIK, MKS, (TEKNIK,), None, False),
    (Role.CSR, None, None, MKS, (), None, True),
    (Role.SUPERVISOR, JKT, None, JKT, (), None, True),
    (Role.SUPERVISOR, JKT, None, MKS, (), None, False),
    (Role.OFFICER, JKT, TEKNIK, JKT, (), None, True),
    (Role.OFFICER, JKT, TEKNIK, MKS, (), None, False),
    (Role.OFFICER, JKT, TEKNIK, MKS, (TEKNIK,), None, True),
    (Role.OFFICER, JKT, TEKNIK, MKS, (TAGIHAN,), None, False),
    (Role.OFFICER, None, TEKNIK, MKS, (TEKNIK,), None, True),
    (Role.OFFICER, None, TEKNIK, MKS, (), None, False),
    (Role.OFFICER, None, None, MKS, (None,), None, False),
    (Role.OFFICER, None, None, MKS, (), 7, True),
    (Role.MANAGER, None, None, MKS, (), None, True),
    (Role.MANAGER, JKT, None, MKS, (), None, False),
    (Role.AUDITOR, None, None, JKT, (), None, True),
    (Role.ADMIN, None, None, JKT, (), None, True),
]


@pytest.mark.parametrize(("role", "own", "team", "branch", "teams", "handler", "sees"), SIGHT)
def test_who_sees_a_complaint(role, own, team, branch, teams, handler, sees):
    person = actor(role, branch=own, team=team)
    assert may_see(person, branch, teams, handler) is sees


def test_the_system_sees_everything():
    assert may_see(SYSTEM, MKS)


def test_nobody_is_the_handler_of_a_complaint_without_one():
    stranger = Actor(id=None, name="?", role=Role.CSR, branch_id=JKT)
    assert not may_see(stranger, MKS, (), None)


# leader, their branch, person, their branch, whether the line leads from one to the other
LED = [
    (Role.SUPERVISOR, JKT, Role.CSR, JKT, False, True),
    (Role.SUPERVISOR, JKT, Role.OFFICER, JKT, False, True),
    (Role.SUPERVISOR, JKT, Role.CSR, MKS, False, False),
    # One's own people stay so where they sit in another branch.
    (Role.SUPERVISOR, JKT, Role.CSR, MKS, True, True),
    (Role.SUPERVISOR, JKT, Role.SUPERVISOR, JKT, False, False),
    (Role.SUPERVISOR, JKT, Role.MANAGER, JKT, False, False),
    (Role.MANAGER, None, Role.SUPERVISOR, MKS, False, True),
    (Role.MANAGER, None, Role.MANAGER, None, False, False),
    (Role.MANAGER, None, Role.AUDITOR, None, False, False),
    (Role.ADMIN, None, Role.MANAGER, None, False, True),
    (Role.CSR, JKT, Role.OFFICER, JKT, True, False),
    (Role.AUDITOR, None, Role.CSR, JKT, True, False),
]


@pytest.mark.parametrize(("role", "branch", "other", "place", "is_in_line", "may"), LED)
def test_for_whom_an_absence_may_be_noted(role, branch, other, place, is_in_line, may):
    person = Actor(id=8, name="Budi", role=other, branch_id=place)
    superiors = {7} if is_in_line else set()
    assert may_note_for(actor(role, branch=branch), person, superiors) is may


def test_nobody_leads_themselves():
    sri = actor(Role.MANAGER, branch=None)
    assert not may_note_for(sri, sri, {7})


def test_a_line_leads_up_to_its_end_even_where_it_bites_its_tail():
    assert superiors_of(1, {1: 2, 2: 3, 3: None}) == {2, 3}
    assert superiors_of(1, {1: 2, 2: 1}) == {1, 2}
    assert superiors_of(9, {}) == frozenset()
