"""The taxonomy: codes lead to typed views, and a mistake in the file is one clear sentence."""

import copy

import pytest

from complaints.domain.taxonomy import Ending, Fact, Taxonomy

WORDS = {"label_id": "Kata", "label_en": "Word", "source": "ours"}
DATA = {
    "version": 3,
    "definition": {"text_id": "Ungkapan ketidakpuasan", "text_en": "Dissatisfaction"},
    "category_group": [
        {
            **WORDS,
            "id": "TAGIHAN",
            "parties": ["TAGIHAN"],
            "remedies": ["REFUND", "MAAF"],
            "steps": [
                {"text_id": "Periksa", "text_en": "Check", "owner": "TAGIHAN", "due_share": 0.5},
                {"text_id": "Kabari", "text_en": "Tell", "owner": "handler", "due_share": 1},
            ],
            "items": [
                {**WORDS, "id": "TAG_NAIK", "severity": 2, "repeats": True},
                {**WORDS, "id": "TAG_BOCOR", "severity": 4, "policy": "pdp", "parties": []},
            ],
        }
    ],
    "not_complaint": [{**WORDS, "id": "SARAN"}],
    "channel": [{**WORDS, "id": "call", "oral": True}, {**WORDS, "id": "email", "oral": False}],
    "tier": [
        {**WORDS, "id": "BIASA", "weight": 0, "default": True},
        {**WORDS, "id": "EMAS", "weight": 3},
    ],
    "need": [
        {**WORDS, "id": "lansia", "vulnerable": True},
        {**WORDS, "id": "bahasa", "vulnerable": False},
    ],
    "cause_group": [
        {**WORDS, "id": "JARINGAN", "items": [{"id": "J1", "label_id": "a", "label_en": "b"}]},
        {**WORDS, "id": "PELANGGAN", "needs_supervisor": True, "items": []},
    ],
    "remedy": [
        {**WORDS, "id": "MAAF", "kind": "non_money"},
        {**WORDS, "id": "REFUND", "kind": "money"},
        {**WORDS, "id": "BONUS", "kind": "goodwill"},
    ],
    "outcome": [
        {**WORDS, "id": "BERES", "follows": "accepted", "agreed": True},
        {**WORDS, "id": "LAIN", "follows": "accepted_alternative", "agreed": True},
        {**WORDS, "id": "TIDAK", "follows": "not_granted"},
        {**WORDS, "id": "DIAM", "follows": "unanswered"},
        {**WORDS, "id": "CABUT", "follows": "withdrawn"},
        {**WORDS, "id": "PENGADILAN", "refers": True},
    ],
}


def taxonomy(**known):
    return Taxonomy.from_dict(DATA, **known)


def test_a_category_knows_its_group_severity_and_parties():
    category = taxonomy().categories["TAG_NAIK"]
    assert (category.group, category.severity, category.parties) == ("TAGIHAN", 2, ("TAGIHAN",))
    assert category.label("id") == "Kata"
    assert category.label("en") == "Word"


def test_a_category_is_said_within_a_sentence_in_its_own_words_or_not_at_all():
    data = copy.deepcopy(DATA)
    item = data["category_group"][0]["items"][0]
    item |= {"spoken_id": "tagihan yang naik", "spoken_en": "the higher bill"}
    categories = Taxonomy.from_dict(data).categories
    assert categories["TAG_NAIK"].spoken("id") == "tagihan yang naik"
    assert categories["TAG_NAIK"].spoken("en") == "the higher bill"
    assert categories["TAG_BOCOR"].spoken("id") == ""


def test_a_category_may_name_its_own_parties_and_policy():
    category = taxonomy().categories["TAG_BOCOR"]
    assert (category.parties, category.policy) == ((), "pdp")


def test_what_follows_from_a_category():
    read = taxonomy()
    assert read.parties_of("TAG_NAIK") == ("TAGIHAN",)
    assert [remedy.id for remedy in read.remedies_of("TAG_NAIK")] == ["REFUND", "MAAF"]
    assert [(step.text("en"), step.due_share) for step in read.steps_of("TAG_NAIK")] == [
        ("Check", 0.5),
        ("Tell", 1.0),
    ]


@pytest.mark.parametrize("category", [None, "NO_SUCH"])
def test_while_the_category_is_unknown_nothing_is_presumed_and_no_remedy_barred(category):
    read = taxonomy()
    assert read.parties_of(category) == ()
    assert read.steps_of(category) == ()
    assert len(read.remedies_of(category)) == 3


def test_channels_tiers_and_needs_carry_what_the_rules_ask():
    read = taxonomy()
    assert read.channels["call"].oral
    assert not read.channels["email"].oral
    assert read.tiers["EMAS"].weight == 3
    assert read.needs["lansia"].vulnerable


def test_a_channel_says_by_which_means_we_answer_and_what_to_do_without_an_address():
    data = copy.deepcopy(DATA)
    at(data, "channel", 0)["method"] = "phone"
    at(data, "channel", 1).update(method="email", fallback="letter")
    channels = Taxonomy.from_dict(data).channels
    assert (channels["call"].method, channels["call"].fallback) == ("phone", "phone")
    assert (channels["email"].method, channels["email"].fallback) == ("email", "letter")
    untold = taxonomy().channels
    assert (untold["call"].method, untold["email"].method) == ("spoken", "message")


def test_how_severe_a_complaint_without_a_category_is_stands_in_the_file():
    assert taxonomy().unknown_severity == 2
    assert Taxonomy.from_dict({**DATA, "unknown_severity": 3}).unknown_severity == 3


def test_a_customer_of_whom_nothing_is_known_is_of_the_default_type():
    assert taxonomy().default_tier.id == "BIASA"


@pytest.mark.parametrize(
    ("needs", "is_vulnerable"),
    [((), False), (("bahasa",), False), (("bahasa", "lansia"), True), (("unheard_of",), False)],
)
def test_one_vulnerable_need_is_enough(needs, is_vulnerable):
    assert taxonomy().is_vulnerable(needs) is is_vulnerable


def test_a_category_may_itself_report_a_repeat():
    categories = taxonomy().categories
    assert (categories["TAG_NAIK"].repeats, categories["TAG_BOCOR"].repeats) == (True, False)


def test_a_category_takes_one_fact_at_the_most():
    assert taxonomy().categories["TAG_NAIK"].fact is Fact.REPEAT
    data = copy.deepcopy(DATA)
    data["category_group"][0]["items"][0]["area"] = True
    with pytest.raises(ValueError, match="only one of area, repeats can be true"):
        Taxonomy.from_dict(data)


def test_an_outcome_stands_for_each_way_of_ending():
    read = taxonomy()
    assert {ending: read.outcome_of(ending).id for ending in Ending} == {
        Ending.ACCEPTED: "BERES",
        Ending.ACCEPTED_ALTERNATIVE: "LAIN",
        Ending.NOT_GRANTED: "TIDAK",
        Ending.UNANSWERED: "DIAM",
        Ending.WITHDRAWN: "CABUT",
    }
    assert {code for code, each in read.outcomes.items() if each.agreed} == {"BERES", "LAIN"}
    assert {code for code, each in read.outcomes.items() if each.refers} == {"PENGADILAN"}


def test_a_cause_code_is_a_group_or_an_item_and_an_item_inherits_its_groups_rules():
    causes = taxonomy().causes
    assert causes["JARINGAN"].group == causes["J1"].group == "JARINGAN"
    assert causes["J1"].source == "ours"
    assert causes["PELANGGAN"].needs_supervisor
    assert not causes["J1"].needs_supervisor


def test_the_views_cannot_be_changed():
    read = taxonomy()
    with pytest.raises(TypeError):
        read.categories["TAG_NEW"] = read.categories["TAG_NAIK"]
    with pytest.raises(AttributeError):
        read.categories["TAG_NAIK"].severity = 1


def test_known_teams_and_policies_are_checked_when_given():
    taxonomy(teams={"TAGIHAN"}, policies={"pdp"})
    with pytest.raises(ValueError, match="category group TAGIHAN: there is no team TAGIHAN"):
        taxonomy(teams={"TEKNIK"})
    with pytest.raises(ValueError, match="category TAG_BOCOR: there is no policy pdp"):
        taxonomy(policies=set())


def at(data, *path):
    for step in path:
        data = data[step]
    return data


GROUP = ("category_group", 0)
MISTAKES = [
    ((*GROUP, "items", 0), "severity", 10, "category TAG_NAIK: severity must be 1 to 9"),
    ((*GROUP, "items", 0), "severity", "2", "TAG_NAIK: severity is missing or is not a whole"),
    ((*GROUP, "items", 0), "severity", True, "TAG_NAIK: severity is missing or is not a whole"),
    ((*GROUP, "items", 1), "id", "TAG_NAIK", "category TAG_NAIK: the id is used twice"),
    ((*GROUP, "items", 0), "label_en", "", "category TAG_NAIK: label_en is missing"),
    (GROUP, "remedies", ["GRATIS"], "category group TAGIHAN: there is no remedy GRATIS"),
    (GROUP, "remedies", "MAAF", "category group TAGIHAN: remedies must be a list of codes"),
    ((*GROUP, "steps", 0), "due_share", 1.5, "due_share of a step"),
    (("channel", 0), "oral", "yes", "channel call: oral is missing or is not true or false"),
    (("channel", 1), "id", "call", "channel call: the id is used twice"),
    (("channel", 0), "method", "smoke", "channel call: method and fallback must be of"),
    (("channel", 1), "fallback", ["email"], "channel email: method and fallback must be"),
    ((), "unknown_severity", 10, "taxonomy: unknown_severity must be 1 to 9"),
    (("tier", 0), "weight", 9, "tier BIASA: weight must be 0 to 8"),
    (("tier", 0), "default", "yes", "tier BIASA: default is missing or is not true or false"),
    (("tier", 0), "default", False, "exactly one tier has to be marked default; found none"),
    (("tier", 1), "default", True, "tier has to be marked default; found BIASA, EMAS"),
    (("outcome", 0), "follows", "bliss", "outcome BERES: follows must be one of accepted, "),
    (("outcome", 4), "follows", "unanswered", 'follows = "unanswered"; found DIAM, CABUT'),
    (("outcome", 5), "follows", "accepted", 'follows = "accepted"; found BERES, PENGADILAN'),
    (("cause_group", 1), "id", "J1", "cause J1: the id is used twice"),
    (("remedy", 0), "kind", "gift", "remedy MAAF: kind must be one of money"),
    ((), "channel", [], "there are no channels"),
    ((), "outcome", "SETUJU", "taxonomy: outcome must be a list of tables"),
]


@pytest.mark.parametrize(("path", "field", "value", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence_that_names_the_item(path, field, value, sentence):
    data = copy.deepcopy(DATA)
    at(data, *path)[field] = value
    with pytest.raises(ValueError, match=sentence) as refusal:
        Taxonomy.from_dict(data)
    assert "\n" not in str(refusal.value)
