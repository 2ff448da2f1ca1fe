"""Where a webhook may lead: public addresses by https, and what the organisation has allowed.

An endpoint inside our network would make of us a messenger into it, so an address counts as public
only when nothing else can be hidden in it.
"""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from complaints.domain.errors import N_, Invalid

LONGEST_URL = 500

_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: Addresses of IPv6 that carry one of IPv4, and how many bits stand behind it.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)
_TEREDO = IPv6Network("2001::/32")
#: Public by their numbers, and never out in the internet: addresses of protocols, by some of which
#: clouds tell their own machines secrets, and the relays of 6to4, which are no more.
_NOWHERE = (
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("168.63.129.16/32"),
)

Address = IPv4Address | IPv6Address


def is_public(address: Address) -> bool:
    """Whether an address leads out into the internet and to no other one hidden in it."""
    if isinstance(address, IPv4Address):
        if any(address in network for network in _NOWHERE):
            return False
        return address.is_global and not address.is_multicast and not address.is_reserved
    for network, behind in _CARRIERS:
        if address in network:
            return is_public(IPv4Address(int(address) >> behind & 0xFFFFFFFF))
    if address in _TEREDO or address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_reserved


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """Hosts and networks of its own that an organisation lets webhooks lead to."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def has(self, host: str, address: Address) -> bool:
        """Whether the host was allowed by its name, or the address by its network."""
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        plain = mapped or address
        return host in self.names or any(
            plain.version == network.version and plain in network for network in self.networks
        )

    def may_be_plain(self, host: str) -> bool:
        """Whether calls to the host may go without encryption, being ours."""
        if host in self.names:
            return True
        try:
            return self.has(host, ip_address(host))
        except ValueError:
            return False


def read_allowed(text: str) -> AllowedHosts:
    """Names, addresses and networks separated by commas; ValueError names what is none of them."""
    names, networks = set(), []
    for each in filter(None, map(str.strip, text.split(","))):
        plain = each.replace(".", "").replace("-", "")
        if plain.isalnum() and not plain.isdigit():
            names.add(each.lower().rstrip("."))
            continue
        try:
            networks.append(ip_network(each))
        except ValueError:
            raise ValueError(
                f"{each[:60]!r} is no name, address or network, or has bits behind its network"
            ) from None
    return AllowedHosts(frozenset(names), tuple(networks))


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of an endpoint's address: `host` in lower case without brackets."""

    is_secure: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.is_secure else 80
        return host if self.port == usual else f"{host}:{self.port}"


def read_target(url: str, allowed: AllowedHosts) -> Target:
    """The parts of an address that calls may be made to; raises Invalid with what is wrong of it.

    Whether its host is a public one is seen only when it is looked up.
    """
    if not url or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
        raise Invalid(N_("Give an address such as https://hooks.example.com/in."), field="url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    host = (parts.hostname or "").rstrip(".")
    is_wrong = parts.scheme not in ("https", "http") or not host or port == 0 or " " in url
    if is_wrong or parts.username is not None or parts.password is not None:
        raise Invalid(N_("Give an address such as https://hooks.example.com/in."), field="url")
    if parts.fragment:
        raise Invalid(N_("The address must not contain a #."), field="url")
    is_secure = parts.scheme == "https"
    if not is_secure and not allowed.may_be_plain(host):
        raise Invalid(
            N_("Only an address that begins with https:// is called over the internet."),
            field="url",
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_secure, host, port or (443 if is_secure else 80), path)
