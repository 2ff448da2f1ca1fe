"""Following by the API is what it is by page: for whoever reads, once, and without an entry."""

from __future__ import annotations

from sqlalchemy import func, select

from complaints.models import Follower, HistoryEntry
from tests.channels.api.conftest import Programs
from tests.office import Office


def followers(office: Office) -> list[int]:
    office.session.expire_all()
    found = list(office.session.scalars(select(Follower.user_id).order_by(Follower.user_id)))
    office.session.rollback()
    return found


def test_who_reads_a_complaint_follows_it_once_and_ends_it(programs: Programs, office: Office):
    number = office.receive()
    office.session.commit()
    path = f"/complaints/{number}/following"
    entries = office.session.scalar(select(func.count()).select_from(HistoryEntry))
    office.session.rollback()
    auditor = programs("auditor")
    assert auditor.get(path).json == {"number": number, "following": False}
    for _ in range(2):
        assert auditor.call("PUT", path).json == {"number": number, "following": True}
    assert len(followers(office)) == 1
    assert auditor.get(path).json["following"]
    # Only the person of the key is spoken of.
    assert not programs.csr.get(path).json["following"]
    for _ in range(2):
        assert auditor.call("DELETE", path).json == {"number": number, "following": False}
    assert followers(office) == []
    assert office.session.scalar(select(func.count()).select_from(HistoryEntry)) == entries


def test_what_somebody_may_not_read_or_has_not_seen_is_not_followed(
    programs: Programs, office: Office
):
    number = office.receive()
    office.session.commit()
    path = f"/complaints/{number}/following"
    for method in ("GET", "PUT", "DELETE"):
        call = programs("csr2").call
        assert call(method, path).status_code == 403
        assert call(method, "/complaints/KLH-2026-999999/following").status_code == 404
    stale = programs.csr.call("PUT", path, headers={"If-Match": '"99"'})
    assert stale.status_code in (409, 412)
    assert followers(office) == []
