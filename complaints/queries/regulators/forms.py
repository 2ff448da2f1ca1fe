"""The forms, read once from the file that comes with the programme."""

import tomllib
from collections.abc import Mapping
from functools import cache

from complaints.domain.config.regulator_forms import RegulatorForm, read_forms
from complaints.domain.errors import N_, Invalid
from complaints.places import CONFIG


@cache
def regulator_forms() -> Mapping[str, RegulatorForm]:
    """The forms of `config/regulator_forms.toml`; no organisation edits what authorities ask."""
    return read_forms(tomllib.loads((CONFIG / "regulator_forms.toml").read_text("utf-8")))


def form_named(code: str) -> RegulatorForm:
    """Raises Invalid for a code that no form has."""
    found = regulator_forms().get(code)
    if found is None:
        raise Invalid(N_("There is no such form. Choose one of the list."), field="form")
    return found
