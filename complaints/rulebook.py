"""The organisation's rules in force: versioned rows turned into domain values, cached by version.

Steps and queries both ask here which calendar, policy, ladder or wording applies. Nothing is
written here.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, Text, cast, event, func, select
from sqlalchemy.orm import Session, object_session

from complaints.domain.clauses import Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.commitments.config import CommitmentRules
from complaints.domain.config.authority import Authority
from complaints.domain.config.exits import ExitBook
from complaints.domain.config.leaflet import Leaflet
from complaints.domain.config.letter_phrases import LetterPhrases
from complaints.domain.config.organisation import Organisation
from complaints.domain.config.written_record import WrittenRecord
from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Ladder
from complaints.domain.ledger import Entry, EntryKind, Terms
from complaints.domain.number import NumberForm
from complaints.domain.policies.whatif import Versions
from complaints.domain.priority import PriorityMatrix
from complaints.domain.scripts import ScriptBook
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.worktime import WorkCalendar
from complaints.models import Branch, LedgerEntry, RuleVersion, Team
from complaints.rule_texts import read_rules

#: The kinds of rule and the file of `config/` each comes from; those in folders have many codes.
FOLDERS = {"calendar": "calendars", "policy": "policies", "ladder": "ladders"}
FILES = (
    "taxonomy",
    "priority",
    "authority",
    "scripts",
    "standard_information",
    "record",
    "commitments",
    "organisation",
    "letters",
    "exits",
)

_A_DAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    """A rule and the id of the row it was read from."""

    id: int
    value: T


@dataclass(frozen=True, slots=True)
class BranchRule:
    """A branch as the rules need it."""

    id: int
    code: str
    name: str
    calendar: str
    address: str
    phone: str


@dataclass(frozen=True, slots=True)
class TeamRule:
    """A team as the rules need it."""

    id: int
    code: str
    label_id: str
    label_en: str
    lead_id: int | None


@dataclass(slots=True)
class RuleBook:
    """Everything in force at `latest_id`, read into the values that the rules work with."""

    latest_id: int
    organisation: Organisation
    taxonomy: Taxonomy
    matrix: PriorityMatrix
    authority: Authority
    record: WrittenRecord
    commitments: CommitmentRules
    leaflet: Leaflet
    scripts: ScriptBook
    letters: LetterPhrases
    exits: ExitBook
    policies: tuple[Policy, ...]
    all_policies: tuple[Policy, ...]
    ladder: Ladder
    calendars: Mapping[str, Versioned[WorkCalendar]]
    branches: Mapping[int, BranchRule]
    teams: Mapping[int, TeamRule]
    calendar_versions: Mapping[int, WorkCalendar]
    policy_versions: Mapping[int, Policy]
    ladder_versions: Mapping[int, Ladder]
    #: Version id → code, of calendars and ladders; a policy knows its own.
    codes: Mapping[int, str]
    teams_by_code: Mapping[str, TeamRule] = field(default_factory=dict)
    branches_by_code: Mapping[str, BranchRule] = field(default_factory=dict)
    _versions: Versions | None = None
    #: The days on which a clause of any version begins to hold or holds no longer.
    _turns: Sequence[date] = ()

    def counts_worktime(self, policy_version_id: int | None, clause_id: str | None) -> bool:
        """Whether a clause counts working time; one that nobody knows any more does."""
        policy = self.policy_versions.get(policy_version_id or 0)
        found = (each.unit for each in (policy.clauses if policy else ()) if each.id == clause_id)
        return next(found, "working_day").startswith("working")

    def years_unknown(self, clock: ClockState) -> list[int]:
        """The years a clock reaches of which its calendar knows no holiday yet."""
        policy = self.policy_versions.get(clock.policy_version_id)
        calendar = self.calendar_versions.get(clock.calendar_version_id)
        clauses = policy.clauses if policy else ()
        clause = next((each for each in clauses if each.id == clock.clause), None)
        if clause is None or calendar is None:
            return []
        return Terms(clause, calendar).years_unknown(clock.started_at, clock.due_at)

    def __post_init__(self) -> None:
        self.teams_by_code = {team.code: team for team in self.teams.values()}
        self.branches_by_code = {branch.code: branch for branch in self.branches.values()}
        clauses = [each for policy in self.policy_versions.values() for each in policy.clauses]
        after = {each.valid_to + _A_DAY for each in clauses if each.valid_to < date.max}
        self._turns = sorted({each.valid_from for each in clauses} | after)

    @property
    def numbers(self) -> NumberForm:
        """How a complaint's public number is written and read."""
        return self.organisation.numbers

    @property
    def home_zone(self) -> ZoneInfo:
        """The zone of what belongs to no branch, such as the rules: that of the first branch."""
        return self.calendars[next(iter(self.branches.values())).calendar].value.tz

    @property
    def policy_codes(self) -> list[str]:
        """The codes of the policies that are switched on."""
        return [policy.code for policy in self.policies]

    def calendar_of(self, branch_id: int) -> Versioned[WorkCalendar]:
        """The calendar a branch works by."""
        return self.calendars[self.branches[branch_id].calendar]

    def calendar_kept(self, version_id: int, branch_id: int) -> Versioned[WorkCalendar]:
        """The version a clock was started with, as long as its branch works by that calendar."""
        newest = self.calendar_of(branch_id)
        if self.codes[version_id] != self.branches[branch_id].calendar:
            return newest
        return Versioned(version_id, self.calendar_versions[version_id])

    @property
    def versions(self) -> Versions:
        """Every version of the rules that a stored clock may name."""
        if self._versions is None:
            self._versions = Versions(
                self.policy_versions, self.calendar_versions, self.ladder_versions
            )
        return self._versions

    def facts_of(
        self,
        *,
        category: str | None,
        priority: str,
        tier: str,
        channel: str,
        branch_id: int,
        product: str,
        received_at: datetime,
    ) -> dict[str, object]:
        """What the policies' selectors may ask of a complaint.

        `received_on` is the first day of the time without a change of validity in which it came in
        by the branch's wall clock, so that complaints alike to the rules have equal facts.
        """
        day = received_at.astimezone(self.calendar_of(branch_id).value.tz).date()
        turn = bisect_right(self._turns, day)
        known = self.taxonomy.categories.get(category or "")
        return {
            "category": category,
            "category_group": known.group if known else None,
            "priority": priority,
            "tier": tier,
            "channel": channel,
            "oral": self.taxonomy.channels[channel].oral,
            "branch": self.branches[branch_id].code,
            "product": product,
            "received_on": self._turns[turn - 1] if turn else date.min,
        }

    def versions_of(self, kind: str, code: str) -> list[int]:
        """The ids of every version of a calendar, policy or ladder, oldest first."""
        if kind == "policy":
            return [each for each, policy in self.policy_versions.items() if policy.code == code]
        values: Mapping[int, object] = {}
        if kind == "calendar":
            values = self.calendar_versions
        elif kind == "ladder":
            values = self.ladder_versions
        return [each for each in values if self.codes[each] == code]

    def branch_by_code(self, code: str) -> BranchRule:
        """The branch with this code; Invalid when there is none."""
        branch = self.branches_by_code.get(code)
        if branch is None:
            raise Invalid(
                N_("There is no branch %(code)s. Known branches: %(known)s."),
                field="branch",
                code=code,
                known=", ".join(sorted(self.branches_by_code)),
            )
        return branch

    def team_by_code(self, code: str) -> TeamRule:
        """The unit with this code; Invalid when there is none."""
        team = self.teams_by_code.get(code)
        if team is None:
            raise Invalid(N_("There is no unit %(code)s."), field="team", code=code[:40])
        return team


#: The columns that `read_entry` reads of a ledger.
ENTRY = (
    LedgerEntry.what,
    LedgerEntry.at,
    LedgerEntry.until,
    LedgerEntry.reason,
    LedgerEntry.by_id,
    LedgerEntry.detail,
    LedgerEntry.due_at,
)


def read_entry(rules: RuleBook, row: LedgerEntry | Row[Any]) -> Entry:
    """A ledger row as the rules read it, with the versions of policy and calendar it names.

    Raises ValueError or KeyError for a row that no version of the rules can have written.
    """
    what, detail = EntryKind(row.what), row.detail
    terms = None
    if what in (EntryKind.START, EntryKind.RECOMPUTE):
        policy = rules.policy_versions[detail["policy_version"]]
        calendar = rules.calendar_versions[detail["calendar_version"]]
        terms = Terms(policy.clause(detail["clause"]), calendar)
    return Entry(what, row.at, terms, row.until, row.reason, row.by_id, detail, row.due_at)


def terms_entry(
    rules: RuleBook,
    what: EntryKind,
    clock: ClockState,
    at: datetime,
    *,
    by_id: int | None,
    reason: str = "",
) -> Entry:
    """The start or recompute entry by which a clock is counted as it says, not yet stored."""
    detail = {
        "policy_version": clock.policy_version_id,
        "clause": clock.clause,
        "calendar_version": clock.calendar_version_id,
    }
    terms = rules.versions.terms_of(clock)
    return Entry(what, at, terms, reason=reason, by_id=by_id, detail=detail)


_books: WeakKeyDictionary[Engine, RuleBook] = WeakKeyDictionary()

#: The newest version there is; whoever asks the database for something else may ask along.
LATEST = select(func.max(RuleVersion.id)).scalar_subquery()
_ONLY_LATEST = select(LATEST)
_SEEN = "tanggap_latest_rules"


def current_rules(session: Session) -> RuleBook:
    """The rule book in force, the same for a whole transaction unless it loads rules itself.

    One small query, unless the newest version has been seen in this transaction. Raises Invalid
    when nothing has been loaded yet.
    """
    engine = session.get_bind()
    transaction, latest = session.info.get(_SEEN, (None, None))
    if latest is None or transaction is not session.get_transaction():
        latest = session.connection().scalar(_ONLY_LATEST)
        note_latest(session, latest)
    if latest is None:
        raise Invalid(N_("The organisation's rules are not loaded. Run `complaints init` first."))
    assert isinstance(engine, Engine)
    book = _books.get(engine)
    if book is None or book.latest_id != latest:
        try:
            book = _read(session, latest)
        except ValueError as error:
            # They were loaded by a version that asked for less.
            raise Invalid(
                N_("The organisation's rules cannot be used. Run `complaints init` again. %(why)s"),
                why=str(error),
            ) from error
        _books[engine] = book
    return book


def note_latest(session: Session, latest: int | None) -> None:
    """Remember for this transaction what `LATEST` was."""
    session.info[_SEEN] = (session.get_transaction(), latest)


@event.listens_for(RuleVersion, "after_insert")
def _forget_latest(mapper: object, connection: object, version: RuleVersion) -> None:
    session = object_session(version)
    if session is not None:
        session.info.pop(_SEEN, None)


def _read(session: Session, latest: int) -> RuleBook:
    text = cast(RuleVersion.body, Text).label("text")
    query = select(RuleVersion.id, RuleVersion.kind, RuleVersion.code, text)
    rows = session.execute(query.order_by(RuleVersion.id)).all()
    newest = {(row.kind, row.code): row for row in rows}
    files = {row.kind: row for row in newest.values() if row.kind in FILES}
    absent = [name for name in FILES if name not in files]
    if absent:
        raise Invalid(
            N_("The organisation's rules lack %(names)s. Run `complaints init` again."),
            names=", ".join(absent),
        )

    def versions(kind: str) -> dict[int, Any]:
        return {row.id: read_rules(kind, row.id, row.text) for row in rows if row.kind == kind}

    def in_force(name: str) -> Any:
        return read_rules(name, files[name].id, files[name].text)

    calendars, ladders = versions("calendar"), versions("ladder")
    undertaken = versions("commitments")
    policies = versions("policy") | {key: each.policy for key, each in undertaken.items()}
    in_use = [policies[row.id] for (kind, _), row in newest.items() if kind == "policy"]
    organisation = in_force("organisation")
    ladder_row = newest[("ladder", organisation.ladder)]
    return RuleBook(
        latest_id=latest,
        organisation=organisation,
        taxonomy=in_force("taxonomy"),
        matrix=in_force("priority"),
        authority=in_force("authority"),
        record=in_force("record"),
        commitments=in_force("commitments"),
        leaflet=in_force("standard_information"),
        scripts=in_force("scripts"),
        letters=in_force("letters"),
        exits=in_force("exits"),
        policies=tuple(each for each in in_use if each.code in organisation.policies),
        all_policies=tuple(in_use),
        ladder=ladders[ladder_row.id],
        calendars={
            code: Versioned(row.id, calendars[row.id])
            for (kind, code), row in newest.items()
            if kind == "calendar"
        },
        branches={
            branch.id: BranchRule(
                branch.id,
                branch.code,
                branch.name,
                branch.calendar,
                branch.address,
                branch.phone,
            )
            for branch in session.scalars(select(Branch))
        },
        teams={
            team.id: TeamRule(team.id, team.code, team.label_id, team.label_en, team.lead_id)
            for team in session.scalars(select(Team))
        },
        calendar_versions=calendars,
        policy_versions=policies,
        ladder_versions=ladders,
        codes={row.id: row.code for row in rows if row.kind in ("calendar", "ladder")},
    )
