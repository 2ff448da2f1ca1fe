"""The units of the scheme, read once from the file that comes with the programme."""

import tomllib
from functools import cache

from complaints.domain.config.competence import Scheme
from complaints.places import CONFIG


@cache
def unit_scheme() -> Scheme:
    """The units of `config/competence.toml`; they are national, so no organisation edits them."""
    return Scheme.from_dict(tomllib.loads((CONFIG / "competence.toml").read_text("utf-8")))
