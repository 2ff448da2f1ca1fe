"""Corrective actions by program: the same rules, answered as described."""

from __future__ import annotations

from typing import Any

import pytest

from tests.channels.api.conftest import Programs
from tests.office import Office

PATH = "/corrective-actions/TPB-2026-000001"
ACTION: dict[str, Any] = {
    "subject": "cause",
    "code": "JARINGAN_KABEL",
    "what": "Periksa kabel setiap bulan",
    "why": "Kabel tua sering putus",
    "owner": "csr@tanggap.example",
    "due_on": "2026-11-27",
}


def raise_one(programs: Programs, name: str = "supervisor", **more: Any) -> Any:
    return programs(name).post("/corrective-actions", {**ACTION, **more})


def test_it_is_raised_and_read_again(office: Office, programs: Programs):
    made = raise_one(programs)
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1{PATH}"
    read = programs("auditor").get(PATH).json
    assert (read["state"], read["branch"], read["owner"]) == ("open", "JKT", "Csr")
    assert (read["cause"], read["effect"]) == ("JARINGAN_KABEL", None)
    items = programs("csr").get("/corrective-actions?mine=true").json["items"]
    assert [each["number"] for each in items] == [read["number"]]
    assert raise_one(programs, "csr").status_code == 403
    assert programs("csr2").get(PATH).status_code == 403


def test_so_many_weeks_are_none_of_those_compared_and_the_refusal_names_them(programs: Programs):
    refused = raise_one(programs, weeks=5)
    assert (refused.status_code, refused.json["detail"]) == (422, "Choose one of these: 4, 8, 12.")


def test_it_is_answered_changed_done_and_judged(office: Office, programs: Programs):
    raise_one(programs)
    lead = programs("supervisor")
    assert lead.post(f"{PATH}/whys", {"whys": ["Kabel sudah tua"]}).json["whys"] == [
        "Kabel sudah tua"
    ]
    moved = lead.post(f"{PATH}/change", {"reason": "Menunggu alat ukur", "due_on": "2026-12-01"})
    assert (moved.json["due_on"], moved.json["first_due_on"]) == ("2026-12-01", "2026-11-27")
    done = programs("csr").post(f"{PATH}/done", {"evidence": "Laporan pemeriksaan 20 November"})
    assert done.json["state"] == "done"
    effect = lead.get(PATH).json["effect"]
    assert (effect["judgement"], effect["ratio"]) == ("not_over", None)
    early = lead.post(f"{PATH}/verification", {"effective": True, "reason": "Sudah jauh berkurang"})
    assert early.status_code == 422
    judged = lead.post(f"{PATH}/verification", {"effective": False, "reason": "Belum ada bukti"})
    assert (judged.json["state"], judged.json["ended_by"]) == ("not_effective", "Supervisor")
    kinds = [each["what"] for each in judged.json["history"]]
    assert kinds == ["raise", "whys", "change", "done", "verify"]


def test_no_figures_are_read_for_whoever_verifies_nothing(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
):
    raise_one(programs)
    programs("csr").post(f"{PATH}/done", {"evidence": "Laporan pemeriksaan 20 November"})

    def never(*given: object, **more: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr("complaints.actions.improvement.read_effect", never)
    sent = {"effective": False, "reason": "Belum ada bukti"}
    assert programs("csr").post(f"{PATH}/verification", sent).status_code == 403


def test_the_figures_are_told_to_none_who_reads_no_reports(office: Office, programs: Programs):
    raise_one(programs)
    programs("csr").post(f"{PATH}/done", {"evidence": "Laporan pemeriksaan 20 November"})
    judged = {"effective": False, "reason": "Belum ada bukti"}
    programs("supervisor").post(f"{PATH}/verification", judged)
    details = [
        programs(name).get(PATH).json["history"][-1]["detail"] for name in ("supervisor", "csr")
    ]
    assert ["effect" in each for each in details] == [True, False]


def test_it_is_dropped_for_a_reason(office: Office, programs: Programs):
    raise_one(programs)
    lead = programs("supervisor")
    assert lead.post(f"{PATH}/drop", {}).status_code == 422
    dropped = lead.post(f"{PATH}/drop", {"reason": "Kabel diganti serat optik"})
    assert dropped.json["state"] == "dropped"


def test_the_tree_of_causes_is_answered(office: Office, programs: Programs):
    raise_one(programs)
    tree = programs("supervisor").get("/reports/causes?from=2026-11-01&to=2026-11-30").json
    hung = {
        cause["code"]: cause["actions"] for group in tree["groups"] for cause in group["causes"]
    }
    assert (tree["unknown"], tree["has_more_actions"]) == ([], False)
    assert hung == {"JARINGAN_KABEL": ["TPB-2026-000001"]}
    assert programs("csr").get("/reports/causes?from=2026-11-01&to=2026-11-30").status_code == 403
