"""Pictures of the reports: what is drawn is what was counted, and nothing typed becomes markup."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from complaints.documents.pictures.causes import Bar, in_order, pareto
from complaints.documents.pictures.flow import Part, Stage, flow
from complaints.documents.pictures.shares import Share, side_by_side, trend
from complaints.documents.pictures.svg import Picture
from complaints.domain.reporting.intervals import share_interval

SVG = "{http://www.w3.org/2000/svg}"


def read(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))


def texts(picture: Picture) -> list[str]:
    return [each.text or "" for each in read(picture).iter(f"{SVG}text")]


def marks(picture: Picture, look: str) -> list[ElementTree.Element]:
    return [each for each in read(picture).iter() if each.get("class") == look]


def share(words: str, some: int, whole: int, first: float | None = None) -> Share:
    return Share(words, some, whole, f"{words}: {some}/{whole}", f"/complaints?x={words}", first)


@pytest.mark.parametrize(
    ("some", "whole", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_of_the_literature(some, whole, low, high):
    found = share_interval(some, whole)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


@pytest.mark.parametrize(("some", "whole"), [(1, 0), (3, 2), (-1, 5)])
def test_what_is_no_share_has_no_interval(some, whole):
    with pytest.raises(ValueError, match="is no share"):
        share_interval(some, whole)


def stage(words: str, reached: int, here: int = 0, ended: int = 0, **more: str) -> Stage:
    parts = (
        Part(count, f"{words} {count}", f"/complaints?c={count}")
        for count in (reached, here, ended)
    )
    return Stage(words, str(reached), *parts, **more)


def test_a_flow_is_as_long_as_many_came_and_its_parts_tell_looks_apart():
    picture = flow(
        [
            stage("Diterima", 100, 10, 5, below="Masih di sini 10"),
            stage("Terdaftar", 85, 0, 0, before="median 2 jam kerja"),
            stage("<b>", 85),
        ],
        "Perjalanan",
    )
    went_on, here, ended = (
        [float(each.get("width", "")) for each in marks(picture, look)]
        for look in ("p-bar", "p-few", "p-thin")
    )
    whole = float(marks(picture, "p-track")[0].get("width", ""))
    assert went_on == pytest.approx([whole * 0.85] * 3)
    assert here == pytest.approx([whole * 0.10])
    assert ended == pytest.approx([whole * 0.05])
    said = texts(picture)
    for words in ("Diterima", "100", "median 2 jam kerja", "Masih di sini 10", "<b>"):
        assert words in said
    links = [each.get("href") for each in read(picture).iter(f"{SVG}a")]
    assert links == [f"/complaints?c={count}" for count in (100, 10, 5, 85, 85)]


def test_a_better_month_stands_higher_and_one_without_decisions_leaves_a_gap():
    months = [share("Jul", 90, 100), share("Agu", 95, 100), share("Sep", 0, 0), share("Okt", 5, 5)]
    picture = trend(months, "Tepat waktu", 0.95, "Target 95%")
    dots = marks(picture, "p-dot")
    heights = [float(each.get("cy", "")) for each in dots]
    assert len(dots) == 2
    assert heights[0] > heights[1]
    assert len(marks(picture, "p-few")) == 1
    assert len(marks(picture, "p-line")) == 2
    (target,) = marks(picture, "p-target")
    assert float(target.get("y1", "")) == pytest.approx(heights[1])
    assert "Target 95%" in texts(picture)


def test_the_axis_says_where_it_begins():
    high = texts(trend([share("Jul", 90, 100)], "x", None))
    low = texts(trend([share("Jul", 20, 100)], "x", None))
    assert ("80%" in high, "0%" in high) == (True, False)
    assert "0%" in low


def test_the_first_dates_are_drawn_beside_the_last():
    months = [share("Jul", 90, 100, 0.8), share("Agu", 90, 100, 0.7)]
    assert len(marks(trend(months, "x", None), "p-thin")) == 1


def test_lines_of_few_are_never_ranked():
    lines = [share("Jakarta", 90, 100), share("Makassar", 95, 100), share("Jayapura", 1, 1)]
    picture = side_by_side(lines, "x", None, "Hanya dalam tabel: %(count)s")
    assert texts(picture)[-3:] == ["Makassar", "Jakarta", "Hanya dalam tabel: 1"]
    assert "Jayapura" not in texts(picture)
    assert len(marks(picture, "p-whisker")) == 2


def test_the_most_missed_stands_first_and_the_rest_is_one_line_that_adds_up():
    bars = [Bar(f"Sebab {number}", number, "x") for number in range(1, 12)]
    picture = pareto(bars, "x", "Lainnya", "kumulatif %(share)s")
    said = texts(picture)
    assert said[:3] == ["Sebab 11", "11", "kumulatif 17%"]
    assert said[-3:] == ["Lainnya", "6", "kumulatif 100%"]
    assert len(marks(picture, "p-bar")) == 9


def test_bars_of_equal_count_stay_in_the_order_of_the_table_beside_them():
    bars = [Bar(words, 2, "x") for words in ("Zat", "Air", "Mesin")]
    said = texts(pareto(bars, "x", "Lainnya", "kumulatif %(share)s"))
    assert said[::3] == ["Zat", "Air", "Mesin"]


def test_bars_in_order_keep_their_places_and_those_of_nought():
    bars = [Bar("0–2", 3, "t", "/a"), Bar("3–7", 0, "t"), Bar("8–14", 12, "t", "/b")]
    picture = in_order(bars, "x")
    assert texts(picture) == ["0–2", "3", "3–7", "0", "8–14", "12"]
    widths = [float(each.get("width") or 0) for each in marks(picture, "p-bar")]
    assert (widths[0] / widths[2], widths[1]) == (pytest.approx(0.25, abs=0.001), 0)
    links = [each.get("href") for each in read(picture).iter(f"{SVG}a")]
    assert links == ["/a", None, "/b"]
    assert len(marks(in_order([Bar("a", 0, "t")], "x"), "p-bar")) == 1


def test_nothing_missed_draws_nothing():
    assert texts(pareto([Bar("a", 0, "x")], "x", "", "%(share)s")) == []


def test_names_that_look_like_markup_stay_names_and_links_lead_where_they_should():
    name = "A.B [x] <script>\"&'</script>"
    picture = side_by_side([share(name, 90, 100), share("b", 90, 100)], name, None, "%(count)s")
    assert name in texts(picture)
    assert "<script>" not in str(picture)
    links = [each.get("href") for each in read(picture).iter(f"{SVG}a")]
    assert links == [f"/complaints?x={name}", "/complaints?x=b"]


def test_no_look_stands_inline():
    months = [share("Jul", 90, 100, 0.8), share("Agu", 5, 5)]
    for picture in (
        trend(months, "x", 0.9, "t"),
        side_by_side(months * 2, "x", 0.9, "%(count)s"),
        pareto([Bar("a", 2, "x", "/y")], "x", "o", "%(share)s"),
    ):
        assert not [each for each in read(picture).iter() if "style" in each.attrib]


def test_on_paper_it_brings_its_own_colours():
    assert "<style>" in trend([share("Jul", 90, 100)], "x", None).on_paper()
