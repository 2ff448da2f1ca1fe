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


def numbers(house, name, filters=OPEN, **more):
    actor = SYSTEM if name == "system" else house.actor(name)
    page = list_complaints(house.session, actor, filters, **{"now": NOW, "limit": 50, **more})
    house.session.commit()
    return [row.number for row in page.items]


def everything(house, name, filters=OPEN, *, limit, now=NOW):
    """Read forward to the end and back again; returns both readings."""
    actor, cursor = house.actor(name), None
    there, back = [], []
    while True:
        page = list_complaints(house.session, actor, filters, now=now, limit=limit, cursor=cursor)
        there += [row.number for row in page.items]
        if page.next is None:
            break
        cursor = page.next
    while page.previous is not None:
        page = list_complaints(
            house.session, actor, filters, now=now, limit=limit, cursor=page.previous
        )
        back = [row.number for row in page.items] + back
    house.session.commit()
    return there, back


def who(name, phone="0811 000 111"):
    return {"name": name, "phone": phone, "email": ""}


class TestScope:
    """Nobody sees more than `may_see` lets them, nobody less."""

    @pytest.fixture
    def two_branches(self, house):
        return house.receive(), house.receive(by="csr2", branch="MKS")

    def test_a_branch_sees_its_own(self, house, two_branches):
        jakarta, makassar = two_branches
        assert numbers(house, "csr") == [jakarta]
        assert numbers(house, "supervisor") == [jakarta]
        assert numbers(house, "csr2") == [makassar]

    def test_head_office_sees_all(self, house, two_branches):
        for name in ("manager", "auditor", "admin", "system"):
            assert sorted(numbers(house, name)) == sorted(two_branches)

    def test_a_handler_sees_their_own_wherever_it_lies(self, house, two_branches):
        _, makassar = two_branches
        complaint = house.complaint(makassar)
        complaint.handler_id = house.id_of("csr")
        house.session.commit()
        assert sorted(numbers(house, "csr")) == sorted(two_branches)
        assert numbers(house, "csr", ListFilters(status="open", branch="MKS")) == [makassar]

    def test_an_officer_sees_what_came_to_the_team(self, house, two_branches):
        _, makassar = two_branches
        officer = house.people["officer"]
        officer.branch_id = None
        house.session.commit()
        assert numbers(house, "officer") == []
        house.complaint(makassar).team_id = officer.team_id
        house.session.commit()
        assert numbers(house, "officer") == [makassar]

    def test_an_officer_sees_what_the_team_is_party_to(self, house):
        number = house.receive()
        house.walk(number, to="asked")
        complaint = house.complaint(number)
        complaint.team_id = house.people["billing"].team_id
        house.people["officer"].branch_id = None
        house.session.commit()
        assert numbers(house, "officer") == [number]


class TestOrder:
    def test_the_most_urgent_stands_on_top(self, house):
        calm = house.receive(category="TAG_TELAT")
        urgent = house.receive(at=NOW - timedelta(days=2), category="GGN_MATI")
        assert numbers(house, "csr") == [urgent, calm]

    def test_newest_first_on_request_and_for_ended_ones(self, house):
        old = house.receive(at=NOW - timedelta(days=2))
        new = house.receive()
        assert numbers(house, "csr", ListFilters(status="open", sort="newest")) == [new, old]
        assert numbers(house, "csr", ListFilters()) == [new, old]
        for number in (old, new):
            house.take(number, withdraw_complaint, at=NOW + timedelta(hours=1), reason="selesai")
        assert numbers(house, "csr", ListFilters(status="ended")) == [new, old]
        assert numbers(house, "csr") == []

    def test_open_ones_without_a_clock_follow_at_the_end(self, house):
        first, second, third = house.receive(), house.receive(), house.receive()
        house.complaint(first).next_due_at = None
        house.session.commit()
        assert numbers(house, "csr") == [second, third, first]


class TestPages:
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
    @pytest.mark.parametrize("sort", ["due", "newest"])
    @pytest.mark.parametrize("name", ["csr", "manager", "officer"])
    def test_pages_skip_and_repeat_nothing_there_and_back(self, house, name, sort, limit):
        for index in range(7):
            house.receive(at=NOW - timedelta(hours=index // 3))
        for number in numbers(house, "manager")[::3]:
            house.complaint(number).next_due_at = None
        house.session.commit()
        wanted = ListFilters(status="open", sort=sort)
        whole = numbers(house, name, wanted)
        assert len(whole) == 7
        there, back = everything(house, name, wanted, limit=limit)
        assert there == whole
        assert back == whole[: len(back)]
        assert len(back) == (len(whole) - 1) // limit * limit

    @pytest.mark.parametrize("limit", [1, 2, 50])
    def test_found_ones_come_in_pages_too(self, house, limit):
        for index in range(5):
            house.receive(story=f"Modem rusak lagi nomor {index}", who=who(f"Budi {index}"))
        house.receive(story="Tagihan ganda", who=who("Sri"))
        wanted = ListFilters(q="modem")
        whole = numbers(house, "csr", wanted)
        assert len(whole) == 5
        there, back = everything(house, "csr", wanted, limit=limit)
        assert there == whole
        assert back == whole[: len(back)]

    @pytest.mark.parametrize(
        "cursor", ["x", "é", "", "bnwwfDE", "Zm91bmR8bnx8MQ", "ZHVlfG58fDk5OTk5OTk5OTk"]
    )
    def test_a_cursor_from_elsewhere_is_refused_in_words(self, house, cursor):
        if cursor == "":
            assert numbers(house, "csr", cursor=cursor) == []
            return
        with pytest.raises(Invalid):
            numbers(house, "csr", cursor=cursor)


class TestFilters:
    def test_each_filter_leaves_what_fits(self, house):
        number = house.receive(channel="call", category="TAG_GANDA")
        other = house.receive()
        fits = {
            "channel": "call",
            "category": "TAG_GANDA",
            "priority": house.complaint(number).priority,
        }
        assert house.complaint(other).priority != fits["priority"]
        for name, value in fits.items():
            assert numbers(house, "csr", ListFilters(status="open", **{name: value})) == [number]
        assert numbers(house, "csr", ListFilters(category="TAGIHAN")) == [number]
        assert numbers(house, "csr", ListFilters(branch="MKS")) == []
        assert numbers(house, "csr", ListFilters(team="TEKNIK")) == []
        assert numbers(house, "csr", ListFilters(team="NOWHERE")) == []
        assert sorted(numbers(house, "csr", ListFilters(team="none"))) == sorted([number, other])

    def test_by_status(self, house):
        number, other = house.receive(), house.receive()
        house.walk(number, to="020-1.6")
        assert numbers(house, "csr", ListFilters(status="registered")) == [number]
        assert numbers(house, "csr", ListFilters(status="received")) == [other]
        with pytest.raises(Invalid):
            numbers(house, "csr", ListFilters(status="nonsense"))

    def test_by_handler(self, house):
        mine, nobodys = house.receive(), house.receive()
        house.take(mine, assign_complaint, by="supervisor", handler="csr@tanggap.example")
        house.complaint(nobodys).handler_id = None
        house.session.commit()
        assert numbers(house, "csr", ListFilters(handler="me")) == [mine]
        assert numbers(house, "csr", ListFilters(handler="none")) == [nobodys]
        assert numbers(house, "supervisor", ListFilters(handler="csr@tanggap.example")) == [mine]
        assert numbers(house, "supervisor", ListFilters(handler="nobody@else.example")) == []

    def test_late_means_that_a_running_clock_has_passed(self, house):
        number = house.receive()
        house.walk(number, to="020-1.6")
        due = house.complaint(number).next_due_at
        late = ListFilters(overdue=True)
        assert numbers(house, "csr", late, now=due) == []
        assert numbers(house, "csr", late, now=due + timedelta(seconds=1)) == [number]

    def test_a_paused_clock_is_not_late(self, house):
        number = house.receive()
        house.walk(number, to="020-1.6")
        until = NOW + timedelta(days=20)
        house.take(number, pause_clocks, reason="menunggu foto", until=until)
        later = house.complaint(number).next_due_at + timedelta(days=1)
        assert numbers(house, "csr", ListFilters(overdue=True), now=later) == []
        page = list_complaints(house.session, house.actor("csr"), OPEN, now=later)
        (row,) = page.items
        assert (row.standing.state, row.standing.until) == ("paused", until)

    def test_a_pause_that_is_over_is_not_the_one_shown(self, house):
        number = house.receive()
        house.walk(number, to="020-1.6")
        house.take(number, pause_clocks, reason="foto", until=NOW + timedelta(days=20))
        house.take(number, resume_clocks)
        house.take(number, pause_clocks, reason="struk", until=NOW + timedelta(days=4))
        (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=NOW).items
        assert row.standing.until == NOW + timedelta(days=4)

    def test_a_rule_in_calendar_weeks_is_late_by_the_calendar(self, house):
        house.switch_on("uk-ofcom")
        number = house.receive()
        due = house.clocks(number)["legal"].due_at
        for kind, clock in house.clocks(number).items():
            if kind != "legal":
                house.session.query(Deadline).filter_by(id=clock.id).update({"ended_at": NOW})
        complaint = house.complaint(number)
        complaint.next_due_at, complaint.next_due_kind = due, "legal"
        house.session.commit()
        now = due + timedelta(days=3)
        (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=now).items
        late = (row.standing.state, row.standing.seconds, row.standing.is_worktime)
        assert late == ("late", -3 * 86400, False)

    def test_a_clock_missed_before_the_pause_stays_late(self, house):
        number = house.receive()
        house.walk(number, to="020-1.3")
        late = house.complaint(number).next_due_at + timedelta(days=1)
        house.take(number, pause_clocks, at=late, reason="menunggu", until=late + timedelta(days=5))
        assert numbers(house, "csr", ListFilters(overdue=True), now=late) == [number]


class TestRows:
    def test_a_row_says_all_that_a_line_needs(self, house):
        number = house.receive()
        house.take(number, assign_complaint, by="supervisor", handler="csr@tanggap.example")
        (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=NOW).items
        assert (row.number, row.customer, row.handler) == (number, "Siti Aminah", "Csr")
        assert row.summary.startswith("Internet di rumah mati")
        assert row.standing.state == "safe"
        assert row.standing.seconds > 0

    def test_time_left_is_working_time_of_the_branch(self, house):
        house.receive()
        (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=NOW).items
        assert row.standing.seconds == 30 * 60
        late = NOW + timedelta(minutes=90)
        (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=late).items
        assert (row.standing.state, row.standing.seconds) == ("late", -60 * 60)
        night = NOW + timedelta(hours=12)
        (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=night).items
        closing_after_due = 6 * 3600 + 15 * 60
        assert row.standing.seconds == -closing_after_due

    def test_nearing_begins_when_four_fifths_are_used_up(self, house):
        house.receive()
        for minutes, state in ((23, "safe"), (24, "nearing"), (30, "nearing"), (31, "late")):
            now = NOW + timedelta(minutes=minutes)
            (row,) = list_complaints(house.session, house.actor("csr"), OPEN, now=now).items
            assert row.standing.state == state


class TestNumbers:
    def test_a_number_is_found_however_it_is_typed(self, house):
        number = house.receive()
        actor = house.actor("csr")
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
            assert find_number(house.session, actor, typed) == number, typed

    @pytest.mark.parametrize(
        "typed",
        ["", "KLH", "KLH-2025-000001", "KLH-2026-999999999999", "99", "١", "0812 3456 7890"],
    )
    def test_what_is_no_number_of_ours_is_not_found(self, house, typed):
        house.receive()
        assert find_number(house.session, house.actor("csr"), typed) is None

    def test_a_number_of_another_branch_stays_hidden(self, house):
        number = house.receive()
        assert find_number(house.session, house.actor("csr2"), number) is None
