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
    may_see,
    require,
)

JKT, MKS = 1, 2
TEKNIK, TAGIHAN = 10, 20

# c csr, o officer, s supervisor, m manager, a auditor, d admin
MAP = """
view         c o s m a d
intake       c . s . . .
handle       c o s . . .
close        c . s . . .
assign       c o s m . .
pause        c o s . . .
escalate     c o s m . .
acknowledge  . . s m . .
approve      . . s m . .
override     . . s m . .
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
