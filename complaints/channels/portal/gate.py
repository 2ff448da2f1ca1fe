"""How the public form is kept from robots without a riddle, and never shut to a person for long.

Each refusal leaves everything that was typed where it is, and the same form goes through a little
later.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy.orm import Session

from complaints.domain.accounts.login_delay import place_of
from complaints.domain.errors import N_, Invalid, TooSoon
from complaints.rate_limits import take_one
from complaints.signing import form_stamp, read_form_stamp

#: A field that no person sees; only robots fill in every field there is.
TRAP = "website"
#: Nobody reads the form and tells a story in less.
LEAST_SECONDS = 3
#: A form that was open for longer gets a new key.
MOST_SECONDS = 7 * 24 * 3600

#: Whole offices, and the customers of a mobile network, call from one address: after an outage many
#: of them complain at once.
FROM_ADDRESS, PER_ADDRESS = 30, timedelta(minutes=10)
#: One phone or e-mail address, from wherever.
WITH_CONTACT, PER_CONTACT = 5, timedelta(hours=1)
#: Forms from one address that were sent faster than anybody types, or that we never gave out.
TOO_QUICK, PER_QUICK = 5, timedelta(hours=1)


def new_stamp(secret_key: str, now: datetime) -> str:
    """The key of a form that is given out now."""
    return form_stamp(secret_key, token_urlsafe(16), int(now.timestamp()))


def is_ours(secret_key: str, stamp: str, now: datetime) -> bool:
    """Whether a form carries a key that we have given out, and not too long ago."""
    given = read_form_stamp(secret_key, stamp)
    return given is not None and now.timestamp() - given <= MOST_SECONDS


def require_empty_trap(typed: str) -> None:
    """Raise Invalid when the hidden field is filled; the page shows it empty again."""
    if typed.strip():
        raise Invalid(
            N_(
                "A hidden field had been filled in, perhaps by your browser. We have emptied it: "
                "please send again."
            )
        )


def take_turn(
    session: Session,
    *,
    secret_key: str,
    stamp: str,
    address: str,
    contacts: tuple[str, ...],
    now: datetime,
) -> None:
    """Count one more complaint from here, or raise TooSoon with how long to wait.

    Counted in the caller's transaction: what is not recorded does not count.
    """
    place = place_of(address)
    given = read_form_stamp(secret_key, stamp)
    if given is None or now.timestamp() - given < LEAST_SECONDS:
        _take(session, f"complain:quick:{place}", TOO_QUICK, PER_QUICK, now)
    _take(session, f"complain:address:{place}", FROM_ADDRESS, PER_ADDRESS, now)
    for contact in sorted(contacts):
        _take(session, f"complain:contact:{contact}", WITH_CONTACT, PER_CONTACT, now)


def take_upload_turn(session: Session, *, address: str, now: datetime) -> None:
    """Count one more form with files from here, recorded or not; the caller commits."""
    key = f"complain:files:{place_of(address)}"
    _take(session, key, FROM_ADDRESS, PER_ADDRESS, now)


def _take(session: Session, key: str, limit: int, per: timedelta, now: datetime) -> None:
    taken = take_one(session, key, limit=limit, per=per, now=now)
    if not taken.is_allowed:
        seconds = max(1, taken.seconds_to_wait(now))
        raise TooSoon(
            # One sentence for all: whether somebody else has complained with this contact is no
            # stranger's business.
            N_(
                "Very many complaints are reaching us this way at the moment. Everything you typed "
                "is still here: please send it again in %(minutes)d minutes, or contact us."
            ),
            seconds=seconds,
            minutes=-(-seconds // 60),
        )
