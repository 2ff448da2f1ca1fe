"""Files and rules that hold what no database, form or file can keep are refused with the place."""

from __future__ import annotations

import io
import json

import pytest

from complaints.domain.config.plain import require_plain
from complaints.domain.errors import Invalid
from tests.office import Office

AT = "/admin/organisation/files"


@pytest.mark.parametrize(
    "line",
    [
        b"x = " + b"9" * 5_000,
        b"x = " + b"[" * 4_000 + b"]" * 4_000,
        b"x = 2026-01-01",
        b"x = 07:32:00",
        b"x = nan",
        b"x = inf",
        b"x = 99999999999999999999",
        b'x = "\\u0000"',
        b'"\\u0000" = 1',
        b"x = [[{y = 2026-01-01}]]",
    ],
)
def test_a_file_with_what_nothing_keeps_is_refused(at_desk, office: Office, line: bytes):
    admin = at_desk("admin", "en")
    token = admin.get(f"{AT}/").tree.select_one("input[name=csrf_token]")["value"]
    whole = admin.client.get(f"{AT}/taxonomy.toml").data
    sent = {"csrf_token": token, "file": (io.BytesIO(line + b"\n" + whole), "taxonomy.toml")}
    answer = admin.client.post(f"{AT}/taxonomy", data=sent)
    assert answer.status_code == 422


@pytest.mark.parametrize("value", ["a\x00", "a\ud800", float("nan"), float("inf"), 2**63])
def test_a_rule_with_it_is_not_saved_either(at_desk, office: Office, value: object):
    admin = at_desk("admin", "en")
    token = admin.get(f"{AT}/").tree.select_one("input[name=csrf_token]")["value"]
    for path in ("/admin/organisation/save", "/admin/whatif/save"):
        body = {"version": 4, "channel": [{"id": value}]}
        form = {"csrf_token": token, "file": "taxonomy", "kind": "policy", "code": "x"}
        form |= {"part": "channel", "base_id": "1", "body": json.dumps(body)}
        assert admin.client.post(path, data=form).status_code in (404, 422)


def test_the_place_is_named():
    with pytest.raises(Invalid) as refused:
        require_plain({"channel": [{"id": "a"}, {"id": float("nan")}]})
    assert refused.value.params["place"] == "channel[2].id"
