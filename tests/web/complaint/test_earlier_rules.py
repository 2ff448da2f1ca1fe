"""Complaints of the version before the proofs: every page opens, and what was proven is marked."""

from __future__ import annotations

from alembic import command

from tests.channels.portal.test_pages import link_to
from tests.meta.test_migrations_with_rows import settings
from tests.office import Office

#: The last version in which a typed word proved a criterion.
BEFORE = "0018"


def taken_back_and_updated(office: Office) -> None:
    """Forget all that came after that version, and bring the database to this one."""
    office.session.commit()
    for move, to in ((command.downgrade, BEFORE), (command.upgrade, "head")):
        with office.engine.begin() as connection:
            move(settings(connection), to)
    office.session.expire_all()


def test_complaints_of_before_open_everywhere_and_are_marked(at_desk, visitor, office, wall):
    numbers = [office.receive(), office.receive()]
    office.walk(numbers[0])
    office.walk(numbers[1], to="020-2.5")
    taken_back_and_updated(office)
    wall.at = office.at
    desk = at_desk("supervisor")
    for number, proven in zip(numbers, (17, 10), strict=True):
        page = desk.get(f"/complaints/{number}")
        criteria = " ".join(page.words(".criterion-proven"))
        assert len(page.all(".criterion-proven")) >= proven
        assert criteria.count("menurut aturan lama") == len(page.all(".criterion-proven"))
        assert "dicatat menurut aturan sebelumnya" in page.words("#commitments")[0]
        # Nothing that was told under the old rules is owed anew.
        assert not page.all("#commitments form")
        for more in ("?view=history", "/receipt"):
            desk.get(f"/complaints/{number}{more}")
        assert number in visitor.get(link_to(office, number)).main
    for path in ("/complaints?status=all", "/board", "/reports/deadlines", "/reports/exits"):
        assert at_desk("manager").get(path)
