"""What the organisation edits holds together: it parses, ids lead somewhere, nothing has a gap."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from complaints.domain.clauses import Policy, select_clauses
from complaints.domain.config.authority import Authority
from complaints.domain.config.organisation import Organisation
from complaints.domain.deadlines import Event, Kind
from complaints.domain.escalation import Ladder
from complaints.domain.evidence import CRITERIA
from complaints.domain.permissions import Role
from complaints.domain.priority import Priority, PriorityMatrix, Raise
from complaints.domain.scripts import (
    ScriptBook,
    fill,
    placeholders,
)
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.words.courtesy import CourtesyProblem, Purpose
from complaints.domain.worktime import WorkCalendar
from complaints.steps.apologise import SCRIPTS as APOLOGIES
from complaints.steps.thank import SCRIPTS as THANKS

CONFIG = Path(__file__).resolve().parents[2] / "config"
FILES = sorted(CONFIG.rglob("*.toml"))
NAMES = [path.relative_to(CONFIG).as_posix() for path in FILES]
EVIDENCE = {"sourced", "partly", "memory", "ours"}
START_EVIDENCE = {"ours", "disputed", "unknown"}
SOURCES = {"seed", "reg", "law", "news", "field", "memory", "ours"}


def read(name: str) -> dict[str, Any]:
    with (CONFIG / name).open("rb") as file:
        return tomllib.load(file)


def folder(name: str) -> dict[str, dict[str, Any]]:
    return {
        path.stem: read(f"{name}/{path.name}") for path in sorted(CONFIG.glob(f"{name}/*.toml"))
    }


POLICIES = folder("policies")
CALENDARS = folder("calendars")
LADDERS = folder("ladders")
ORGANISATION = read("organisation.toml")
OWN = Organisation.from_dict(ORGANISATION)
TEAMS = {team["id"] for team in ORGANISATION["team"]}
TAXONOMY = Taxonomy.from_dict(read("taxonomy.toml"), teams=TEAMS, policies=POLICIES)
CLOCKS = [
    pytest.param(policy, clock, id=f"{code}:{clock['id']}")
    for code, policy in POLICIES.items()
    for clock in policy.get("clock", [])
]


def tables(value: object, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table in a parsed file with the place where it stands."""
    if isinstance(value, dict):
        yield place, value
        for key, each in value.items():
            yield from tables(each, f"{place}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from tables(each, f"{place}[{index}]")


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_parses_and_says_its_version(name):
    data = read(name)
    assert isinstance(data["version"], int)
    assert data["version"] >= 1


@pytest.mark.parametrize("name", NAMES)
def test_every_text_stands_in_both_languages(name):
    lacking = [
        f"{place}.{key}"
        for place, table in tables(read(name))
        for key, text in table.items()
        for stem in ("label", "text", "meaning", "use_when", "direction", "service_hours")
        for one, other in ((f"{stem}_id", f"{stem}_en"), (f"{stem}_en", f"{stem}_id"))
        if key == one and not (str(text).strip() and str(table.get(other, "")).strip())
    ]
    lacking += [
        f"{place}.note"
        for place, table in tables(read(name))
        if ("note" in table) != ("note_id" in table)
    ]
    assert lacking == []


@pytest.mark.parametrize("name", NAMES)
def test_no_list_holds_an_id_twice(name):
    for place, table in tables(read(name)):
        for key, listed in table.items():
            if isinstance(listed, list) and all(isinstance(each, dict) for each in listed):
                ids = [each[code] for each in listed for code in ("id", "key") if code in each]
                doubled = [code for code, count in Counter(ids).items() if count > 1]
                assert doubled == [], f"{place}.{key}"


@pytest.mark.parametrize("name", NAMES)
def test_every_source_and_every_evidence_is_one_that_can_be_explained(name):
    for place, table in tables(read(name)):
        assert table.get("source", "ours") in SOURCES, place
        assert table.get("evidence", "ours") in EVIDENCE, place


@pytest.mark.parametrize("name", NAMES)
def test_the_spelling_slips_of_the_source_are_gone(name):
    if name == "synonyms.toml":
        return  # holds, to be found, what customers write
    text = (CONFIG / name).read_text(encoding="utf-8").casefold()
    slips = ("silahkan", "emphaty", "ketidaknyaman ", "antrian", "asesories", "pak/ bu")
    assert [slip for slip in slips if slip in text] == []


@pytest.mark.parametrize("name", ["scripts.toml", "organisation.toml", "letters.toml"])
def test_no_real_organisation_speaks_through_the_demonstration(name):
    text = (CONFIG / name).read_text(encoding="utf-8").casefold()
    assert [word for word in ("telkom", "indihome", "plasa", "147") if word in text] == []


# --- Policies -------------------------------------------------------------------------------------


def test_all_policies_and_clocks_of_the_study_are_there():
    # The study's 21, and four of public service and transport that a source gives figures for.
    assert len(POLICIES) == 25
    assert sum(len(policy.get("clock", [])) for policy in POLICIES.values()) == 89


@pytest.mark.parametrize("code", POLICIES)
def test_a_policy_says_what_it_is_and_how_far_to_trust_it(code):
    policy = POLICIES[code]
    assert policy["id"] == code
    assert Policy.from_dict(policy).code == code
    assert policy["status"] in {"in_force", "superseded", "voluntary", "practice"}
    assert policy["evidence"] in EVIDENCE
    assert policy["sources"] or policy["evidence"] == "ours"
    assert set(policy) >= {"name", "label_id", "label_en", "jurisdiction", "sector", "authority"}
    for letter in policy.get("letters", {}).values():
        assert letter["must_contain"]


@pytest.mark.parametrize(("policy", "clock"), CLOCKS)
def test_a_clock_says_its_evidence_and_is_named_in_both_languages(policy, clock):
    assert clock["evidence"] in EVIDENCE
    assert clock["label_id"]
    assert clock["label_en"]
    assert "extension" not in clock or clock["extension"]["evidence"] in EVIDENCE
    assert clock.get("start_evidence", "ours") in START_EVIDENCE
    # From a moment that nobody is sure of, nothing of law is counted by itself.
    assert "start_evidence" not in clock or not clock["automatic"]


@pytest.mark.parametrize(("policy", "clock"), CLOCKS)
def test_a_clock_is_enforced_only_when_our_records_hold_its_start(policy, clock):
    if clock["automatic"]:
        assert clock["start"] in set(Event)
        assert clock["duration"] > 0
        assert clock["party"] == "us"
    if clock["kind"] == Kind.CUSTOMER or clock["party"] != "us":
        assert not clock["automatic"]


@pytest.mark.parametrize(("policy", "clock"), CLOCKS)
def test_a_clock_that_nothing_but_memory_supports_is_shown_and_never_counted(policy, clock):
    if clock["evidence"] == "memory":
        assert not clock["automatic"]
        assert "Not verified" in clock["note"]
        assert "Belum diverifikasi" in clock["note_id"]


@pytest.mark.parametrize(("policy", "clock"), CLOCKS)
def test_a_clock_of_a_rule_that_we_do_not_count_says_why(policy, clock):
    ours = clock["party"] == "us" and clock["kind"] != Kind.CUSTOMER
    if ours and not clock["automatic"] and clock["start"] not in set(Event):
        assert clock.get("note"), "its starting moment is not in our record: the note says so"


def test_the_letter_for_written_complaints_of_2018_counts_from_receipt_and_ends_with_2023():
    old = Policy.from_dict(POLICIES["id-ojk-pojk18-2018"]).clause("written")
    assert (old.start, old.duration, old.extension) == ("received", 20, None)
    new = Policy.from_dict(POLICIES["id-ojk-pojk22-2023"]).clause("written")
    assert (old.valid_to, new.valid_from) == (date(2023, 12, 21), date(2023, 12, 22))


def test_an_oral_complaint_of_2013_had_two_days_and_not_the_written_twenty():
    policy = Policy.from_dict(POLICIES["id-ojk-pojk1-2013"])
    for oral, days in ((True, 2), (False, 20)):
        ((_, clause),) = select_clauses([policy], {"oral": oral}, [Event.RECEIVED])
        assert (clause.duration, clause.unit) == (days, "working_day")


def test_sixty_days_of_the_public_service_are_no_working_days():
    """Sixty working days are about 84 days, later than the presidential regulation allows."""
    for code in ("id-public-sp4n", "id-public-perpres76-2013"):
        policy = Policy.from_dict(POLICIES[code])
        ((_, clause),) = select_clauses([policy], {}, [Event.DOCUMENTS_COMPLETE])
        assert (clause.duration, clause.unit) == (60, "calendar_day")


def test_nobody_extends_a_payment_complaint_without_the_reason_the_law_asks_for():
    extension = Policy.from_dict(POLICIES["eu-psd2-101"]).clause("reply").extension
    assert extension is not None
    assert len(extension.conditions) == len(extension.conditions_id) == 1


@pytest.mark.parametrize(("policy", "clock"), CLOCKS)
def test_a_clock_selects_by_codes_that_exist(policy, clock):
    known = {
        "category": {*TAXONOMY.categories, *TAXONOMY.not_complaints},
        "category_group": set(TAXONOMY.groups),
        "priority": set(Priority),
        "tier": set(TAXONOMY.tiers),
        "channel": set(TAXONOMY.channels),
        "oral": {True, False},
        "branch": {branch["id"] for branch in ORGANISATION["branch"]},
        "product": {product["id"] for product in ORGANISATION["product"]},
    }
    for name, codes in known.items():
        if name in clock:
            assert set(as_list(clock[name])) <= codes


@pytest.mark.parametrize("code", POLICIES)
def test_no_general_clock_stands_before_a_special_one(code):
    clauses = [clause for clause in Policy.from_dict(POLICIES[code]).clauses if clause.is_enforced]
    shadowed = [
        later.id
        for index, later in enumerate(clauses)
        for earlier in clauses[:index]
        if (earlier.kind, earlier.start) == (later.kind, later.start)
        and earlier.selectors.items() <= later.selectors.items()
        and earlier.holds_while(later)
        and (earlier.duration, earlier.unit) != (later.duration, later.unit)
    ]
    assert shadowed == []


def test_only_the_default_policy_is_switched_on():
    assert ORGANISATION["policies"] == ["id-default-front-desk"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"oral": True, "priority": "P2"},
            {"ack_oral": (30, "working_minute"), "resolve_p2": (3, "working_day")},
        ),
        (
            {"oral": False, "priority": "P1"},
            {"ack_remote": (1, "working_day"), "resolve_p1": (1, "working_day")},
        ),
        ({"oral": True, "priority": "P3"}, {"resolve_p3": (5, "working_day")}),
        ({"oral": True, "priority": "P4"}, {"resolve_p4": (10, "working_day")}),
    ],
)
def test_the_default_promises_at_receipt(facts, expected):
    policy = Policy.from_dict(POLICIES["id-default-front-desk"])
    chosen = {
        clause.id: (clause.duration, clause.unit)
        for _, clause in select_clauses([policy], facts, [Event.RECEIVED])
    }
    assert expected.items() <= chosen.items()
    assert chosen["plan"] == (1, "working_day")
    assert len(chosen) == 3


def test_the_default_promises_after_receipt():
    policy = Policy.from_dict(POLICIES["id-default-front-desk"])
    chosen = {
        clause.id: (clause.duration, clause.unit, clause.repeat)
        for _, clause in select_clauses([policy], {}, [Event.ROUTED, Event.LAST_CONTACT])
    }
    assert chosen == {
        "internal_accept": (4, "working_hour", False),
        "progress": (3, "working_day", True),
    }


def test_a_written_complaint_under_the_financial_rule_has_ten_working_days_and_may_gain_ten():
    policy = Policy.from_dict(POLICIES["id-ojk-pojk22-2023"])
    assert select_clauses([policy], {"oral": False}, [Event.RECEIVED]) == []
    ((_, clause),) = select_clauses([policy], {"oral": False}, [Event.DOCUMENTS_COMPLETE])
    assert (clause.id, clause.kind, clause.duration) == ("written", Kind.LEGAL, 10)
    assert clause.extension is not None
    assert (clause.extension.duration, clause.extension.max_count) == (10, 1)
    assert len(clause.extension.conditions) == 3


# --- Ladders and calendars ----------------------------------------------------------------------


@pytest.mark.parametrize("code", LADDERS)
def test_a_ladder_is_readable_and_every_kind_of_clock_climbs_it(code):
    ladder = Ladder.from_dict(LADDERS[code])
    assert ladder.code == code
    for kind in set(Kind) - {Kind.CUSTOMER}:
        levels = [rung.level for rung in ladder.rungs_for(kind) if rung.level]
        assert levels == sorted(levels)
        assert levels


def test_the_default_ladder_tells_the_handler_first_and_head_office_last():
    rungs = Ladder.from_dict(LADDERS["default"]).rungs
    heard = [
        (rung.target, rung.level, rung.before_percent, rung.after, rung.unit)
        for rung in rungs
        if rung.covers(Kind.RESOLVE)
    ]
    assert heard == [
        ("handler", 0, 50, None, "working_minute"),
        ("handler", 0, 80, None, "working_minute"),
        ("handler", 0, None, 0, "working_minute"),
        ("supervisor", 1, None, 15, "working_minute"),
        ("manager", 2, None, 4, "working_hour"),
        ("head_office", 3, None, 1, "working_day"),
    ]


@pytest.mark.parametrize(
    ("code", "zone", "label"),
    [
        ("jakarta", "Asia/Jakarta", "WIB"),
        ("makassar", "Asia/Makassar", "WITA"),
        ("jayapura", "Asia/Jayapura", "WIT"),
    ],
)
def test_a_calendar_works_in_its_zone_and_counts_the_studys_days(code, zone, label):
    spec = CALENDARS[code]
    assert (spec["id"], spec["tz"], spec["zone_label"]) == (code, zone, label)
    calendar = WorkCalendar.from_dict(spec)
    start = date(2026, 11, 19)
    days = {3: "2026-11-24", 5: "2026-11-26", 10: "2026-12-03", 15: "2026-12-10"}
    for count, expected in days.items():
        assert calendar.add_days(start, count).isoformat() == expected


def test_the_branches_share_the_holidays_of_the_decree():
    jakarta, makassar, jayapura = (
        CALENDARS[code]["holidays"] for code in ("jakarta", "makassar", "jayapura")
    )
    assert jakarta == makassar == jayapura
    years = CALENDARS["jakarta"]["holidays_source"]["years"]
    per_year = Counter(int(day[:4]) for day in jakarta)
    assert set(per_year) == set(years)
    # The joint decree for 2026: 17 national days and 8 days of collective leave.
    of_2026 = {day: name for day, name in jakarta.items() if day.startswith("2026")}
    shared_leave = [day for day, name in of_2026.items() if name.startswith("Cuti Bersama")]
    assert (len(of_2026) - len(shared_leave), len(shared_leave)) == (17, 8)
    assert "2026-03-20" in shared_leave
    assert of_2026["2026-08-17"] == "Hari Kemerdekaan Republik Indonesia"


# --- Taxonomy, priority, authority, record ------------------------------------------------------


def test_the_taxonomy_is_the_one_of_the_study():
    counts = {
        name: len(getattr(TAXONOMY, name))
        for name in ("groups", "categories", "not_complaints", "channels", "tiers", "needs")
    }
    assert counts == {
        "groups": 11,
        "categories": 58,
        "not_complaints": 5,
        "channels": 14,
        "tiers": 7,
        "needs": 6,
    }
    assert len([cause for cause in TAXONOMY.causes.values() if cause.group == cause.id]) == 10
    assert (len(TAXONOMY.remedies), len(TAXONOMY.outcomes)) == (17, 10)
    assert [each.id for each in TAXONOMY.causes.values() if each.needs_supervisor] == [
        "PELANGGAN",
        "PELANGGAN_PEMAKAIAN",
        "PELANGGAN_PERANGKAT",
        "PELANGGAN_PAHAM",
    ]


@pytest.mark.parametrize("group", TAXONOMY.groups.values(), ids=lambda group: group.id)
def test_every_group_proposes_steps_that_end_with_the_handler_at_the_deadline(group):
    shares = [step.due_share for step in group.steps]
    assert shares == sorted(shares)
    assert (group.steps[-1].owner, shares[-1]) == ("handler", 1.0)
    assert {"MAAF", "PENJELASAN"} <= set(group.remedies)


def test_the_matrix_never_ranks_a_graver_complaint_or_a_weightier_customer_lower():
    data = read("priority.toml")
    rows = PriorityMatrix.from_dict(data).rows
    assert set(rows[4]) == {Priority.P1}
    for severity in (1, 2, 3, 4):
        assert list(rows[severity]) == sorted(rows[severity], reverse=True)
        if severity > 1:
            pairs = zip(rows[severity], rows[severity - 1], strict=True)
            assert all(graver <= milder for graver, milder in pairs)
    assert {each["id"] for each in data["raise"]} == set(Raise)
    assert [each["id"] for each in data["label"]] == list(Priority)
    assert [each["level"] for each in data["severity"]] == [1, 2, 3, 4]


def test_what_raises_a_priority_names_categories_and_needs_that_exist():
    raises = {each["id"]: each for each in read("priority.toml")["raise"]}
    assert set(raises["repeat_fault"]["categories"]) <= set(TAXONOMY.categories)
    vulnerable = {need.id for need in TAXONOMY.needs.values() if need.vulnerable}
    assert set(raises["vulnerable_customer"]["needs"]) == vulnerable


def test_authority_grows_with_the_role():
    file = read("authority.toml")
    limits = file["limits"]
    assert limits == {"csr": 100000, "officer": 500000, "supervisor": 2500000, "manager": 25000000}
    assert set(limits) <= set(Role)
    sums = (file["limits_per_complaint"], file["limits_per_customer"])
    assert all(set(each) == set(limits) for each in sums)
    # Nobody may give more by and by than a superior at once; what one complaint may get, one
    # customer may get.
    assert all(limits[role] <= sums[0][role] <= sums[1][role] for role in limits)


def test_every_threshold_stands_in_the_file():
    file = read("authority.toml")
    known = Authority.from_dict(file)
    for section in ("sums", "exits", "pause", "withdrawal", "attempts", "reminders"):
        typed = getattr(known, section)
        assert file[section] == {each.name: getattr(typed, each.name) for each in fields(typed)}


def test_the_written_record_asks_only_for_fields_and_codes_that_exist():
    record = read("record.toml")
    fields = {each["id"] for each in record["field"]}
    known = {
        "channel": set(TAXONOMY.channels),
        "category_group": set(TAXONOMY.groups),
        "category": set(TAXONOMY.categories),
        "need": set(TAXONOMY.needs),
    }
    for rule in (record, *record["rule"]):
        assert {*rule.get("mandatory", []), *rule.get("expected", [])} <= fields
        for name, codes in known.items():
            assert set(rule.get(name, [])) <= codes
    assert {"story", "customer_name", "contact"} <= set(record["mandatory"])


def test_the_organisation_names_what_exists():
    assert {branch["calendar"] for branch in ORGANISATION["branch"]} <= set(CALENDARS)
    assert ORGANISATION["ladder"] in LADDERS
    assert set(ORGANISATION["policies"]) <= set(POLICIES)
    assert {"TEKNIK", "TAGIHAN", "PASANG", "RETENSI"} == TEAMS
    assert [branch["id"] for branch in ORGANISATION["branch"]] == ["JKT", "MKS", "JYP"]


# --- Words --------------------------------------------------------------------------------------

SCRIPTS = read("scripts.toml")
BOOK = ScriptBook.from_dict(SCRIPTS)


def full_values(lang: str) -> dict[str, Any]:
    """A value for every placeholder, as a complaint at the Jakarta desk would give them."""
    return {
        **SCRIPTS["defaults"],
        **OWN.values,
        "time_of_day": OWN.time_of_day(time(9, 15), lang),
        "salutation": "Ibu",
        "salutation_short": OWN.salutations.short("Ibu"),
        "customer_name": "Contoh",
        "csr_name": "Petugas",
        "summary": "Internet mati sejak kemarin.",
        "steps": "memeriksa jaringan",
        "deadline": "Kamis, 19 November 2026, pukul 14.30 WIB",
        "number": "KLH-2026-000123",
        "cause": "kabel putus",
        "offer": "koreksi tagihan",
        "answer_by": "Kamis, 26 November 2026, pukul 16.00 WIB",
        "information": "tenggat, hak, dan kewajiban",
    }


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("key", BOOK.scripts)
def test_a_script_fills_without_a_gap_and_is_courteous(key, lang):
    said = BOOK.say(key, full_values(lang), lang)
    assert placeholders(said) == ()
    script = BOOK.scripts[key]
    # A few of the seed's sentences stand in mid-conversation and name nobody; ours always do.
    names_nobody = script.source == "seed" and "{salutation" not in script.text(lang)
    lacking = [CourtesyProblem.NO_ADDRESS] if names_nobody else []
    found = BOOK.courtesy.problems(said, names=["Ibu", "Bu"])
    assert [each.problem for each in found] in ([], lacking)


def test_the_words_that_stand_by_default_are_what_courtesy_asks_for():
    values = full_values("id")
    for keys, purpose in (
        (APOLOGIES["intake"], Purpose.APOLOGY),
        (APOLOGIES["resolution"], Purpose.APOLOGY),
        *(((key,), Purpose.THANKS) for key in THANKS.values()),
    ):
        for lang in ("id", "en"):
            said = " ".join(BOOK.say(key, {**values, **full_values(lang)}, lang) for key in keys)
            assert BOOK.courtesy.problems(said, purpose, ["Ibu", "Bu"]) == [], keys


def test_the_seven_standards_are_whole():
    assert [each["number"] for each in SCRIPTS["standard"]] == [1, 2, 3, 4, 5, 6, 7]
    assert len(SCRIPTS["standard"][1]["tips"]) == 9
    assert len([each for each in BOOK.scripts.values() if each.source == "seed"]) == 15
    standards = {each["id"] for each in SCRIPTS["standard"]}
    assert {each.standard for each in BOOK.scripts.values()} - {""} <= standards


def test_every_step_that_is_spoken_to_the_customer_has_words():
    spoken = set(CRITERIA) - {"020-1.1"} - {key for key in CRITERIA if key.startswith("020-2")}
    assert spoken <= {script.criterion for script in BOOK.scripts.values()}
    written = {each.criterion for each in BOOK.scripts.values() if each.criterion[:3] == "020"}
    assert written <= set(CRITERIA)


def test_every_placeholder_of_a_script_is_explained():
    used = {
        name
        for script in BOOK.scripts.values()
        for name in placeholders(script.text_id + script.text_en)
    }
    assert used == set(SCRIPTS["placeholders"])


def test_the_leaflet_covers_what_the_criterion_asks():
    items = read("standard_information.toml")["item"]
    assert [item["id"] for item in items if item["mandatory"]] == [
        "deadlines",
        "rights",
        "duties",
        "contact_points",
        "feedback",
        "next_steps",
    ]
    assert len([item for item in items if not item["mandatory"]]) == 6


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", ["letters.toml", "standard_information.toml"])
def test_letters_and_leaflet_fill_from_the_organisation_alone(name, lang):
    values = OWN.values
    # Drafts hold facts of the complaint; tests/domain/config/test_letter_drafts.py looks at them.
    told = {part: each for part, each in read(name).items() if part != "draft"}
    for place, table in tables(told):
        for key, text in table.items():
            if isinstance(text, str) and (key.endswith(f"_{lang}") or key == "name"):
                assert placeholders(fill(text, values, lang)) == (), f"{place}.{key}"


def own_codes() -> set[str]:
    """The codes that another organisation would choose otherwise."""
    coded = (TAXONOMY.outcomes, TAXONOMY.tiers, TAXONOMY.needs, TAXONOMY.categories)
    further = (TAXONOMY.groups, TAXONOMY.causes, TAXONOMY.remedies, TAXONOMY.not_complaints)
    codes = {code for table in (*coded, *further) for code in table}
    for name in ("branch", "team", "product"):
        codes |= {each["id"] for each in ORGANISATION[name]}
    codes.add(OWN.numbers.prefix)
    return codes


def texts_in(path: Path) -> Iterator[str]:
    """The texts in quotes of a module or template, without what the API's reference shows.

    Its examples are those of the demonstration: `example=` of an act, and `examples/`.
    """
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from re.findall(r"""["'](\w+)["']""", source)
        return
    tree = ast.parse(source)
    shown = {
        id(node)
        for keyword in ast.walk(tree)
        if isinstance(keyword, ast.keyword) and keyword.arg == "example"
        for node in ast.walk(keyword.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in shown:
            yield node.value


def test_the_organisations_codes_stand_in_its_files_and_in_its_demonstration_only():
    root, codes = CONFIG.parent, own_codes()
    paths = [*(root / "complaints").rglob("*.py"), *(root / "templates").rglob("*")]
    found = {
        (path.relative_to(root).as_posix(), text)
        for path in paths
        if path.is_file() and not {"seed", "examples"} & set(path.parts)
        for text in texts_in(path)
        if text in codes
    }
    assert found == set()


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_limits_of_law_in_working_days_count_from_the_day_after_receipt(policy):
    """A clause whose source counts otherwise has to be named here, its source in the policy."""
    counted = {
        clause.id: clause.counting
        for clause in Policy.from_dict(policy).clauses
        if clause.kind is Kind.LEGAL and clause.unit == "working_day"
    }
    assert set(counted.values()) <= {"day_after_receipt"}, counted
