"""How long a login waits after wrong passwords before the next is looked at: slow, then locked.

What is counted apart has a key of its own: an account from one address, a known device, and, far
more patient, an account from everywhere and an address for every account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from complaints.domain.accounts.tokens import fingerprint

#: Failures left alone for so long are forgotten; a locked key stays so for as long.
WINDOW = timedelta(minutes=15)


class ThrottleScope(StrEnum):
    """What failures are counted by."""

    PAIR = "pair"  # one account from one network address
    DEVICE = "device"  # one account from a device on which it has logged in before
    ACCOUNT = "account"  # one account from everywhere: many addresses that guess together
    ADDRESS = "address"  # one address for every account: one guess for each of them
    PORTAL = "portal"  # one address with customers' links that open nothing


@dataclass(frozen=True, slots=True)
class Patience:
    """`free` failures cost nothing, then the delay doubles from two seconds up to `longest`.

    From `locks_at` failures on the key is locked for the whole of WINDOW.
    """

    free: int
    longest: timedelta = WINDOW
    locks_at: int | None = None

    def delay_after(self, failures: int) -> timedelta:
        """How long after the last failure the next try is looked at."""
        if failures < self.free:
            return timedelta(0)
        if self.locks_at is not None and failures >= self.locks_at:
            return WINDOW
        doublings = min(failures - self.free, 20)
        return min(timedelta(seconds=2 * 2**doublings), self.longest)


_ONE_PERSON = Patience(free=5, locks_at=10)
PATIENCE = {
    ThrottleScope.PAIR: _ONE_PERSON,
    ThrottleScope.DEVICE: _ONE_PERSON,
    # Whoever locks these would lock out an owner or an office that did nothing wrong: only slow.
    ThrottleScope.ACCOUNT: Patience(free=40, longest=timedelta(minutes=1)),
    ThrottleScope.ADDRESS: Patience(free=100, longest=timedelta(seconds=30)),
    ThrottleScope.PORTAL: Patience(free=10, locks_at=10),
}


def seconds_to_wait(scope: ThrottleScope, failures: int, last_at: datetime, at: datetime) -> int:
    """Whole seconds until the next try is looked at, 0 when it is at once.

    A last failure in the future was noted before the clock was set back: nobody waits for it longer
    than the delay itself.
    """
    delay = PATIENCE[scope].delay_after(failures)
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
