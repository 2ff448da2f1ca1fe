"""Whatever is sent, the API answers as described: no crash, no answer that nobody announced.

schemathesis draws requests from the description itself, good and bad ones, always the same. `make
soak` draws five times as many, which takes about two minutes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from complaints.channels.api.openapi import describe
from tests.channels.api.conftest import COMPLAINT, Programs
from tests.channels.api.described import closed
from tests.channels.api.test_road import ROAD
from tests.soak import budget
from tests.which_database import KINDS

pytestmark = pytest.mark.both_databases

#: Requests of each kind to each call.
EXAMPLES = budget("API_EXAMPLES", usual=2, long=20)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
MODES = {"good": GenerationMode.POSITIVE, "bad": GenerationMode.NEGATIVE}


@pytest.fixture
def numbers(programs: Programs, number: str) -> list[str]:
    """Complaints far enough apart that every noun finds one it can be recorded on."""
    planned = programs.csr.post("/complaints", COMPLAINT).json["number"]
    for who, noun, body, status in ROAD:
        assert programs(who).record(planned, noun, **body).status_code == 200, noun
        if status == "in_handling":
            break
    return [number, str(planned)]


@pytest.fixture
def turn(request: pytest.FixtureRequest, database_kind: str) -> int | None:
    """Which half of the calls a database is sent the good requests of, where both are tried.

    It is sent the bad ones of the other half; None for all of either kind.
    """
    is_shared = request.config.getoption("--db") == "both"
    return KINDS.index(database_kind) if is_shared else None


@pytest.mark.soak
@pytest.mark.parametrize("kind", MODES)
def test_whatever_is_sent_is_answered_as_described(
    programs: Programs, numbers, kind: str, turn: int | None
):
    schema = openapi.from_dict(closed(describe()))
    statuses: Counter[int] = Counter()
    for position, found in enumerate(schema.get_all_operations()):
        operation = found.ok()
        if turn is not None and (position + (kind == "bad")) % 2 != turn:
            continue

        @seed(20261119 + position)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=MODES[kind]))
        def send(case: Any) -> None:
            if "number" in case.path_parameters and kind == "good":
                drawn = str(case.path_parameters["number"])
                case.path_parameters["number"] = numbers[len(drawn) % 2]
            who = "csr" if case.method == "POST" and "approval" not in case.path else "supervisor"
            # It would ask for gzip and not unpack what comes without a network in between.
            headers = {"Authorization": f"Bearer token of {who}", "Accept-Encoding": "identity"}
            response = case.call(app=programs.app, headers=headers)
            statuses[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        send()
    # Drawing must not have gone past the rules, nor have been turned away at the door every time.
    calls = len(describe()["paths"]) // (1 if turn is None else 2)
    assert sum(statuses.values()) >= calls
    assert statuses[200] if kind == "good" else statuses[400] and statuses[422]
