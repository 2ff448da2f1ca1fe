"""The organisation's rules in force as domain values: which calendar, policy or team applies."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from complaints.domain.clauses import Policy
from complaints.domain.clock_state import ClockState
from complaints.domain.commitments.config import CommitmentRules
from complaints.domain.config.authority import Authority
from complaints.domain.config.exits import ExitBook
from complaints.domain.config.leaflet import Leaflet
from complaints.domain.config.letter_phrases import LetterPhrases
from complaints.domain.config.mailboxes import Mailboxes
from complaints.domain.config.organisation import Organisation
from complaints.domain.config.written_record import WrittenRecord
from complaints.domain.errors import N_, Invalid
from complaints.domain.escalation import Ladder
from complaints.domain.ledger import Terms
from complaints.domain.number import NumberForm
from complaints.domain.policies.whatif import Versions
from complaints.domain.priority import PriorityMatrix
from complaints.domain.scripts import ScriptBook
from complaints.domain.suggestions import Synonyms
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.worktime import WorkCalendar
from complaints.rulebook.in_use import require_in_use

_A_DAY = timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Versioned(Generic[T]):
    """A rule and the id of the row it was read from."""

    id: int
    value: T


@dataclass(frozen=True, slots=True)
class TaxonomyVersion:
    """What the taxonomy said from an instant on; read when it is first asked."""

    since: datetime
    read: Callable[[], Taxonomy]


@dataclass(frozen=True, slots=True)
class BranchRule:
    """A branch as the rules need it; one that is `retired` takes nothing new."""

    id: int
    code: str
    name: str
    calendar: str
    address: str
    phone: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class TeamRule:
    """A team as the rules need it; to one that is `retired` nothing is given any more."""

    id: int
    code: str
    label_id: str
    label_en: str
    lead_id: int | None
    retired: bool = False


@dataclass(slots=True, eq=False, weakref_slot=True)
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
    mailboxes: Mailboxes
    synonyms: Synonyms
    policies: tuple[Policy, ...]
    all_policies: tuple[Policy, ...]
    ladder: Ladder
    calendars: Mapping[str, Versioned[WorkCalendar]]
    branches: Mapping[int, BranchRule]
    teams: Mapping[int, TeamRule]
    calendar_versions: Mapping[int, WorkCalendar]
    policy_versions: Mapping[int, Policy]
    ladder_versions: Mapping[int, Ladder]
    #: Whether any webhook is switched on, so that what happens is told to other programs.
    has_webhooks: bool
    #: Version id → code, of calendars and ladders; a policy knows its own.
    codes: Mapping[int, str]
    #: All that the taxonomy ever said, the oldest first.
    taxonomy_versions: Sequence[TaxonomyVersion] = ()
    #: When the next change that is planned comes into force.
    next_plan_at: datetime | None = None
    teams_by_code: Mapping[str, TeamRule] = field(default_factory=dict)
    branches_by_code: Mapping[str, BranchRule] = field(default_factory=dict)
    _versions: Versions | None = None
    #: The days on which a clause of any version begins to hold or holds no longer.
    _turns: Sequence[date] = ()
    #: Version of a policy and clause in it, of all that count calendar days or hours by the clock.
    _by_the_clock: Set[tuple[int | None, str | None]] = frozenset()

    def taxonomy_at(self, at: datetime) -> Taxonomy:
        """The taxonomy as it was at an instant, with the names of that time."""
        after = bisect_right(self.taxonomy_versions, at, key=lambda each: each.since)
        if after in (0, len(self.taxonomy_versions)):
            # Before the first one nothing was named; what came in later by an import is told now.
            return self.taxonomy
        return self.taxonomy_versions[after - 1].read()

    def counts_worktime(self, policy_version_id: int | None, clause_id: str | None) -> bool:
        """Whether a clause counts working time; one that nobody knows any more does."""
        return (policy_version_id, clause_id) not in self._by_the_clock

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
        self._by_the_clock = {
            (version, each.id)
            for version, policy in self.policy_versions.items()
            for each in policy.clauses
            if not each.unit.startswith("working")
        }
        after = {each.valid_to + _A_DAY for each in clauses if each.valid_to < date.max}
        self._turns = sorted({each.valid_from for each in clauses} | after)

    @property
    def numbers(self) -> NumberForm:
        """How a complaint's public number is written and read."""
        return self.organisation.numbers

    @property
    def home_zone(self) -> ZoneInfo:
        """The zone of what belongs to no branch, such as the rules: that of the first branch."""
        return self.own_calendar(None).tz

    @property
    def policy_codes(self) -> list[str]:
        """The codes of the policies that are switched on."""
        return [policy.code for policy in self.policies]

    def calendar_of(self, branch_id: int) -> Versioned[WorkCalendar]:
        """The calendar a branch works by."""
        return self.calendars[self.branches[branch_id].calendar]

    def own_calendar(self, branch_id: int | None) -> WorkCalendar:
        """The calendar of a person's branch; whoever has none goes by that of the first."""
        known = self.branches.get(branch_id or 0) or next(iter(self.branches.values()))
        return self.calendars[known.calendar].value

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

    def units_of(self, category: str | None) -> list[str]:
        """The codes of the units that complaints of a category are sent to (020-2.1).

        A category that is no longer used may name a unit that is not either; nobody is asked there.
        """
        retired = self.organisation.retired_teams
        return [each for each in self.taxonomy.parties_of(category) if each not in retired]

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

    def branch_in_use(self, code: str) -> BranchRule:
        """The branch with this code, for something new; Invalid where it takes nothing new."""
        branch = self.branch_by_code(code)
        if branch.retired:
            raise Invalid(
                N_("Branch %(name)s takes nothing new any more. Choose another."),
                field="branch",
                name=branch.name,
            )
        return branch

    @property
    def branches_in_use(self) -> list[BranchRule]:
        """The branches that something new can be given to, in the order of the file."""
        return [each for each in self.branches.values() if not each.retired]

    @property
    def default_branch(self) -> BranchRule:
        """The branch of what names none: the first one in use."""
        return min(self.branches_in_use, key=lambda each: each.id)

    def team_by_code(self, code: str) -> TeamRule:
        """The unit with this code; Invalid when there is none, or when it is no longer used."""
        team = self.teams_by_code.get(code)
        if team is None:
            raise Invalid(N_("There is no unit %(code)s."), field="team", code=code[:40])
        require_in_use("team", team.code, team)
        return team
