"""Files of mentions: each row a public post; a repeated run records none of them twice.

A map that says where a `link` comes from is one of mentions, all others are of complaints.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from complaints.channels.csv_import.reasons import Say, reason
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Actor
from complaints.domain.public_posts.links import link_key, read_link
from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.rows import MappedRow
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.public_posts.take import FROM_FILE, PostGiven, take_post

#: What every row has to say; `branch` where the organisation has several.
NEEDED = ("channel", "link", "author", "text", "posted_at")
FIELDS = (*NEEDED, "branch")
_MISSING = N_("This is needed and missing.")


@dataclass(slots=True)
class MentionRun:
    """One run over one file of mentions; in a rehearsal `met` are the links it would record."""

    map: MapFile
    by: Actor
    at: datetime
    branch: str = ""
    is_rehearsal: bool = False
    met: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.map.require(*NEEDED)
        if unknown := sorted(self.map.sources.keys() - set(FIELDS)):
            known = ", ".join(FIELDS)
            raise UnusableFile(f"map: a mention has no {', '.join(unknown)}; it has {known}")

    def require_known(self, rules: RuleBook) -> None:
        """Raise UnusableFile for what the map itself says wrong, before any row is read.

        A constant or a translation that no row could be recorded with would else be the reason of
        every row.
        """
        known = {
            "channel": {each.id for each in rules.taxonomy.channels.values() if each.reply_hours},
            "branch": {each.code for each in rules.branches_in_use},
        }
        for name, codes in known.items():
            source, values = self.map.sources.get(name), self.map.values.get(name, {})
            said = {f"values.{name}": each for each in values.values() if each not in codes}
            const = source.const if source is not None else None
            if const is not None and values.get(const, const) not in codes:
                said[f"columns.{name}"] = const
            for where, value in said.items():
                raise UnusableFile(f"{where}: no {name} takes posts that is called {value!r}")
        const = self.map.sources["posted_at"].const
        if const is not None:
            raise UnusableFile(f"columns.posted_at: {const!r} cannot be the time of every post")

    def take(self, session: Session, rules: RuleBook, row: MappedRow) -> bool | list[Refused]:
        """Record one row, within a savepoint: whether the post is new, or what keeps it out."""
        lacking: list[Refused] = [
            Invalid(_MISSING, field=name) for name in NEEDED if row.fields.get(name) is None
        ]
        problems: list[Refused] = [*row.problems]
        if problems or lacking:
            return problems or lacking
        try:
            given = self._given(rules, row.fields)
            with session.begin_nested():
                taken = take_post(session, rules, given, by=self.by, at=self.at)
        except Refused as refused:
            return [refused]
        except DataError:
            return [Invalid(N_("The database cannot store this row. Shorten its texts."))]
        if not self.is_rehearsal:
            return taken.is_new
        key = link_key(read_link(given.link))
        is_new = taken.is_new and key not in self.met
        self.met.add(key)
        return is_new

    def _given(self, rules: RuleBook, fields: Mapping[str, object]) -> PostGiven:
        posted_at = fields["posted_at"]
        if not isinstance(posted_at, datetime):
            raise Invalid(N_("This is no time that can be read."), field="posted_at")
        branch = str(fields.get("branch") or self.branch)
        if not branch and len(rules.branches_in_use) == 1:
            branch = rules.default_branch.code
        if not branch:
            raise Invalid(_MISSING, field="branch")
        return PostGiven(
            channel=str(fields["channel"]),
            link=str(fields["link"]),
            author=str(fields["author"]),
            text=str(fields["text"]),
            posted_at=posted_at,
            branch=branch,
            source=FROM_FILE,
        )


def is_of_mentions(map_file: MapFile) -> bool:
    """Whether a map is one of mentions."""
    return "link" in map_file.sources


def take_row(
    sessions: Callable[[], Session], run: MentionRun, row: MappedRow, say: Say
) -> bool | str:
    """Record one row in a transaction of its own: whether it is new, or why it is rejected."""
    with sessions() as session:
        done = run.take(session, current_rules(session), row)
        if run.is_rehearsal or isinstance(done, list):
            session.rollback()
        else:
            session.commit()
    return done if isinstance(done, bool) else reason(done, run.map.sources, say)
