"""An item of `standard_information.toml` that customers were given is not taken out or renamed."""

from __future__ import annotations

from copy import deepcopy

import pytest

from complaints.domain.errors import Invalid
from complaints.models import RuleVersion
from complaints.rules.config_files import read_config
from complaints.steps.inform_standard import inform_standard
from tests.conftest import ROOT
from tests.office import Office
from tests.rules.test_codes_in_use import Files, load

pytestmark = pytest.mark.both_databases


@pytest.fixture
def files() -> Files:
    return deepcopy(read_config(ROOT / "config"))


def renamed(files: Files, old: str, new: str) -> Files:
    changed = deepcopy(files)
    items = changed["standard_information"]["standard_information"]["item"]
    (item,) = [each for each in items if each["id"] == old]
    item["id"] = new
    return changed


def test_what_customers_were_given_keeps_its_code(office: Office, files: Files):
    load(office, files)
    # Nobody was given it yet.
    load(office, renamed(files, "rights", "your_rights"))
    load(office, files)
    for _ in range(2):
        number = office.receive()
        office.walk(number, to="020-3.6")
        office.take(number, inform_standard, all_items=True)
    versions = office.count(RuleVersion)
    said = r"standard_information\.toml .*: item rights \(2\)\. Put them back"
    with pytest.raises(Invalid, match=said):
        load(office, renamed(files, "rights", "your_rights"))
    assert office.count(RuleVersion) == versions
    # What only goes with some products was given to nobody.
    optional = next(
        each["id"]
        for each in files["standard_information"]["standard_information"]["item"]
        if not each.get("mandatory")
    )
    load(office, renamed(files, optional, "other"))
