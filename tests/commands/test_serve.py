"""Where customers' links lead when nobody has set an address."""

import os

import pytest

from complaints.settings import links_lead_here, read_settings


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("127.0.0.1", 8931, "http://127.0.0.1:8931"),
        ("0.0.0.0", 8000, "http://127.0.0.1:8000"),
        ("::1", 8080, "http://[::1]:8080"),
        ("keluhan.kantor.example", 80, "http://keluhan.kantor.example:80"),
    ],
)
def test_links_lead_to_where_the_web_process_listens(monkeypatch, host, port, address):
    monkeypatch.setenv("TANGGAP_BASE_URL", "")
    links_lead_here(host, port)
    assert read_settings().base_url == address


def test_an_address_that_was_set_stays(monkeypatch):
    monkeypatch.setenv("TANGGAP_BASE_URL", "https://keluhan.example")
    links_lead_here("127.0.0.1", 8931)
    assert os.environ["TANGGAP_BASE_URL"] == "https://keluhan.example"
