"""The accounts by page and searched, and choosing somebody where there are too many for a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from complaints.domain.permissions import Role, may_stand_in
from complaints.models import Absence, ApiToken, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.people.absences import deputies_to_choose
from complaints.queries.people.accounts import PAGE
from complaints.steps.casework.assign import assign_complaint
from tests.office import Office
from tests.web.page import Page, Visitor

pytestmark = pytest.mark.both_databases

At = Callable[..., Visitor]


def hire(office: Office, count: int, role: Role = Role.CSR, is_active: bool = True) -> None:
    """So many more accounts, each name twice."""
    branch = office.people["csr"].branch_id
    first = office.session.query(User).count()
    office.session.add_all(
        User(
            email=f"orang{first + n}@tanggap.example",
            name=f"Orang {(first + n) // 2:05}",
            role=role.value,
            branch_id=branch,
            is_active=is_active,
        )
        for n in range(count)
    )
    office.session.commit()


def walk(admin: Visitor, path: str = "/admin/") -> Iterator[Page]:
    page = admin.get(path)
    yield page
    while links := page.all('.pager a[rel="next"]'):
        page = admin.get(str(links[0]["href"]))
        yield page


def emails(page: Page) -> list[str]:
    return [each.get_text() for each in page.all(".rows tbody td:first-child small")]


def test_every_account_stands_on_one_page_active_ones_first(at_desk: At, office: Office):
    hire(office, PAGE)
    hire(office, PAGE + 5, is_active=False)
    pages = list(walk(at_desk("admin")))
    shown = [email for page in pages for email in emails(page)]
    users = office.session.query(User).order_by(User.is_active.desc(), User.name, User.id)
    assert shown == [user.email for user in users]
    assert [len(emails(page)) for page in pages[:-1]] == [PAGE] * (len(pages) - 1)
    assert not pages[0].all('.pager a[rel="prev"]')
    assert pages[1].one('.pager a[rel="prev"]')["href"] == "/admin/"


def test_an_account_is_found_by_a_part_of_name_or_address(at_desk: At, office: Office):
    hire(office, 2 * PAGE + 10)
    admin = at_desk("admin")
    found = admin.get("/admin/?q=csr%40TANGGAP")
    assert emails(found) == ["csr@tanggap.example"]
    pages = list(walk(admin, "/admin/?q=oRaNg"))
    assert sum(len(emails(page)) for page in pages) == 2 * PAGE + 10
    assert pages[1].one("#find-people")["value"] == "oRaNg"
    assert pages[1].one('.pager a[rel="prev"]')["href"] == "/admin/?q=oRaNg"
    assert "Tidak ada pengguna yang cocok" in admin.get("/admin/?q=%25").main


@pytest.mark.parametrize("after", ["x", "999999", "9" * 30, "-1"])
def test_an_address_typed_by_hand_begins_at_the_first(at_desk: At, office: Office, after: str):
    assert emails(at_desk("admin").get(f"/admin/?after={after}"))


def test_5400_accounts_cost_what_a_page_does(at_desk: At, office: Office, counted):
    admin = at_desk("admin")
    hire(office, PAGE)
    admin.get("/admin/")
    with counted() as few:
        short = admin.get("/admin/")
    hire(office, 5_400)
    with counted() as many:
        long = admin.get("/admin/")
    assert len(many) == len(few)
    assert len(emails(long)) == len(emails(short)) == PAGE


def test_a_list_too_long_to_choose_from_becomes_a_field(at_desk: At, office: Office):
    admin = at_desk("admin")
    number = office.receive()
    office.session.commit()
    places = {
        "/admin/tokens": "email",
        "/admin/people/new": "supervisor",
        f"/complaints/{number}/assignment": "handler",
    }
    desks = {path: admin if path.startswith("/admin") else at_desk("supervisor") for path in places}
    for path, name in places.items():
        assert desks[path].get(path).all(f"select[name={name}]")
    hire(office, MOST_CHOICES, Role.SUPERVISOR)
    for path, name in places.items():
        page = desks[path].get(path)
        field = page.one(f"input[name={name}]")
        assert len(page.all(f"#{field['list']} option")) == MOST_CHOICES
    last = f"orang{office.session.query(User).count() - 1}@tanggap.example"
    office.session.commit()
    admin.submit(admin.get("/admin/tokens"), "/admin/tokens", 200, email=last, scope="read")
    token = office.session.query(ApiToken).order_by(ApiToken.id.desc()).first()
    assert token is not None
    assert office.session.get_one(User, token.user_id).email == last


def email_of_last(office: Office) -> str:
    return f"orang{office.session.query(User).count() - 1}@tanggap.example"


def test_nobody_beyond_the_list_is_out_of_reach_where_nobody_may_be_chosen_as_well(
    at_desk: At, office: Office
):
    number = office.receive()
    office.walk(number, to="asked")
    office.session.commit()
    admin, leaving = at_desk("admin"), office.people["csr"]
    path = f"/admin/people/{leaving.id}"
    assert not admin.get(path).all("[name='to.email']")
    hire(office, MOST_CHOICES + 5)
    last = email_of_last(office)
    page = admin.get(path)
    office.session.commit()
    assert [each["value"] for each in page.all("select[name=to] option")] == ["", "tray"]
    assert len(page.all("#f-to-email-people option")) == MOST_CHOICES
    wrong = {"to.email": "siapa@tanggap.example"}
    page = admin.submit(page, f"{path}/closure", status=422, **wrong)
    assert page.one("[name='to.email']")["value"] == "siapa@tanggap.example"
    admin.submit(page, f"{path}/closure", **{"to.email": last})
    office.session.expire_all()
    taker = office.complaint(number).handler_id
    assert taker is not None
    assert office.session.get_one(User, taker).email == last


def test_the_new_line_manager_is_reached_beyond_the_list_or_is_nobody(at_desk: At, office: Office):
    admin, leaving = at_desk("admin"), office.people["supervisor"]
    hire(office, MOST_CHOICES + 5, Role.SUPERVISOR)
    last, path = email_of_last(office), f"/admin/people/{leaving.id}"
    page = admin.get(path)
    office.session.commit()
    assert [each["value"] for each in page.all("select[name=superior] option")] == ["", "none"]
    admin.submit(page, f"{path}/closure", **{"superior.email": last})
    office.session.expire_all()
    superior = office.session.get_one(User, office.id_of("csr")).supervisor_id
    assert superior is not None
    assert office.session.get_one(User, superior).email == last


def test_open_work_without_an_owner_goes_to_anybody(at_desk: At, office: Office):
    number = office.receive()
    office.walk(number, to="asked")
    office.session.get_one(User, office.id_of("csr")).is_active = False
    hire(office, MOST_CHOICES + 5)
    last, desk = email_of_last(office), at_desk("supervisor")
    office.session.commit()
    page = desk.get("/orphans")
    assert page.one("#f-to-1")["type"] == "email"
    desk.submit(page, f"/orphans/{number}", to=last)
    office.session.expire_all()
    assert office.session.get_one(User, office.complaint(number).handler_id).email == last


def test_a_deputy_is_reached_beyond_the_list(at_desk: At, office: Office):
    assert at_desk("csr").get("/absence").all("select[name=deputy]")
    hire(office, MOST_CHOICES + 5)
    desk, last = at_desk("csr"), email_of_last(office)
    office.session.commit()
    page = desk.get("/absence")
    assert len(page.all("#f-deputy-people option")) == MOST_CHOICES
    times = {"away_from": "2026-12-01T08:00", "away_until": "2026-12-02T08:00"}
    desk.submit(page, "/absence", status=303, deputy=last, **times)
    absence = office.session.query(Absence).one()
    assert office.session.get_one(User, absence.deputy_id).email == last


def test_deputies_are_those_who_may_stand_in(office: Office):
    office.session.get_one(User, office.id_of("billing")).branch_id = None
    everybody = office.session.query(User).order_by(User.name, User.id).all()
    for person in everybody:
        expected = [
            each.email
            for each in everybody
            if each.id != person.id and may_stand_in(each.actor, person.actor)
        ]
        found = deputies_to_choose(office.session, person.actor)
        assert [each.email for each in found] == expected, person.email


def test_the_list_is_filtered_by_any_handler(at_desk: At, office: Office):
    hire(office, MOST_CHOICES + 5)
    desk, last = at_desk("manager"), email_of_last(office)
    number = office.receive()
    office.complaint(number).handler_id = office.session.query(User).filter_by(email=last).one().id
    office.session.commit()
    page = desk.get("/complaints")
    assert len(page.all("#by-handler option")) == 3
    assert page.all("#by-handler-email")
    answer = desk.get(f"/complaints?status=open&handler=&handler.email={last}", status=302)
    page = desk.follow(answer)
    assert number in page.main
    assert page.one("#by-handler option[selected]")["value"] == last


def test_two_of_one_name_are_told_apart_by_where_they_work_not_by_address(
    at_desk: At, office: Office, wall
):
    branches = {each.code: each for each in office.rules.branches.values()}
    for number, branch in enumerate(("JKT", "MKS")):
        office.session.add(
            User(
                email=f"budi{number}@tanggap.example",
                name="Budi",
                role=Role.CSR.value,
                branch_id=branches[branch].id,
            )
        )
    office.session.commit()
    admin = at_desk("admin")
    options = {each["value"]: each.get_text() for each in admin.get("/admin/tokens").all("option")}
    assert options["budi1@tanggap.example"] == f"Budi ({branches['MKS'].name})"
    assert options["csr@tanggap.example"] == "Csr"
    keys = admin.get("/admin/tokens").words(".rows tbody td:first-child")
    assert keys
    assert not [each for each in keys if "@" in each]
    number = office.receive()
    office.take(number, assign_complaint, by="supervisor", handler="budi0@tanggap.example")
    wall.at = office.at
    page = at_desk("supervisor").get(f"/complaints/{number}?view=history")
    assert "Budi" in page.one("main").get_text()
    assert "budi0@" not in page.main
    line = "/complaints?figure=money_given&from=2026-11-01&to=2026-11-30&line=budi0@tanggap.example"
    title = at_desk("manager").get(line).h1
    assert title.endswith("Budi")


def test_work_without_an_owner_is_a_part_of_the_administration(at_desk: At):
    page = at_desk("admin").get("/orphans")
    assert [each["href"] for each in page.all(".tabs [aria-current]")] == ["/admin/"]
