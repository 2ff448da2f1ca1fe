"""Administrators read that links in letters lead nowhere, as long as they do; nobody else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask


@pytest.mark.parametrize("path", ["/admin/", "/admin/engine", "/admin/tokens"])
def test_the_admin_pages_warn_while_links_lead_nowhere(app: Flask, at_desk, path: str):
    admin = at_desk("admin")
    assert admin.get(path).all("#links-lead-nowhere") == []
    here = replace(
        app.config["SETTINGS"], base_url="http://127.0.0.1:8000", smtp_url="smtp://post.example"
    )
    app.config["SETTINGS"] = here
    said = admin.get(path).words("#links-lead-nowhere")
    assert len(said) == 1
    assert "http://127.0.0.1:8000" in said[0]
    app.config["SETTINGS"] = replace(here, base_url="https://keluhan.example")
    assert admin.get(path).all("#links-lead-nowhere") == []


def test_nobody_else_reads_of_it(app: Flask, at_desk):
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"], base_url="http://127.0.0.1:8000", smtp_url="smtp://post.example"
    )
    assert at_desk("supervisor").get("/admin/rules/").all("#links-lead-nowhere") == []
    assert at_desk("csr").get("/").all("#links-lead-nowhere") == []
