"""Static files are packed beside those that a running server reads."""

from __future__ import annotations

import subprocess

from tests.conftest import ROOT

PACKED = "complaints/static_packed"


def test_a_running_server_keeps_its_files_until_the_new_ones_are_whole():
    """`make -n` says what it would do: nothing is written or removed there but by a rename."""
    command = ["make", "-n", "-W", "complaints/static/css/case.css", f"{PACKED}/.stamp"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if PACKED in line]
    (packing,) = [line for line in lines if "servestatic" in line]
    assert packing.endswith(f" {PACKED}.new")
    touched = [line for line in lines if f"{PACKED} " in f"{line} "]
    assert touched
    assert all("mv " in line for line in touched)
