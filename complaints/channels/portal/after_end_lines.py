"""What the customer's page asks after the end, and what becomes of a word that comes then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from complaints.domain.customer_page.coming_back import Ended, WayBack, way_back
from complaints.domain.lifecycle import Status
from complaints.domain.words.whole_number import whole_number
from complaints.formatting import say_instant
from complaints.queries.customer_page.view import CustomerView
from complaints.rulebook import RuleBook
from complaints.steps.by_customer.rate import SCORES


@dataclass(frozen=True, slots=True)
class RatingLines:
    """The form of the rating: item → what stands chosen, and the words.

    `until` is till when an earlier one may be changed; empty for the first.
    """

    chosen: Mapping[str, int | None]
    comment: str
    suggestion: str
    has_consent: bool
    until: str
    is_over: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class AfterEndLines:
    """Whether it is asked if all is settled, and for a rating; what writing then does."""

    asks_fixed: bool = False
    rating: RatingLines | None = None
    has_consented: bool = False
    writing: str = ""


def after_end_lines(
    found: CustomerView,
    rules: RuleBook,
    now: datetime,
    language: str,
    *,
    typed: Mapping[str, str] | None = None,
    asked: str = "",
) -> AfterEndLines:
    """What is asked of this closing; `asked` is the number that a link proposes.

    `typed` is a rating that was refused. What a link proposes is chosen in the form, and kept by
    nobody.
    """
    said = found.after_end
    if said is None:
        return AfterEndLines()
    goes_on = found.awaits_delivery or found.contact
    is_settled = not goes_on and found.status in (Status.CLOSED, Status.REFERRED)
    asks_fixed = is_settled and found.status == Status.CLOSED and said.answer is None
    return AfterEndLines(
        asks_fixed=asks_fixed,
        rating=_rating(found, rules, now, language, typed, asked) if is_settled else None,
        has_consented=said.has_consented,
        writing=_writing(found, rules, now, language),
    )


def _rating(
    found: CustomerView,
    rules: RuleBook,
    now: datetime,
    language: str,
    sent: Mapping[str, str] | None,
    asked: str,
) -> RatingLines:
    typed = sent or {}
    rated = found.after_end.rating if found.after_end else None
    proposed = whole_number(asked)
    chosen: dict[str, int | None] = {}
    for name in SCORES:
        known = getattr(rated, name) if rated is not None else None
        if rated is None and name == "overall":
            known = proposed
        chosen[name] = whole_number(typed[name]) if typed.get(name) else known
    zone = rules.calendar_of(found.branch_id).value.tz
    days = timedelta(days=rules.authority.portal.rating_days)
    until = rated.at + days if rated is not None else None
    has_consent = rated is not None and rated.consented_at is not None
    return RatingLines(
        chosen=chosen,
        comment=typed.get("comment", rated.comment if rated else ""),
        suggestion=typed.get("suggestion", rated.suggestion if rated else ""),
        has_consent=typed.get("consent") == "yes" if sent is not None else has_consent,
        until=say_instant(until, zone, language) if until else "",
        is_over=until is not None and until < now,
        is_open=proposed is not None or sent is not None,
    )


def _writing(found: CustomerView, rules: RuleBook, now: datetime, language: str) -> str:
    """What becomes of a message that is written now; empty where it is just kept."""
    days = rules.authority.portal.reopen_days
    stands = Ended(found.status, found.closed_at, found.original is not None, found.awaits_delivery)
    way = way_back(
        stands, now, reopen_days=days, take_back_days=rules.authority.withdrawal.take_back_days
    )
    if way is WayBack.REOPENS and found.closed_at is not None:
        zone = rules.calendar_of(found.branch_id).value.tz
        until = say_instant(found.closed_at + timedelta(days=days), zone, language)
        return gettext(
            "If you write to us by %(until)s, we open your complaint again.",
            until=until,
        )
    if way is WayBack.CONTINUES and found.continued is not None:
        return gettext(
            "What you write now goes to complaint %(number)s, which goes on from this one.",
            number=found.continued.number,
        )
    if way is WayBack.CONTINUES:
        return gettext(
            "This complaint ended some time ago. What you write now becomes a new complaint that "
            "goes on from this one, and you read its number here at once."
        )
    return ""
