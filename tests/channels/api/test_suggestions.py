"""What helps to decide: categories that a story speaks for, and complaints like one."""

from __future__ import annotations

from urllib.parse import quote

from tests.channels.api.conftest import Programs
from tests.office import Office

OTHER = {"name": "Budi Santoso", "phone": "0813 1111 2222", "email": ""}
STORY = "Internet mati total, lampu modem merah"


def test_a_story_gets_categories_with_the_complaints_they_rest_on(
    programs: Programs, office: Office, time
):
    number = office.receive(story=STORY, who=OTHER)
    office.walk(number)
    time.at = office.at
    found = programs.csr.get(f"/suggestions?story={quote('internet mati dari pagi')}").json
    first = found["categories"][0]
    assert (first["code"], first["complaints"]) == ("GGN_MATI", [number])
    assert 0 < first["confidence"] < 1
    assert first["because"]
    assert len(found["categories"]) <= 3
    assert programs.csr.get(f"/suggestions?story={quote('xyzzy')}").json == {"categories": []}
    assert programs.csr.get("/suggestions").status_code == 422


def test_a_complaint_has_similar_ones_with_what_became_of_them(
    programs: Programs, office: Office, time
):
    number = office.receive(story=STORY, who=OTHER)
    office.walk(number)
    asked = office.receive(story="Lampu modem merah, internet mati sejak pagi")
    time.at = office.at
    (item,) = programs.csr.get(f"/complaints/{asked}/similar").json["items"]
    assert (item["number"], item["because"]) == (number, ["same_words"])
    assert (item["cause"], item["remedy"]) == ("JARINGAN", "PERBAIKAN")
    assert programs("csr2").get(f"/complaints/{asked}/similar").status_code == 403


def test_what_is_on_record_speaks_for_a_category_where_the_caller_may_record(
    programs: Programs, office: Office, time
):
    number = office.receive(story=STORY, who={**OTHER, "number": "PLG-0077"})
    office.walk(number)
    time.at = office.at
    asked = f"/suggestions?story={quote('internet mati dari pagi')}&customer=plg-0077"
    first = programs.csr.get(asked).json["categories"][0]
    assert first["code"] == "GGN_ULANG"
    ((fact,),) = (first["facts"],)
    assert (fact["fact"], fact["number"], fact["count"]) == ("repeats", number, 1)
    unseen = programs("csr2").get(asked).json["categories"][0]["facts"][0]
    assert (unseen["number"], unseen["category"]) == (None, None)
    others = programs("officer").get(asked).json["categories"]
    assert [each["facts"] for each in others] == [[]] * len(others)


def test_what_is_on_record_of_a_place_is_told_to_whoever_records_there(
    programs: Programs, office: Office
):
    own, other = office.rules.branches_by_code["JKT"], office.rules.branches_by_code["MKS"]
    asked = f"/suggestions?story={quote('internet mati dari pagi')}&branch="
    assert programs.csr.get(asked + own.code).status_code == 200
    assert programs.csr.get(asked + other.code).status_code == 403
    assert programs.csr.get(asked + "NOWHERE").status_code == 422
