"""The last half hour of a month is of that month everywhere, and every door names its zones."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from complaints.cli import main
from tests.office import Office

pytestmark = pytest.mark.both_databases

OCTOBER = {"from": "2026-10-01", "to": "2026-10-31"}
#: 23.30 in Jakarta on 31 October, when October has half an hour left there.
LATE = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
ZONES = ["Asia/Jakarta", "Asia/Jayapura", "Asia/Makassar"]


def test_the_last_evening_of_a_month_is_in_it_by_every_door(
    office: Office, at_desk, wall, app, monkeypatch
):
    office.people["csr2"].branch_id = office.rules.branches_by_code["JYP"].id
    office.session.commit()
    here = office.receive(at=LATE)
    office.receive(at=LATE + timedelta(minutes=30))
    # In Jayapura it is November already.
    office.receive(by="csr2", branch="JYP", at=LATE)
    wall.at = datetime(2026, 11, 19, 2, tzinfo=UTC)

    manager = at_desk("manager")
    address = "from={from}&to={to}".format(**OCTOBER)
    page = manager.get(f"/reports/deadlines?{address}&by=branch")
    (link,) = page.all(".big-figures a[href*='figure=received']")
    assert link.get_text() == "1"
    assert "WIB, WITA, WIT" in page.one(".footnote").get_text()
    listed = manager.get(str(link["href"])).words(".list tbody a[href]")
    assert {each for each in listed if each.startswith("KLH-")} == {here}

    file = manager.get(f"/reports/deadlines?{address}&format=csv").text_body.removeprefix("\ufeff")
    lines = {line["key"]: line for line in csv.DictReader(io.StringIO(file))}
    assert lines["total"]["received"] == "1"
    assert lines["zones"]["label"] == ", ".join(ZONES)
    assert lines["days"]["label"] == "2026-10-01 – 2026-10-31"

    program = app.test_client()
    token = {"Authorization": "Bearer token of manager"}
    answer = program.get(f"/api/v1/reports/deadlines?{address}", headers=token).get_json()
    assert (answer["total"]["received"], answer["zones"]) == (1, ZONES)

    url = office.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "a key for tests only, long enough")
    days = ["--from", OCTOBER["from"], "--to", OCTOBER["to"]]
    said = CliRunner().invoke(main, ["report", "deadlines", *days])
    assert said.exit_code == 0, said.stderr
    printed = json.loads(said.stdout)
    assert (printed["total"]["received"], printed["zones"]) == (1, ZONES)
