"""Fifty lines of a list as JSON: how they are built and written, in turns, in one run.

`python tests/bench/bench_answers.py [rounds]`. Prints microseconds of CPU for a page and the ratio
to plain dictionaries through Flask's own `jsonify`, which is how answers were made before they had
types. docs/adr, "answers as typed dictionaries", rests on these figures.
"""

import sys
import time
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints

from flask import Flask, jsonify
from pydantic import BaseModel, TypeAdapter, create_model
from pydantic_core import to_json
from typing_extensions import is_typeddict

from complaints.channels.api.examples import ANSWERS
from complaints.channels.api.schemas import ComplaintPage, DueStatus, ListLine

LINES = 50
CALLS = 40


def main(rounds: int) -> None:
    """Measure each way in turns and print it beside the first."""
    line = ANSWERS["ComplaintPage"]["items"][0]
    models: dict[Any, type[BaseModel]] = {}
    page_model = _model_of(ComplaintPage, models)
    line_model, status_model = models[ListLine], models[DueStatus]
    adapter = TypeAdapter(ComplaintPage)

    def build() -> dict[str, Any]:
        items = [{**line, "standing": {**line["standing"]}} for _ in range(LINES)]
        return {"items": items, "next": None}

    def construct() -> bytes:
        items = [
            line_model(**{**line, "standing": status_model(**line["standing"])})
            for _ in range(LINES)
        ]
        return page_model(items=items, next=None).model_dump_json().encode()

    ways: dict[str, Callable[[], bytes]] = {
        "dictionaries, jsonify": lambda: jsonify(build()).get_data(),
        "models made one by one": construct,
        "models read from dictionaries": lambda: (
            page_model.model_validate(build()).model_dump_json().encode()
        ),
        "typed dictionaries, checked": lambda: adapter.dump_json(adapter.validate_python(build())),
        "typed dictionaries (ours)": lambda: to_json(build()),
    }
    spent = dict.fromkeys(ways, 0.0)
    with Flask("bench").test_request_context():
        for turn in range(rounds + 1):
            for name, way in ways.items():
                began = time.process_time()
                for _ in range(CALLS):
                    way()
                if turn:  # the first one warms up
                    spent[name] += time.process_time() - began
    first = next(iter(spent.values()))
    for name, seconds in spent.items():
        print(f"{name:<32} {seconds / rounds / CALLS * 1e6:7.0f} us   {seconds / first:5.2f} x")


def _model_of(kind: Any, made: dict[Any, type[BaseModel]]) -> type[BaseModel]:
    """The pydantic model with the fields of a typed dictionary; `made` keeps the inner ones too."""
    fields: dict[str, Any] = {
        name: (_swapped(hint, made), ...)
        for name, hint in get_type_hints(kind, include_extras=True).items()
    }
    made[kind] = create_model(kind.__name__, **fields)
    return made[kind]


def _swapped(hint: Any, made: dict[Any, type[BaseModel]]) -> Any:
    if is_typeddict(hint):
        return made.get(hint) or _model_of(hint, made)
    if get_origin(hint) is list:
        return list[_swapped(get_args(hint)[0], made)]  # type: ignore[misc]
    inner = [each for each in get_args(hint) if is_typeddict(each)]
    if not inner:
        inner = [each for part in get_args(hint) for each in get_args(part) if is_typeddict(each)]
    return (_swapped(inner[0], made) | None) if inner else hint


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
