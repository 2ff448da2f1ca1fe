"""Validate a complaint that another system tells of: the rules of the desk and of the lifecycle.

Nothing is stored here, and nothing that the other system did not record is made up.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from complaints.domain.errors import N_, Invalid
from complaints.domain.evidence import Facts, evaluate, missing_for
from complaints.domain.lifecycle import (
    ENDED,
    NEXT,
    PERMISSION_FOR,
    Action,
    Move,
    Status,
    plan_move,
    refuse_too_early,
)
from complaints.domain.permissions import Actor, require
from complaints.domain.priority import Priority
from complaints.people.customers import part_name
from complaints.rulebook import RuleBook
from complaints.steps.receive import MAX_STORY, ComplaintGiven, check_branch, check_given

#: A date told for longer after the receipt is a slip, by which everything would be kept.
LONGEST_TOLD = timedelta(days=3_653)

#: Words that stay in the record, in the organisation's language.
_WORDS = {
    "id": {
        "reason": "Diambil alih dari {source}: langkah-langkahnya tidak tercatat di sana.",
        "customer": "Pelanggan (impor {source})",
        "contact": "impor {source}: kontak tidak ada dalam data",
    },
    "en": {
        "reason": "Taken over from {source}: the steps were not recorded there.",
        "customer": "Customer (import {source})",
        "contact": "import {source}: no contact in the data",
    },
}


@dataclass(frozen=True, slots=True)
class ForeignComplaint:
    """A complaint as another system tells it; `given` names it by source and external id.

    Without a status it is closed when it has a closing time, and open otherwise. `told_due_at` is
    the date that the customer was told there.
    """

    given: ComplaintGiven
    status: str | None = None
    closed_at: datetime | None = None
    told_due_at: datetime | None = None
    priority: str | None = None
    outcome: str | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How rows are taken over.

    `reason` says why the steps before cannot be shown, a standard sentence when empty; with
    `refuses` rows that claim to be past a gate are refused instead. `notify` says whether what
    fell due before is announced; None announces it for young complaints only.
    """

    reason: str = ""
    refuses: bool = False
    notify: bool | None = None


@dataclass(frozen=True, slots=True)
class ValidRow:
    """A row that may be taken over.

    `road` is the way its status says it has come, `missing` the criteria that lack on it, and
    `reason` why they do. `is_nobody` says that neither name nor contact of the customer is known.
    """

    row: ForeignComplaint
    road: tuple[Move, ...]
    missing: tuple[str, ...]
    reason: str
    is_nobody: bool

    @property
    def status(self) -> Status:
        """Where the complaint stands."""
        return self.road[-1].after if self.road else Status.RECEIVED


def validate(
    rules: RuleBook, row: ForeignComplaint, options: ImportOptions, *, by: Actor, at: datetime
) -> ValidRow:
    """Raise Refused for the first thing that keeps the row out.

    What the desk would refuse is refused here, further unknown codes of status, priority and
    outcome, an end that does not fit, and with `options.refuses` a status behind a closed gate.
    """
    is_nobody = not (row.given.customer.name.strip() or _is_reachable(row.given))
    row = replace(row, given=_with_customer(rules, row.given))
    _check_texts(row)
    check_given(rules, row.given, at)
    check_branch(rules, row.given.branch, by)
    status = _status_of(row)
    _check_end(rules, row, status, at)
    _check_told(row)
    if row.priority is not None and row.priority not in set(Priority):
        raise Invalid(N_("Choose a priority from P1 to P4."), field="priority")
    road = road_to(status)
    for move in road:
        require(by, PERMISSION_FOR[move.action])
    missing = gaps_on_road(status, not rules.taxonomy.channels[row.given.channel].oral)
    if missing and options.refuses:
        raise refuse_too_early(missing)
    reason = options.reason.strip() or _words(rules, "reason", row.given.source)
    return ValidRow(row, road, missing, reason, is_nobody)


def _check_told(row: ForeignComplaint) -> None:
    """Raise Invalid for a told date that nobody can have been told."""
    if row.told_due_at is None:
        return
    after = row.told_due_at - row.given.received_at
    if after < timedelta():
        raise Invalid(
            N_("The date told to the customer lies before the receipt."), field="told_due_at"
        )
    if after > LONGEST_TOLD:
        raise Invalid(
            N_("The date told to the customer lies more than ten years after the receipt."),
            field="told_due_at",
        )


#: What ends a complaint by saying that it is another one, or none.
_NO_ROAD = frozenset({Action.MERGE, Action.RENAME})


@cache
def road_to(status: Status) -> tuple[Move, ...]:
    """The shortest way through the lifecycle from receipt to `status`, with the gates on it.

    A row names no complaint that it repeats, so none is closed as a duplicate; and it is a
    complaint, so none ends as something else.
    """
    roads: dict[Status, tuple[Move, ...]] = {Status.RECEIVED: ()}
    reached = [Status.RECEIVED]
    for current in reached:
        for action in Action:
            after = NEXT[action].get(current)
            if action not in _NO_ROAD and after is not None and after not in roads:
                roads[after] = (*roads[current], plan_move(current, action))
                reached.append(after)
    return roads[status]


@cache
def gaps_on_road(status: Status, is_written_channel: bool) -> tuple[str, ...]:
    """The criteria that the gates on the road to `status` ask for and no record here shows."""
    items = evaluate((), Facts(is_written_channel=is_written_channel))
    return missing_for([gate for move in road_to(status) for gate in move.gates], items)


def _check_texts(row: ForeignComplaint) -> None:
    if not (row.given.external_id or "").strip():
        raise Invalid(N_("The row has no number of its own."), field="external_id")
    if not row.given.channel:
        raise Invalid(N_("The channel is missing."), field="channel")
    for field, text in (("summary", row.summary), ("remedy_wanted", row.given.remedy_wanted)):
        if len(text) > MAX_STORY:
            raise Invalid(
                N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
                field=field,
                length=len(text),
                most=MAX_STORY,
            )


def _status_of(row: ForeignComplaint) -> Status:
    if row.status is None:
        return Status.RECEIVED if row.closed_at is None else Status.CLOSED
    if row.status not in set(Status):
        raise Invalid(
            N_("There is no status %(code)s. Known statuses: %(known)s."),
            field="status",
            code=row.status[:40],
            known=", ".join(Status),
        )
    return Status(row.status)


def _check_end(rules: RuleBook, row: ForeignComplaint, status: Status, at: datetime) -> None:
    has_ended = status in ENDED
    if row.closed_at is not None:
        if not has_ended:
            raise Invalid(
                N_("There is a closing time, but the status says the complaint is open."),
                field="closed_at",
            )
        if row.closed_at > at:
            raise Invalid(N_("The closing time is in the future."), field="closed_at")
        if row.closed_at < row.given.received_at:
            raise Invalid(N_("The complaint was closed before it was received."), field="closed_at")
    if row.outcome is not None:
        if row.outcome not in rules.taxonomy.outcomes:
            raise Invalid(
                N_("There is no outcome %(code)s."), field="outcome", code=row.outcome[:40]
            )
        if not has_ended:
            raise Invalid(N_("An open complaint has no outcome yet."), field="outcome")


def _with_customer(rules: RuleBook, given: ComplaintGiven) -> ComplaintGiven:
    """The name without its form; a neutral one, and a reason for no contact, where they lack."""
    customer = part_name(rules.organisation.salutations, given.customer)
    is_reachable = _is_reachable(given)
    if customer.name and is_reachable:
        return replace(given, customer=customer)
    name = customer.name or _words(rules, "customer", given.source)
    why = "" if is_reachable else _words(rules, "contact", given.source)
    return replace(
        given,
        customer=replace(customer, name=name, is_nameless=not customer.name, no_contact_reason=why),
    )


def _is_reachable(given: ComplaintGiven) -> bool:
    customer = given.customer
    return bool(customer.phone.strip() or customer.email.strip() or customer.number.strip())


def _words(rules: RuleBook, name: str, source: str) -> str:
    language = rules.organisation.language
    return _WORDS.get(language, _WORDS["id"])[name].format(source=source)
