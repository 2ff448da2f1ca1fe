"""The forms of address of the demonstration, as `config/organisation.toml` says them."""

import tomllib

from complaints.domain.config.salutations import Salutations
from tests.conftest import ROOT

OURS = Salutations.from_dict(
    tomllib.loads((ROOT / "config" / "organisation.toml").read_text("utf-8"))
)
