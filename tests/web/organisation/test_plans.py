"""Changes planned for a date: in force from that instant on, the same in every branch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.domain.errors import Invalid
from complaints.models import RuleVersion
from complaints.rules.parts import file_in_force
from complaints.rules.planned import plan_change, plans, put_in_force, withdraw_plan
from complaints.worker.plans import put_plans_in_force
from complaints.worker.sweeps import WorkerContext
from tests.office import Office

AT = "/admin/organisation"
#: Midnight in Jakarta, two o'clock in Jayapura.
NEW_YEAR = datetime(2026, 12, 31, 17, tzinfo=UTC)


def planned(office: Office, since: datetime, label: str = "Televisi kabel") -> None:
    row = file_in_force(office.session, "organisation")
    body = {**row.body}
    body["product"] = [
        {**each, "label_id": label} if each["id"] == "TV" else each for each in body["product"]
    ]
    plan_change(
        office.session,
        "organisation",
        "organisation",
        body,
        row.id,
        since=since,
        by=office.actor("admin"),
        at=office.at,
    )
    office.session.commit()


def called(office: Office) -> str:
    found = office.rules.organisation.products["TV"].label_id
    office.session.commit()
    return found


@pytest.mark.both_databases
def test_a_change_is_planned_on_its_preview_and_holds_from_its_instant_on(
    at_desk, office: Office, wall
):
    wall.at = office.at
    admin = at_desk("admin")
    path, action = f"{AT}/products/item?key=TV", f"{AT}/products/item"
    preview = admin.submit(admin.get(path), action, 200, label_id="Televisi kabel")
    typed = {"do": "plan", "from_day": "2027-01-01", "from_time": "00:00"}
    listed = admin.follow(admin.submit(preview, f"{AT}/save", 303, **typed))
    assert "Televisi kabel" in listed.main
    wall.at = NEW_YEAR - timedelta(seconds=1)
    admin.get(f"{AT}/plans/")
    assert called(office) == "Televisi"
    # Whoever comes first after the instant, from whatever branch, meets the new rule.
    wall.at = NEW_YEAR
    at_desk("csr2").get("/")
    assert called(office) == "Televisi kabel"
    row = file_in_force(office.session, "organisation")
    assert (row.loaded_at, row.loaded_by) == (NEW_YEAR, "Admin")
    office.session.commit()


def test_a_date_that_is_over_is_refused_at_its_field(at_desk, office: Office, wall):
    wall.at = office.at
    admin = at_desk("admin")
    path, action = f"{AT}/products/item?key=TV", f"{AT}/products/item"
    preview = admin.submit(admin.get(path), action, 200, label_id="Televisi kabel")
    for day in ("", "2020-01-01", "2099-01-01"):
        page = admin.submit(preview, f"{AT}/save", 422, do="plan", from_day=day)
        assert page.one("#f-from_day-error")


@pytest.mark.both_databases
def test_the_worker_puts_it_in_force_and_what_others_changed_stays(office: Office):
    planned(office, office.at + timedelta(days=1))
    row = file_in_force(office.session, "organisation")
    body = {**row.body, "social_handle": "@baru"}
    from complaints.rules.parts import save_file

    save_file(office.session, "organisation", body, row.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    context = WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=None,  # type: ignore[arg-type]
        transport=None,  # type: ignore[arg-type]
    )
    assert put_plans_in_force(context, office.at).handled == 0
    assert put_plans_in_force(context, office.at + timedelta(days=1)).handled == 1
    assert put_plans_in_force(context, office.at + timedelta(days=1)).handled == 0
    assert called(office) == "Televisi kabel"
    assert office.rules.organisation.social_handle == "@baru"


def test_a_plan_is_withdrawn_and_there_is_one_at_a_time(office: Office):
    planned(office, office.at + timedelta(days=1))
    with pytest.raises(Exception, match="planned already"):
        planned(office, office.at + timedelta(days=2), "Lain")
    office.session.rollback()
    withdraw_plan(
        office.session, "organisation", "organisation", by=office.actor("admin"), at=office.at
    )
    office.session.commit()
    assert plans(office.session) == []
    assert put_in_force(office.session, office.at + timedelta(days=3)) == 0
    office.session.commit()
    planned(office, office.at + timedelta(days=2), "Lain")


def test_a_plan_that_does_not_fit_any_more_is_kept_with_the_reason(
    office: Office, monkeypatch, at_desk
):
    planned(office, office.at + timedelta(days=1))

    def refuse(*args: object) -> None:
        raise Invalid("The configuration lacks %(name)s.", name="policy")

    monkeypatch.setattr("complaints.rules.planned.check_file", refuse)
    assert put_in_force(office.session, office.at + timedelta(days=1)) == 1
    office.session.commit()
    (plan,) = plans(office.session)
    assert plan.why
    # Said in the language of whoever reads it.
    told = {lang: at_desk("admin", lang).get(f"{AT}/plans/").main for lang in ("id", "en")}
    assert "The configuration lacks policy." in told["en"]
    assert "The configuration" not in told["id"]
    assert "policy" in told["id"]
    assert called(office) == "Televisi"
    assert office.rules.next_plan_at is None
    kinds = {each.kind for each in office.session.query(RuleVersion)}
    office.session.commit()
    assert "planned" in kinds
