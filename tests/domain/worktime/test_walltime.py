"""Wall clocks of all zones there are: midnights, and how far they are from UTC."""

from datetime import date
from zoneinfo import ZoneInfo, available_timezones

import pytest

from complaints.domain.worktime.walltime import midnights_of, wall_epoch


# Recife changed twice within a week in 2000, Apia left a day out in 2011, Casablanca has a time of
# its own in the month of fasting, and before 1900 clocks went by the sun.
@pytest.mark.parametrize("year", [1899, 1942, 2000, 2011, 2026])
def test_every_midnight_is_found_although_few_are_looked_up(year: int):
    first, last = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        plainly = [wall_epoch(zone, ordinal, 0) for ordinal in range(first, last)]
        assert midnights_of(zone, first, last) == plainly, name
