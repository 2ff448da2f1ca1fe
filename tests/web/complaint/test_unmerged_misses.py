"""What the pages say of a miss that does not hold, once two customers are two again."""

from __future__ import annotations

from tests.office import Office
from tests.steps.casework.test_unmerged_misses import HOUR, MONDAY, WHY, fire, merged, part, resolve
from tests.web.conftest import Wall


def test_the_pages_tell_that_it_was_set_right_and_why(office: Office, at_desk, wall: Wall):
    _, number = merged(office)
    fire(office, MONDAY)
    part(office, number, MONDAY + HOUR)
    wall.at = MONDAY + 2 * HOUR
    desk = at_desk("supervisor")
    page = desk.get(f"/complaints/{number}/deadlines").main
    assert "Ternyata tidak terlewat, dibetulkan pada" in page
    assert WHY in page
    history = desk.get(f"/complaints/{number}?view=history").main
    assert "Tenggat terlewat yang tidak lagi dihitung: 1" in history
    answer = desk.client.get(
        f"/api/v1/complaints/{number}", headers={"Authorization": "Bearer token of supervisor"}
    )
    told = [each for each in answer.json["deadlines"] if each["kind"] == "resolve"]
    assert [each["breached_at"] for each in told] == [None] * len(told)
    assert {each["state"] for each in told} == {each.state for each in resolve(office, number)}
