"""The accounts by page and searched, and choosing somebody where there are too many for a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from complaints.domain.permissions import Role
from complaints.models import ApiToken, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.people.accounts import PAGE
from tests.office import Office
from tests.web.page import Page, Visitor

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
