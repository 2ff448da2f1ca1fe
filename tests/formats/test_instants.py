"""Instants of very many rows: what the pieces say is what the whole text says, in every zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.worktime.walltime import epoch_of
from complaints.formats.instants import moment_reader, moment_writer
from complaints.formats.time_formats import compile_formats

ZONES = (
    "Asia/Jakarta",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
)
FORMATS = (
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%d-%m-%Y %H:%M:%S",
    "%d.%m.%y, %H.%M.%S",
    "%d.%m.%Y %I.%M.%S %p",
    "%d-%b-%y %H:%M",
    "%Y-%m-%d %H:%M:%S %p",
    "%Y%m%d",
    "%d/%m/%Y",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%d %B %Y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%z",
    "%d/%m/%Y %I:%M:%S %p %z",
    "%d-%b-%YT%H:%M",
    "iso",
)
#: Ways in which people and programmes spoil a text, and one that leaves it alone.
SPOILT = (
    lambda text: text,
    lambda text: text,
    lambda text: text,
    lambda text: text.replace("0", "", 1),
    lambda text: text.replace(" ", "  ", 1),
    lambda text: text.replace(" ", ""),
    lambda text: text.replace(":", ": "),
    lambda text: text.replace("AM", "a.m.").replace("PM", "p.m."),
    lambda text: text.lower(),
    lambda text: text + "Z",
    lambda text: text + "+05:30",
    lambda text: text.strip() + " -0330",
    lambda text: text + "." + "7" * 70,
    lambda text: f" {text}",
    lambda text: text[:-1],
    lambda text: text[3:],
    lambda text: text.replace("1", "9"),
)
walls = st.datetimes(datetime(2011, 1, 1), datetime(2012, 12, 31))  # noqa: DTZ001


def written(form: str, wall: datetime) -> str:
    return wall.isoformat(" ", "seconds") if form == "iso" else wall.strftime(form)


@given(
    st.sampled_from(ZONES),
    st.lists(st.sampled_from(FORMATS), min_size=1, max_size=2, unique=True),
    st.lists(st.tuples(walls, st.sampled_from(SPOILT)), min_size=1, max_size=12),
)
def test_a_text_is_read_like_its_pieces(zone, formats, given_texts):
    plain = compile_formats(formats, ZoneInfo(zone))
    read = moment_reader(formats, ZoneInfo(zone))
    texts = [spoil(written(formats[0], wall)) for wall, spoil in given_texts]
    # Each is read twice, the second time from what was remembered.
    for text in [*texts, *texts]:
        at = plain(text)
        assert read(text) == (None if at is None else epoch_of(at)), text


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_two_years_is_read_and_written_like_the_zone_says(zone):
    form = "%Y-%m-%d %H:%M:%S"
    plain, read = compile_formats([form], ZoneInfo(zone)), moment_reader([form], ZoneInfo(zone))
    write = moment_writer(ZoneInfo(zone))
    at = datetime(2011, 1, 1, 0, 0, 7, tzinfo=UTC)
    while at.year < 2013:
        text = at.strftime(form)
        assert read(text) == epoch_of(plain(text)), text
        assert write(epoch_of(at)) == at.astimezone(ZoneInfo(zone)).isoformat()
        at += timedelta(minutes=47, seconds=13)


def test_offsets_that_are_no_whole_hours_are_written_in_full():
    assert moment_writer(ZoneInfo("Asia/Kathmandu"))(0) == "1970-01-01T05:30:00+05:30"
    old = epoch_of(datetime(1900, 1, 1, tzinfo=UTC))
    assert moment_writer(ZoneInfo("Europe/Amsterdam"))(old) == (
        datetime(1900, 1, 1, tzinfo=UTC).astimezone(ZoneInfo("Europe/Amsterdam")).isoformat()
    )


def test_the_ends_of_all_time_are_read_and_written():
    read = moment_reader(["iso"], ZoneInfo("Asia/Jakarta"))
    assert read("0001-01-01") is None
    assert read("9999-12-31 23:59:59") == epoch_of(datetime(9999, 12, 31, 16, 59, 59, tzinfo=UTC))
    last = epoch_of(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert moment_writer(ZoneInfo("UTC"))(last) == "9999-12-31T23:59:59+00:00"
    assert moment_writer(ZoneInfo("Asia/Jakarta"))(last) == "9999-12-31T23:59:59+00:00"


def test_without_a_zone_only_times_that_name_theirs_are_read():
    assert moment_reader(["iso"], None)("2026-11-19 09:15:00") is None
    assert moment_reader(["iso"], None)("1970-01-01T01:00:00+01:00") == 0


def test_a_format_that_names_no_instant_is_refused():
    with pytest.raises(ValueError, match="no year"):
        moment_reader(["%d/%m"], ZoneInfo("UTC"))
    with pytest.raises(ValueError, match="twice"):
        moment_reader(["%d/%m/%Y/%Y"], ZoneInfo("UTC"))
