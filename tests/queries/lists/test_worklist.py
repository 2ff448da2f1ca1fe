"""The list of complaints: who sees what, in which order, page by page, however it is narrowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.permissions import SYSTEM
from complaints.models import Deadline
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.worklist import find_number, list_complaints
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import withdraw_complaint
from tests.conftest import NOW

OPEN = ListFilters(status="open")


def numbers(office, name, filters=OPEN, **more):
    actor = SYSTEM if name == "system" else office.actor(name)
    page = list_complaints(office.session, actor, filters, **{"now": NOW, "limit": 50, **more})
    office.session.commit()
    return [row.number for row in page.items]


def everything(office, name, filters=OPEN, *, limit, now=NOW):
    """Read forward to the end and back again; returns both readings."""
    actor, cursor = office.actor(name), None
    there, back = [], []
    while True:
        page = list_complaints(office.session, actor, filters, now=now, limit=limit, cursor=cursor)
        there += [row.number for row in page.items]
        if page.next is None:
            break
        cursor = page.next
    while page.previous is not None:
        page = list_complaints(
            office.session, actor, filters, now=now, limit=limit, cursor=page.previous
        )
        back = [row.number for row in page.items] + back
    office.session.commit()
    return there, back


def who(name, phone="0811 000 111"):
    return {"name": name, "phone": phone, "email": ""}


class TestScope:
    """Nobody sees more than `may_see` lets them, nobody less."""

    @pytest.fixture
    def two_branches(self, office):
        return office.receive(), office.receive(by="csr2", branch="MKS")

    def test_a_branch_sees_its_own(self, office, two_branches):
        jakarta, makassar = two_branches
        assert numbers(office, "csr") == [jakarta]
        assert numbers(office, "supervisor") == [jakarta]
        assert numbers(office, "csr2") == [makassar]

    def test_head_office_sees_all(self, office, two_branches):
        for name in ("manager", "auditor", "admin", "system"):
            assert sorted(numbers(office, name)) == sorted(two_branches)

    def test_a_handler_sees_their_own_wherever_it_lies(self, office, two_branches):
        _, makassar = two_branches
        complaint = office.complaint(makassar)
        complaint.handler_id = office.id_of("csr")
        office.session.commit()
        assert sorted(numbers(office, "csr")) == sorted(two_branches)
        assert numbers(office, "csr", ListFilters(status="open", branch="MKS")) == [makassar]

    def test_an_officer_sees_what_came_to_the_team(self, office, two_branches):
        _, makassar = two_branches
        officer = office.people["officer"]
        officer.branch_id = None
        office.session.commit()
        assert numbers(office, "officer") == []
        office.complaint(makassar).team_id = officer.team_id
        office.session.commit()
        assert numbers(office, "officer") == [makassar]

    def test_an_officer_sees_what_the_team_is_party_to(self, office):
        number = office.receive()
        office.walk(number, to="asked")
        complaint = office.complaint(number)
        complaint.team_id = office.people["billing"].team_id
        office.people["officer"].branch_id = None
        office.session.commit()
        assert numbers(office, "officer") == [number]


class TestOrder:
    def test_the_most_urgent_stands_on_top(self, office):
        calm = office.receive(category="TAG_TELAT")
        urgent = office.receive(at=NOW - timedelta(days=2), category="GGN_MATI")
        assert numbers(office, "csr") == [urgent, calm]

    def test_newest_first_on_request_and_for_ended_ones(self, office):
        old = office.receive(at=NOW - timedelta(days=2))
        new = office.receive()
        assert numbers(office, "csr", ListFilters(status="open", sort="newest")) == [new, old]
        assert numbers(office, "csr", ListFilters()) == [new, old]
        for number in (old, new):
            office.take(
                number, withdraw_complaint, at=NOW + timedelta(hours=1), reason="Sudah selesai"
            )
        assert numbers(office, "csr", ListFilters(status="ended")) == [new, old]
        assert numbers(office, "csr") == []

    def test_open_ones_without_a_clock_follow_at_the_end(self, office):
        first, second, third = office.receive(), office.receive(), office.receive()
        office.complaint(first).next_due_at = None
        office.session.commit()
        assert numbers(office, "csr") == [second, third, first]


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
    @pytest.mark.parametrize("sort", ["due", "newest"])
    @pytest.mark.parametrize("name", ["csr", "manager", "officer"])
    def test_pages_skip_and_repeat_nothing_there_and_back(self, office, name, sort, limit):
        for index in range(7):
            office.receive(at=NOW - timedelta(hours=index // 3))
        for number in numbers(office, "manager")[::3]:
            office.complaint(number).next_due_at = None
        office.session.commit()
        wanted = ListFilters(status="open", sort=sort)
        whole = numbers(office, name, wanted)
        assert len(whole) == 7
        there, back = everything(office, name, wanted, limit=limit)
        assert there == whole
        assert back == whole[: len(back)]
        assert len(back) == (len(whole) - 1) // limit * limit

    @pytest.mark.parametrize("limit", [1, 2, 50])
    def test_found_ones_come_in_pages_too(self, office, limit):
        for index in range(5):
            office.receive(story=f"Modem rusak lagi nomor {index}", who=who(f"Budi {index}"))
        office.receive(story="Tagihan ganda", who=who("Sri"))
        wanted = ListFilters(q="modem")
        whole = numbers(office, "csr", wanted)
        assert len(whole) == 5
        there, back = everything(office, "csr", wanted, limit=limit)
        assert there == whole
        assert back == whole[: len(back)]

    @pytest.mark.parametrize(
        "cursor", ["x", "é", "", "bnwwfDE", "Zm91bmR8bnx8MQ", "ZHVlfG58fDk5OTk5OTk5OTk"]
    )
    def test_a_cursor_from_elsewhere_is_refused_in_words(self, office, cursor):
        if cursor == "":
            assert numbers(office, "csr", cursor=cursor) == []
            return
        with pytest.raises(Invalid):
            numbers(office, "csr", cursor=cursor)


class TestFilters:
    def test_each_filter_leaves_what_fits(self, office):
        number = office.receive(channel="call", category="TAG_GANDA")
        other = office.receive()
        fits = {
            "channel": "call",
            "category": "TAG_GANDA",
            "priority": office.complaint(number).priority,
        }
        assert office.complaint(other).priority != fits["priority"]
        for name, value in fits.items():
            assert numbers(office, "csr", ListFilters(status="open", **{name: value})) == [number]
        assert numbers(office, "csr", ListFilters(category="TAGIHAN")) == [number]
        assert numbers(office, "csr", ListFilters(branch="MKS")) == []
        assert numbers(office, "csr", ListFilters(team="TEKNIK")) == []
        assert numbers(office, "csr", ListFilters(team="NOWHERE")) == []
        assert sorted(numbers(office, "csr", ListFilters(team="none"))) == sorted([number, other])

    def test_by_status(self, office):
        number, other = office.receive(), office.receive()
        office.walk(number, to="020-1.6")
        assert numbers(office, "csr", ListFilters(status="registered")) == [number]
        assert numbers(office, "csr", ListFilters(status="received")) == [other]
        with pytest.raises(Invalid):
            numbers(office, "csr", ListFilters(status="nonsense"))

    def test_by_handler(self, office):
        mine, nobodys = office.receive(), office.receive()
        office.take(mine, assign_complaint, by="supervisor", handler="csr@tanggap.example")
        office.complaint(nobodys).handler_id = None
        office.session.commit()
        assert numbers(office, "csr", ListFilters(handler="me")) == [mine]
        assert numbers(office, "csr", ListFilters(handler="none")) == [nobodys]
        assert numbers(office, "supervisor", ListFilters(handler="csr@tanggap.example")) == [mine]
        assert numbers(office, "supervisor", ListFilters(handler="nobody@else.example")) == []

    def test_late_means_that_a_running_clock_has_passed(self, office):
        number = office.receive()
        office.walk(number, to="020-1.6")
        due = office.complaint(number).next_due_at
        late = ListFilters(overdue=True)
        assert numbers(office, "csr", late, now=due) == []
        assert numbers(office, "csr", late, now=due + timedelta(seconds=1)) == [number]

    def test_a_paused_clock_is_not_late(self, office):
        number = office.receive()
        office.walk(number, to="020-1.6")
        until = NOW + timedelta(days=20)
        office.take(number, pause_clocks, by="supervisor", reason="menunggu foto", until=until)
        later = office.complaint(number).next_due_at + timedelta(days=1)
        assert numbers(office, "csr", ListFilters(overdue=True), now=later) == []
        page = list_complaints(office.session, office.actor("csr"), OPEN, now=later)
        (row,) = page.items
        assert (row.standing.state, row.standing.until) == ("paused", until)

    def test_a_pause_that_is_over_is_not_the_one_shown(self, office):
        number = office.receive()
        office.walk(number, to="020-1.6")
        office.take(
            number,
            pause_clocks,
            by="supervisor",
            reason="menunggu foto",
            until=NOW + timedelta(days=20),
        )
        office.take(number, resume_clocks)
        office.take(
            number,
            pause_clocks,
            by="supervisor",
            reason="menunggu struk",
            until=NOW + timedelta(days=4),
        )
        (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=NOW).items
        assert row.standing.until == NOW + timedelta(days=4)

    def test_a_rule_in_calendar_weeks_is_late_by_the_calendar(self, office):
        office.switch_on("uk-ofcom")
        number = office.receive()
        due = office.clocks(number)["legal"].due_at
        for kind, clock in office.clocks(number).items():
            if kind != "legal":
                office.session.query(Deadline).filter_by(id=clock.id).update({"ended_at": NOW})
        complaint = office.complaint(number)
        complaint.next_due_at, complaint.next_due_kind = due, "legal"
        office.session.commit()
        now = due + timedelta(days=3)
        (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=now).items
        late = (row.standing.state, row.standing.seconds, row.standing.is_worktime)
        assert late == ("late", -3 * 86400, False)

    def test_a_clock_missed_before_the_pause_stays_late(self, office):
        number = office.receive()
        office.walk(number, to="020-1.3")
        late = office.complaint(number).next_due_at + timedelta(days=1)
        office.take(
            number,
            pause_clocks,
            by="supervisor",
            at=late,
            reason="menunggu foto",
            until=late + timedelta(days=5),
        )
        assert numbers(office, "csr", ListFilters(overdue=True), now=late) == [number]


class TestRows:
    def test_a_row_says_all_that_a_line_needs(self, office):
        number = office.receive()
        office.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
        (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=NOW).items
        assert (row.number, row.customer, row.handler) == (number, "Siti Aminah", "Csr")
        assert row.summary.startswith("Internet di rumah mati")
        assert row.standing.state == "safe"
        assert row.standing.seconds > 0

    def test_time_left_is_working_time_of_the_branch(self, office):
        office.receive()
        (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=NOW).items
        assert row.standing.seconds == 30 * 60
        late = NOW + timedelta(minutes=90)
        (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=late).items
        assert (row.standing.state, row.standing.seconds) == ("late", -60 * 60)
        night = NOW + timedelta(hours=12)
        (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=night).items
        closing_after_due = 6 * 3600 + 15 * 60
        assert row.standing.seconds == -closing_after_due

    def test_nearing_begins_when_four_fifths_are_used_up(self, office):
        office.receive()
        for minutes, state in ((23, "safe"), (24, "nearing"), (30, "nearing"), (31, "late")):
            now = NOW + timedelta(minutes=minutes)
            (row,) = list_complaints(office.session, office.actor("csr"), OPEN, now=now).items
            assert row.standing.state == state


class TestNumbers:
    def test_a_number_is_found_however_it_is_typed(self, office):
        number = office.receive()
        actor = office.actor("csr")
        year, digits = number.split("-")[1:]
        for typed in (
            number,
            number.lower(),
            f" {number} ",
            f"{year}-{digits}",
            digits,
            str(int(digits)),
            f"#{int(digits)}",
            f"KLH {year} {digits}",
        ):
            assert find_number(office.session, actor, typed) == number, typed

    @pytest.mark.parametrize(
        "typed",
        ["", "KLH", "KLH-2025-000001", "KLH-2026-999999999999", "99", "١", "0812 3456 7890"],
    )
    def test_what_is_no_number_of_ours_is_not_found(self, office, typed):
        office.receive()
        assert find_number(office.session, office.actor("csr"), typed) is None

    def test_a_number_of_another_branch_stays_hidden(self, office):
        number = office.receive()
        assert find_number(office.session, office.actor("csr2"), number) is None
