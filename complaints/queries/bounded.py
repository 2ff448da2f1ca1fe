"""Counting that ends early: nobody needs to know whether it is a hundred or a hundred thousand."""

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from complaints.queries.paging import at_most

#: A list to choose from that is longer than this helps nobody.
MOST_CHOICES = 200


def bounded_count(query: Select[Any], most: int) -> ScalarSelect[int]:
    """How many rows a query has, up to `most`, to be asked for along with something else."""
    rows = query.limit(at_most(most)).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()
