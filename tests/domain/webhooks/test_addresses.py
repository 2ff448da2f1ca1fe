"""Where webhooks may lead: public addresses, by https, and hosts of our own that were allowed."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.webhooks.addresses import AllowedHosts, is_public, read_allowed, read_target


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "192.0.2.1",
        "192.0.0.192",
        "192.88.99.1",
        "168.63.129.16",
        "::ffff:192.0.0.192",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.5",
        "::ffff:127.0.0.1",
        "::10.0.0.5",
        "64:ff9b::10.0.0.5",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::10.0.0.5",
        "2002:0a00:0005::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffa",
        "2001:db8::1",
    ],
)
def test_an_address_that_leads_inside_is_not_public(address: str) -> None:
    """T37."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"],
)
def test_an_address_that_leads_out_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "http://hooks.example.com/",
        "https://",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nHost: other",
        "https://hooks.example.com/\x00",
        "https://[::1/",
        "https://keluhan\u3002example/",
        "https://hooks.example.com/" + "x" * 500,
    ],
)
def test_an_address_that_is_not_called(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_target(url, AllowedHosts())
    assert refused.value.field == "url"


def test_the_parts_of_an_address() -> None:
    target = read_target("https://Hooks.Example.com:8443/in?key=1", AllowedHosts())
    assert (target.host, target.port, target.path) == ("hooks.example.com", 8443, "/in?key=1")
    assert target.host_header == "hooks.example.com:8443"
    assert read_target("https://hooks.example.com", AllowedHosts()).path == "/"


def test_hosts_of_our_own_may_be_called_also_without_encryption() -> None:
    allowed = read_allowed("hooks.kantor, 10.1.0.0/16,fd00::/8")
    assert read_target("http://hooks.kantor/in", allowed).port == 80
    assert read_target("http://10.1.2.3/in", allowed).host == "10.1.2.3"
    assert allowed.has("hooks.kantor", ip_address("192.168.1.1"))
    assert allowed.has("anything", ip_address("::ffff:10.1.2.3"))
    assert not allowed.has("other.kantor", ip_address("10.2.0.1"))
    with pytest.raises(Invalid):
        read_target("http://10.2.0.1/in", allowed)


def test_a_name_may_end_in_a_figure() -> None:
    assert read_allowed("n8n-1,Hooks.kantor2").names == {"n8n-1", "hooks.kantor2"}


@pytest.mark.parametrize("text", ["10.0.0.1/8", "hooks kantor", "10.0.0", "-"])
def test_what_is_neither_a_name_nor_a_network(text: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        read_allowed(text)
