"""The public page says what the rules in force say, and follows them."""

from __future__ import annotations

import pytest

from complaints.domain.policies.whatif import RuleKind
from tests.office import Office
from tests.web.conftest import Wall
from tests.web.page import Visitor

PATH = "/portal/service"


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_is_made_of_the_rules_in_force(office: Office, visitor: Visitor, language: str):
    page = visitor.get(f"{PATH}?lang={language}")
    rules = office.rules
    organisation = rules.organisation
    said = [organisation.contact_center[language], organisation.email, organisation.social_handle]
    said += [branch.address for branch in rules.branches.values()]
    said += [item.label(language) for item in rules.leaflet.mandatory]
    said += [getattr(each, f"label_{language}") for each in rules.scripts.standards]
    assert len(rules.scripts.standards) == 7
    office.session.commit()
    for words in said:
        assert words in page.main


def test_the_time_limits_are_those_that_run(office: Office, visitor: Visitor):
    page = visitor.get(f"{PATH}?lang=id")
    assert "1 hari kerja , dihitung sejak keluhan diterima" in page.main
    english = visitor.get("/portal/service?lang=en").main
    assert "1 working day , counting begins when the complaint is received" in english
    policy = next(each for each in office.rules.policies)
    clocks = [
        {"id": "ack", "kind": "ack", "label_id": "Tanda terima", "label_en": "Receipt"},
        {"id": "plan", "kind": "plan", "label_id": "Rencana", "label_en": "Plan"},
    ]
    for each in clocks:
        each |= {"start": "received", "duration": 7, "unit": "hour", "party": "us"}
    office.edit(RuleKind.POLICY, policy.code, clock=clocks)
    page = visitor.get(f"{PATH}?lang=id")
    assert "7 jam , dihitung sejak keluhan diterima" in page.main
    assert "1 hari kerja" not in page.main
    # How fast we draw up a plan is ours alone.
    assert "Rencana" not in page.main


def test_outside_bodies_are_those_of_the_packs_that_are_switched_on(office, visitor: Visitor):
    assert "LAPS SJK" not in visitor.get(f"{PATH}?lang=id").main
    office.switch_on("id-bi-pbi3-2023")
    assert "LAPS SJK" in visitor.get(f"{PATH}?lang=id").main


def test_it_leads_to_the_form_and_the_form_to_it(visitor: Visitor, wall: Wall):
    form = visitor.get(visitor.get(f"{PATH}?lang=en").link("Make a complaint"))
    assert form.h1 == "Make a complaint"
    assert visitor.get(form.link("How we handle complaints")).h1 == "How we handle complaints"
