"""The mark of a record is the signature of its canonical JSON, however that is put together."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, date, datetime, timedelta, timezone
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from complaints.domain.history import canonical, changed_columns, record_mark, sign

KEY = b"a key of tests"
#: The last one had another name when it was first signed.
COLUMNS = {"at": "at", "by_id": "by_id", "detail": "detail", "told": "note"}

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    TEXTS,
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=9))])).filter(
        lambda at: 1 < at.year < 9999
    ),
    st.lists(st.integers()),
    st.dictionaries(TEXTS, st.integers()),
)


@given(st.tuples(*[VALUES] * len(COLUMNS)))
@example((True, 1, {"b": 1, "a": 'x"\\\n'}, date(2026, 11, 19)))
def test_a_mark_signs_what_is_filled_in_and_tells_each_column(values: tuple[object, ...]):
    row = dict(zip(COLUMNS, values, strict=True))
    filled = {COLUMNS[name]: value for name, value in row.items() if value}
    mark = record_mark(KEY, "notes", COLUMNS, values)
    assert mark[:32] == sign(KEY, ["notes", filled])[:32]
    digits = [f"{crc32(canonical(value).encode()) & 255:02x}" for value in filled.values()]
    told = [mark[at : at + 2] for at in range(32, len(mark), 2)]
    assert [each for each, value in zip(told, values, strict=True) if value] == digits
    assert {each for each, value in zip(told, values, strict=True) if not value} <= {"00"}
    assert changed_columns(COLUMNS, values, mark) == []


@given(st.recursive(VALUES, lambda each: st.lists(each) | st.dictionaries(TEXTS, each)))
def test_canonical_json_is_what_the_library_writes(value: object):
    """The encoder is made once and not for every value; what it writes is signed."""
    written = json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=_as_stored,
    )
    assert canonical(value) == written


def _as_stored(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    return value.isoformat()


def test_marks_that_are_stored_stay_what_they_are():
    row = {
        "at": datetime(2026, 11, 19, 9, 15, 0, 5, tzinfo=timezone(timedelta(hours=7))),
        "by_id": 7,
        "detail": {"until": date(2026, 11, 20), "a": [True, None]},
        "told": "Bu Siti: \u201cmati\u201d\n",
    }
    assert (
        record_mark(KEY, "notes", COLUMNS, row.values())
        == "6472b39814b0407122188900d1981a2856827424"
    )


@pytest.mark.parametrize("key", [b"k", b"k" * 64, b"k" * 65, bytes(range(200))])
@pytest.mark.parametrize("value", ["", "Pelanggan é \U0001f600", {"a": [1, None, True]}])
def test_a_signature_is_the_hmac_of_the_standard_library(key: bytes, value: object):
    text = canonical(value).encode()
    assert sign(key, value) == hmac.new(key, text, "sha256").hexdigest()
