"""Days and hours as people type them; what may mean two things is asked about, not guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.words.said_time import UnclearTime, read_said

#: A Thursday, at 09.15.
TODAY, SECOND = date(2026, 11, 19), 9 * 3600 + 15 * 60


def read(text: str, is_ahead: bool = True) -> str:
    said = read_said(text, today=TODAY, second=SECOND, is_ahead=is_ahead)
    hour = "" if said.second is None else f" {said.second // 3600:02}.{said.second // 60 % 60:02}"
    return f"{said.day}{hour}"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("besok 10.00", "2026-11-20 10.00"),
        ("Besok jam 10", "2026-11-20 10.00"),
        ("besok pukul 10:30", "2026-11-20 10.30"),
        ("lusa", "2026-11-21"),
        ("hari ini 16.00", "2026-11-19 16.00"),
        ("20/11", "2026-11-20"),
        ("20/11 14.30", "2026-11-20 14.30"),
        ("20-11-2026 14:30", "2026-11-20 14.30"),
        ("20/11/26", "2026-11-20"),
        ("1/2", "2027-02-01"),
        ("19/11", "2026-11-19"),
        ("20.11.2026", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20 14:30", "2026-11-20 14.30"),
        ("2026-11-20T14:30", "2026-11-20 14.30"),
        ("20 Nov", "2026-11-20"),
        ("20 November 2026, 14.30", "2026-11-20 14.30"),
        ("20 nov 2026 14.30", "2026-11-20 14.30"),
        ("Nov 20, 2026 at 2pm", "2026-11-20 14.00"),
        ("tgl 20 nov", "2026-11-20"),
        ("1 Des 2026 10.00", "2026-12-01 10.00"),
        ("29 feb", "2028-02-29"),
        ("Senin", "2026-11-23"),
        ("senin depan jam 3 sore", "2026-11-23 15.00"),
        ("Kamis 08.00", "2026-11-26 08.00"),
        ("hari Jumat jam 8 pagi", "2026-11-20 08.00"),
        ("Jumat, 20 November 2026, pukul 14.30", "2026-11-20 14.30"),
        ("tomorrow 10am", "2026-11-20 10.00"),
        ("next monday", "2026-11-23"),
        ("14.30", "2026-11-19 14.30"),
        ("jam 8 malam", "2026-11-19 20.00"),
        ("12 siang", "2026-11-19 12.00"),
        ("11 siang", "2026-11-19 11.00"),
        ("1 siang", "2026-11-19 13.00"),
        ("2 jam lagi", "2026-11-19 11.15"),
        ("in 2 hours", "2026-11-19 11.15"),
        ("30 menit lagi", "2026-11-19 09.45"),
        ("3 hari lagi", "2026-11-22"),
        ("2 minggu lagi", "2026-12-03"),
        ("sekarang", "2026-11-19 09.15"),
        ("02.00", "2026-11-19 02.00"),
    ],
)
def test_what_lies_ahead(text, means):
    assert read(text) == means


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("kemarin 21.00", "2026-11-18 21.00"),
        ("kemarin lusa", "2026-11-17"),
        ("tadi 08.30", "2026-11-19 08.30"),
        ("18/11", "2026-11-18"),
        ("20/11", "2025-11-20"),
        ("Senin", "2026-11-16"),
        ("Kamis", "2026-11-12"),
        ("senin lalu jam 9 pagi", "2026-11-16 09.00"),
        ("3 hari yang lalu", "2026-11-16"),
        ("2 hours ago", "2026-11-19 07.15"),
        ("10 jam yang lalu", "2026-11-18 23.15"),
    ],
)
def test_what_lies_behind(text, means):
    assert read(text, is_ahead=False) == means


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "kapan-kapan", "31/2", "32/1", "20/13", "25.00", "10.75", "jam", "2026-13-01",
        "Senin, 20 November 2026", "besok besok", "13 pagi", "jam 5 malam", "9999999", "3 hari",
        "20/11 dan 21/11", "00/00", "-1 jam", "besok 10.00 WIT", "0/0/0",
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused(text):
    with pytest.raises(UnclearTime):
        read(text)


@pytest.mark.parametrize("text", ["besok jam 2", "jam 5", "20/11 3"])
def test_an_hour_of_the_night_or_the_afternoon_is_asked_about(text):
    with pytest.raises(UnclearTime) as refused:
        read(text)
    assert refused.value.is_half_of_day


@given(st.text(max_size=40), st.booleans())
def test_whatever_is_typed_is_a_time_or_unclear(text, is_ahead):
    try:
        said = read_said(text, today=TODAY, second=SECOND, is_ahead=is_ahead)
    except UnclearTime:
        return
    assert said.second is None or 0 <= said.second < 86_400
