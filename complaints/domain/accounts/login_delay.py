"""How long somebody waits after wrong passwords before the next one is looked at: slow, then shut.

What is counted apart is called a door: an account from one address, a known device, and, far more
patient, an account from everywhere and an address for every account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from complaints.domain.accounts.tokens import fingerprint

#: A door left alone for so long forgets its failures; one that is shut stays so for as long.
WINDOW = timedelta(minutes=15)


class Door(StrEnum):
    """What failures are counted by."""

    PAIR = "pair"  # one account from one network address
    DEVICE = "device"  # one account from a device on which it has logged in before
    ACCOUNT = "account"  # one account from everywhere: many addresses that guess together
    ADDRESS = "address"  # one address for every account: one guess for each of them
    PORTAL = "portal"  # one address with customers' links that open nothing


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` failures cost nothing, then the delay doubles from two seconds up to `longest`.

    From `shut_at` failures on the door is shut for the whole of WINDOW.
    """

    free: int
    longest: timedelta = WINDOW
    shut_at: int | None = None

    def delay_after(self, failures: int) -> timedelta:
        """How long after the last failure the next try is looked at."""
        if failures < self.free:
            return timedelta(0)
        if self.shut_at is not None and failures >= self.shut_at:
            return WINDOW
        doublings = min(failures - self.free, 20)
        return min(timedelta(seconds=2 * 2**doublings), self.longest)


_ONE_PERSON = Patience(free=5, shut_at=10)
PATIENCE = {
    Door.PAIR: _ONE_PERSON,
    Door.DEVICE: _ONE_PERSON,
    # Whoever shuts these would shut out an owner or an office that did nothing wrong: only slow.
    Door.ACCOUNT: Patience(free=40, longest=timedelta(minutes=1)),
    Door.ADDRESS: Patience(free=100, longest=timedelta(seconds=30)),
    Door.PORTAL: Patience(free=10, shut_at=10),
}


def seconds_to_wait(door: Door, failures: int, last_at: datetime, at: datetime) -> int:
    """Whole seconds until the door may be tried again, 0 when it is open.

    A last failure in the future was noted before the clock was set back: nobody waits for it longer
    than the delay itself.
    """
    delay = PATIENCE[door].delay_after(failures)
    left = min(last_at + delay - at, delay)
    return max(0, -(-left // timedelta(seconds=1)))


def is_forgotten(last_at: datetime, at: datetime) -> bool:
    """Whether failures have been left alone for so long that counting begins anew."""
    return at >= last_at + WINDOW


def place_of(address: str) -> str:
    """The address as failures are counted: of IPv6 the network, of which everybody has one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:45]
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return str(getattr(found, "ipv4_mapped", None) or found)


def account_key(email: str) -> str:
    """What failures are kept under; of an e-mail address that nobody has, nothing more is kept."""
    return fingerprint(email)[:32]
