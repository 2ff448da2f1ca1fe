"""`<int:…>` in an address: the id of a row, or no page at all."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from complaints.domain.words.whole_number import HIGHEST_ID


class RowId(IntegerConverter):
    """A whole number that the database can hold; another one is an address that leads nowhere."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": HIGHEST_ID, **options})


def init_app(app: Flask) -> None:
    """Read every `<int:…>` so; before the pages are registered."""
    app.url_map.converters["int"] = RowId
