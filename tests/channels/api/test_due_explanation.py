"""Why this due time, for programs: terms, lines, changes, and whether it all adds up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from complaints.steps.casework.pause import pause_clocks, resume_clocks


def test_a_due_time_is_taken_apart_and_adds_up(office, programs):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        reason="Tunggu foto",
        until=office.at + timedelta(days=1),
    )
    office.take(number, resume_clocks, at=office.at + timedelta(hours=2))
    answer = programs.csr.get(f"/complaints/{number}/deadlines/why")
    assert answer.status_code == 200
    items = {item["kind"]: item for item in answer.json["items"] if item["state"] == "running"}
    resolve = items["resolve"]
    assert resolve["adds_up"] is True
    assert resolve["policy"]["code"] == "id-default-front-desk"
    assert resolve["policy"]["version"] == resolve["calendar"]["version"] == 1
    assert resolve["calendar"]["tz"] == "Asia/Jakarta"
    assert (resolve["clause"]["duration"], resolve["clause"]["unit"]) == (3, "working_day")
    assert sum(line["seconds"] for line in resolve["lines"]) == resolve["worktime_seconds"]
    skipped = [line for line in resolve["lines"] if line["seconds"] == 0]
    assert {line["reason"] for line in skipped} == {"weekly"}
    assert [change["what"] for change in resolve["changes"]] == ["tell", "pause", "resume"]
    assert resolve["changes"][-1]["paused_seconds"] == 2 * 3600
    moved = datetime.fromisoformat(resolve["due_at"]) - datetime.fromisoformat(
        resolve["base_due_at"]
    )
    assert moved == timedelta(hours=2)
    assert resolve["governed_by"] == "rule"


def test_a_due_time_names_the_years_of_which_the_calendar_knows_no_holiday(office, programs):
    """The configuration knows the holidays of this year and the next; 2028 is not decreed yet."""
    last = max(int(day[:4]) for day in office.rules.calendars["jakarta"].value.spec["holidays"])
    at = datetime(last, 12, 30, 2, 15, tzinfo=UTC)
    number = office.receive(received_at=at, at=at)
    items = programs("auditor").get(f"/complaints/{number}/deadlines/why").json["items"]
    unknown = {item["kind"]: item["years_without_holidays"] for item in items}
    assert (unknown["ack"], unknown["resolve"]) == ([], [last + 1])


def test_a_paused_complaint_has_no_next_due_time_in_a_list_but_the_end_of_its_pause(
    office, programs
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    until = office.at + timedelta(days=2)
    office.take(number, pause_clocks, by="supervisor", reason="Tunggu foto", until=until)
    (line,) = programs.csr.get("/complaints").json["items"]
    assert (line["waiting_customer"], line["next_due_at"]) == (True, None)
    assert (line["standing"]["state"], line["standing"]["seconds"]) == ("paused", 0)
    assert datetime.fromisoformat(line["standing"]["paused_until"]) == until
    office.take(number, resume_clocks)
    (line,) = programs.csr.get("/complaints").json["items"]
    assert (line["standing"]["paused_until"], line["next_due_at"] is None) == (None, False)


def test_a_paused_clock_shows_the_end_of_its_pause_instead_of_the_due_time_of_before(
    office, programs
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    until = office.at + timedelta(days=2)
    office.take(number, pause_clocks, by="supervisor", reason="Tunggu foto", until=until)
    whole = programs.csr.get(f"/complaints/{number}").json
    assert (whole["next_due_at"], whole["next_due_kind"]) == (None, None)
    why = programs.csr.get(f"/complaints/{number}/deadlines/why").json["items"]
    for clocks in (
        whole["deadlines"],
        programs.csr.get(f"/complaints/{number}/deadlines").json["items"],
        programs.csr.record(number, "note", text="Menunggu").json["deadlines"],
    ):
        paused = [each for each in clocks if each["state"] == "paused"]
        assert "resolve" in {each["kind"] for each in paused}
        assert {each["due_at"] for each in paused} == {None}
        assert {datetime.fromisoformat(each["paused_until"]) for each in paused} == {until}
        others = [each for each in clocks if each["state"] != "paused"]
        assert {each["paused_until"] for each in others} == {None}
        assert None not in {each["due_at"] for each in others}
    assert {each["due_at"] for each in why if each["state"] == "paused"} == {None}
    office.take(number, resume_clocks)
    whole = programs.csr.get(f"/complaints/{number}").json
    assert whole["next_due_at"] in {each["due_at"] for each in whole["deadlines"]}


def test_the_scope_holds_here_as_everywhere(office, programs):
    number = office.receive()
    assert programs("csr2").get(f"/complaints/{number}/deadlines/why").status_code == 403
    assert programs("auditor").get(f"/complaints/{number}/deadlines/why").status_code == 200
    assert programs.nobody.get(f"/complaints/{number}/deadlines/why").status_code == 401
