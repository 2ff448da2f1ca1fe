"""Proxies in front: whose word about the caller is believed, who calls, and under which name.

Throttles, bounds and the figures for Prometheus all ask here. Standard library and werkzeug only,
so that everybody may ask.
"""

from collections.abc import Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import request
from werkzeug.middleware.proxy_fix import ProxyFix

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Headers that proxies add, in front of us or in front of the caller.
PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
#: The names of whoever asks from where the program runs.
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
#: Every address of the machine itself.
_LOOPBACK = tuple(map(ip_network, ("127.0.0.0/8", "::1", "0.0.0.0/32")))
_IS_KNOWN = "tanggap.came_through_a_known_proxy"


class BelieveProxies:
    """WSGI middleware: what a known proxy says of the caller takes the place of its own address.

    A proxy is known by its address; with a `count` whoever connects is taken for the last of so
    many. What anybody else says of themselves stays a header that means nothing.

    A proxy that does not set `X-Forwarded-Host` hands on what the visitor wrote into it, so that
    only a name among `hosts` is believed.
    """

    def __init__(
        self,
        app: Any,
        count: int = 0,
        peers: Sequence[Network] = (),
        hosts: Collection[str] = (),
    ) -> None:
        self.app = app
        self.count = count
        self.peers = peers
        self.hosts = hosts

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request as the caller's own."""
        told = _listed(environ.get("HTTP_X_FORWARDED_FOR", ""))
        count = self.count or self._known_in_a_row([environ.get("REMOTE_ADDR", ""), *told[::-1]])
        if not count:
            return self.app(environ, start_response)
        environ[_IS_KNOWN] = True
        caller = _address(told[-count]) if count <= len(told) else None
        answer = ProxyFix(
            self.app,
            x_for=0,
            x_proto=_within(count, environ, "HTTP_X_FORWARDED_PROTO"),
            x_host=self._host_told(count, environ),
        )
        if caller is not None:
            environ["REMOTE_ADDR"] = str(caller)
        return answer(environ, start_response)

    def _host_told(self, count: int, environ: dict[str, Any]) -> int:
        """Which of the names told, from the right, is the one we were asked by; 0 for none."""
        told = _listed(environ.get("HTTP_X_FORWARDED_HOST", ""))
        place = min(count, len(told))
        return place if place and host_name(told[-place]) in self.hosts else 0

    def _known_in_a_row(self, nearest_first: Sequence[str]) -> int:
        """How many of those who handed the request on are known, counted from us."""
        for count, text in enumerate(nearest_first):
            if not is_within(text, self.peers):
                return count
        # All of them are ours: the call began at the farthest.
        return max(1, len(nearest_first) - 1)


def client_address() -> str:
    """The network address of whoever calls, as far as anybody we believe says."""
    return request.remote_addr or ""


def host_name(host: str) -> str:
    """A host as it is compared: without port and brackets, in small letters; "" for none."""
    try:
        return urlsplit(f"//{host.strip()}").hostname or ""
    except ValueError:
        return ""


def leads_here(url: str) -> bool:
    """Whether an address opens on this machine alone."""
    host = host_name(urlsplit(url).netloc.rpartition("@")[2])
    return host in THIS_MACHINE or is_within(host, _LOOPBACK)


def tells_of_a_proxy() -> bool:
    """Whether a header of this request says that somebody handed it on."""
    return any(name in request.headers for name in PROXY_HEADERS)


def came_through_a_stranger() -> bool:
    """Whether somebody whom we do not know handed this request on."""
    return tells_of_a_proxy() and _IS_KNOWN not in request.environ


def came_through_a_known_proxy() -> bool:
    """Whether a proxy whom we believe handed this request on."""
    return _IS_KNOWN in request.environ


def is_within(text: str, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks; what is no address lies in none."""
    address = _address(text)
    return address is not None and any(address in each for each in networks)


def _address(text: str) -> Address | None:
    """An address as proxies write it, also with a port; None where it is none ("unknown")."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(count: int, environ: dict[str, Any], header: str) -> int:
    """A proxy may replace what the one before it said: then the oldest word left counts."""
    return min(count, len(_listed(environ.get(header, ""))))


def _listed(header: str) -> list[str]:
    """What proxies have put one behind the other.

    Each of them only adds behind a comma, so that no quote which a visitor has opened holds what
    ours has added.
    """
    return [each.strip(' \t"') for each in header.split(",") if each.strip()]
