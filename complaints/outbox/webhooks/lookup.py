"""Which addresses a host has at this moment, as far as calls may be made to them."""

import socket
import threading
from ipaddress import ip_address

from complaints.domain.errors import N_, Invalid
from complaints.domain.webhooks.addresses import AllowedHosts, Target, is_public, read_target

#: How long somebody in front of a page, or a worker, waits for a name server.
LOOKUP_SECONDS = 4
#: So many addresses of a host are tried.
MOST_ADDRESSES = 3


class NoAddress(Exception):
    """The host has no address, or the name server does not say."""


class ForbiddenAddress(Exception):
    """The host leads to an address that nobody has allowed; the words name no address."""


def addresses_of(target: Target, allowed: AllowedHosts) -> list[str]:
    """The addresses that a call may go to.

    One that is not public and not allowed forbids the host as a whole, for which of them is taken
    is in the hands of whoever owns the name. Raises NoAddress and ForbiddenAddress.
    """
    try:
        found = patient_lookup(target.host, target.port)
    except (OSError, UnicodeError):
        raise NoAddress from None
    if not found:
        raise NoAddress
    for each in found:
        # A zone behind an address of IPv6 names a card of this machine.
        address = ip_address(each.partition("%")[0])
        if not (is_public(address) or allowed.has(target.host, address)):
            raise ForbiddenAddress
    return found[:MOST_ADDRESSES]


def require_reachable(url: str, allowed: AllowedHosts) -> None:
    """Refuse an address that calls cannot or must not go to, with a sentence for the form."""
    target = read_target(url, allowed)
    try:
        addresses_of(target, allowed)
    except NoAddress:
        raise Invalid(
            N_("%(host)s cannot be found. Check the address."), field="url", host=target.host
        ) from None
    except ForbiddenAddress:
        raise Invalid(
            N_(
                "%(host)s leads into an internal network. Whoever runs this system can allow it "
                "(TANGGAP_WEBHOOK_HOSTS)."
            ),
            field="url",
            host=target.host,
        ) from None


def ask_name_server(host: str, port: int) -> list[str]:
    """Every address of a host, in the order in which they should be tried, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def patient_lookup(host: str, port: int) -> list[str]:
    """The same within LOOKUP_SECONDS; the system itself may ask for minutes. Raises OSError."""
    answers: list[list[str] | OSError] = []

    def ask() -> None:
        try:
            answers.append(ask_name_server(host, port))
        except (OSError, UnicodeError) as error:
            answers.append(OSError(str(error)))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOKUP_SECONDS)
    if not answers:
        raise TimeoutError("the name server does not answer")
    if isinstance(answers[0], OSError):
        raise answers[0]
    return answers[0]
