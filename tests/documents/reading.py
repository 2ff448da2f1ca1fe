"""What stands on pages that typst has set, for tests of their words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import typst

from complaints.documents import typesetting
from complaints.documents.typesetting import Form


def words_on(form: Form, data: Mapping[str, Any]) -> str:
    """The text of the paragraphs in their order, a line each."""
    given = typesetting._given(data)  # how it is set is what is looked at
    found = typst.query(str(typesetting._FORMS / f"{form}.typ"), "par", **given)
    lines = ["".join(_texts(each["body"])) for each in json.loads(found)]
    return "\n".join(lines).replace("\u200b", "")


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if node.get("func") == "linebreak":
            yield "\n"
        elif node.get("func") == "space":
            yield " "
        elif isinstance(node.get("text"), str):
            yield node["text"]
        else:
            for name in ("children", "child", "body"):
                yield from _texts(node.get(name))
