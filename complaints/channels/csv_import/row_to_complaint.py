"""What the import makes of a mapped row: a complaint as another system tells it.

The map says where our fields stand and what their codes mean; nothing is guessed beyond it.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.priority import Priority
from complaints.domain.short_reason import is_reason
from complaints.formats.inputs import UnusableFile
from complaints.formats.mapfile import MapFile
from complaints.formats.rejects import is_ours
from complaints.formats.rows import MappedRow, MappedRows
from complaints.models import Complaint
from complaints.people.customers import CustomerGiven
from complaints.rulebook import RuleBook
from complaints.steps.receive import CONTROLS, ComplaintGiven
from complaints.takeover.validate import ForeignComplaint, ImportOptions

#: Fields that hold one of our codes; a default replaces what is not one.
CODES = ("category", "channel", "status", "branch", "tier", "priority", "outcome")
TEXTS = (
    "external_id",
    "story",
    "product",
    "customer_name",
    "customer_phone",
    "customer_email",
    "customer_number",
    "salutation",
    "remedy_wanted",
    "summary",
)
TIMES = ("received_at", "closed_at", "incident_at", "told_due_at")
FIELDS = (*TEXTS, *CODES, *TIMES)

#: Of several rows of a number these count without a word of the map; in other fields none does.
WINNERS = {"story": "first", "received_at": "first", "status": "last", "closed_at": "last"}
#: How many values that contradict each other a reason names.
MOST_SHOWN = 3

#: Nothing that a system of ours takes over began earlier; a year of two digits lies before it.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

#: What may run over several lines; everything else is one line.
_LONG = frozenset({"story", "remedy_wanted", "summary"})
# In a name or number these would turn the text around them; in a story they may be rightly there.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CSV_ENDINGS = (".gz", ".csv", ".tsv", ".txt", ".rejected")


@dataclass(frozen=True, slots=True)
class ImportMap:
    """A MAP.toml read for the import of one file.

    `known` holds our codes by field, `source` names the other system in every complaint. `winners`
    says by field which row of a number counts, "first" or "last"; None when a row is a complaint.
    """

    map: MapFile
    source: str
    options: ImportOptions
    known: Mapping[str, Collection[str]]
    first_branch: str
    defaults: Mapping[str, str] = field(default_factory=dict)
    winners: Mapping[str, str] | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether rows of one number are one complaint."""
        return self.winners is not None

    @classmethod
    def read(cls, map_file: MapFile, path: Path, rules: RuleBook) -> "ImportMap":
        """Check what only the import asks of a map; raises UnusableFile with one sentence."""
        taxonomy = rules.taxonomy
        known: dict[str, Collection[str]] = {
            "category": taxonomy.categories,
            "channel": taxonomy.channels,
            "status": frozenset(Status),
            "branch": rules.branches_by_code,
            "tier": taxonomy.tiers,
            "priority": frozenset(Priority),
            "outcome": taxonomy.outcomes,
        }
        settings = map_file.for_import
        for name in map_file.sources:
            if name not in FIELDS:
                raise UnusableFile(f"columns.{name}: unknown field; there are {', '.join(FIELDS)}")
        map_file.require("received_at", "story")
        defaults = _defaults(settings.get("defaults", {}), known)
        if "channel" not in map_file.sources and "channel" not in defaults:
            raise UnusableFile('columns.channel is needed, such as { const = "call" }')
        return cls(
            map=map_file,
            source=_source(settings.get("source"), path),
            options=_options(settings),
            known=known,
            first_branch=rules.default_branch.code,
            defaults=defaults,
            winners=_winners(map_file),
        )

    def complaint(self, row: MappedRow, header: Sequence[str]) -> ForeignComplaint:
        """The row as a complaint; codes are as translated, known or not."""
        text, code = self._text, self._code
        fields = row.fields
        return ForeignComplaint(
            given=ComplaintGiven(
                customer=CustomerGiven(
                    name=text(fields, "customer_name"),
                    salutation=text(fields, "salutation"),
                    phone=text(fields, "customer_phone"),
                    email=text(fields, "customer_email"),
                    number=text(fields, "customer_number"),
                    tier=code(fields, "tier") or "",
                ),
                channel=code(fields, "channel") or "",
                story=text(fields, "story"),
                branch=code(fields, "branch") or self.first_branch,
                received_at=_instant(fields, "received_at"),  # type: ignore[arg-type]
                category=code(fields, "category"),
                product=text(fields, "product"),
                incident_at=_instant(fields, "incident_at"),
                remedy_wanted=text(fields, "remedy_wanted"),
                external_id=text(fields, "external_id") or row_key(header, row.cells),
                source=self.source,
            ),
            status=code(fields, "status"),
            closed_at=_instant(fields, "closed_at"),
            told_due_at=_instant(fields, "told_due_at"),
            priority=code(fields, "priority"),
            outcome=code(fields, "outcome"),
            summary=text(fields, "summary"),
        )

    def problems(self, row: MappedRow) -> list[Invalid]:
        """Why the row cannot be a complaint whatever the rules say."""
        unreadable = self.unreadable(row)
        if not unreadable and row.fields.get("received_at") is None:
            return [Invalid(N_("The time of receipt is missing."), field="received_at")]
        return unreadable

    def unreadable(self, row: MappedRow) -> list[Invalid]:
        """Why what the row says cannot be read, be it a complaint or one event of it."""
        if row.problems:
            return row.problems
        if any("\0" in cell for cell in row.cells):
            return [Invalid(N_("The row contains a NUL character, which is not text. Remove it."))]
        return [
            Invalid(N_("The year %(year)s cannot be meant."), field=name, year=str(at.year))
            for name in TIMES
            if (at := _instant(row.fields, name)) is not None and at < EARLIEST
        ]

    def number_of(self, row: MappedRow, rows: MappedRows) -> str | None:
        """Their number of the complaint, also of a row whose other cells cannot be read."""
        try:
            number = rows.reader_of("external_id")(row.cells)
        except (Invalid, IndexError):
            return None
        return self._text({"external_id": number}, "external_id") or None

    def received_at(self, row: MappedRow) -> datetime | None:
        """When the row says that it came, or that its event was."""
        return _instant(row.fields, "received_at")

    def merged(self, rows: Sequence[MappedRow]) -> MappedRow:
        """What the rows of one number say together, in the order of their times.

        A blank cell says nothing. Where rows differ and the map does not settle which counts, that
        is a problem of the result.
        """
        result = MappedRow(rows[0].line, rows[0].cells, {})
        for name in self.map.sources:
            told = [row.fields[name] for row in rows if row.fields[name] is not None]
            winner = (self.winners or {}).get(name)
            if winner is None and len(set(told)) > 1:
                result.problems.append(_differ(rows[0].fields["external_id"], name, told))
            result.fields[name] = told[-1 if winner == "last" else 0] if told else None
        if _is_time_of_event(self.map) and self._code(result.fields, "status") not in ENDED:
            result.fields["closed_at"] = None
        return result

    def _text(self, fields: Mapping[str, Any], name: str) -> str:
        value = fields.get(name)
        text = self.defaults.get(name, "") if value is None else str(value)
        if CONTROLS.search(text):
            text = CONTROLS.sub("", text)
        if name in _LONG:
            return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        if not text.isprintable():
            text = " ".join(_DIRECTIONS.sub("", text).split())
        return text

    def _code(self, fields: Mapping[str, Any], name: str) -> str | None:
        value = fields.get(name)
        code = str(value).strip() if value is not None else ""
        if code in self.known[name]:
            return code
        return self.defaults.get(name) or code or None


def row_key(header: Sequence[str], cells: Sequence[str]) -> str:
    """A number for a row that has none: the same for the same cells, in whatever order.

    All cells count and not only the mapped ones, so that complaints which differ elsewhere stay
    apart and a better map does not make them new.
    """
    width = len(header) - 1 if is_ours(header) else len(header)
    named = sorted(
        [name, cell.strip()]
        for name, cell in zip(header[:width], cells[:width], strict=False)
        if cell.strip()
    )
    text = json.dumps(named, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return f"row-{hashlib.sha256(text).hexdigest()[:32]}"


def source_of(path: Path) -> str:
    """The name of a file without its endings, also of its file of rejected rows."""
    name = path.name
    while name.lower().endswith(_CSV_ENDINGS) and name.count("."):
        name = name.rpartition(".")[0]
    return name


def _source(given: object, path: Path) -> str:
    source = source_of(path) if given is None else given
    if not isinstance(source, str) or not source.strip() or not source.isprintable():
        raise UnusableFile(f"source: {source!r} is not a name")
    most = Complaint.source.type.length
    if len(source.strip()) > most:
        raise UnusableFile(
            f"source: the name is longer than {most} characters; write a shorter one"
        )
    return source.strip()


def _defaults(given: object, known: Mapping[str, Collection[str]]) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise UnusableFile("defaults: a table of our field = value is needed")
    for name, value in given.items():
        if name not in (*TEXTS, *CODES) or name == "external_id":
            raise UnusableFile(f"defaults.{name}: this field cannot have a default")
        if not isinstance(value, str):
            raise UnusableFile(f"defaults.{name}: {value!r} is not a text")
        if name in known and value not in known[name]:
            raise UnusableFile(f"defaults.{name}: there is no {name} {value}")
    return dict(given)


def _winners(map_file: MapFile) -> dict[str, str] | None:
    """Which row of a number counts by field, as the map's group says or as is usual."""
    group_by, group = map_file.for_import.get("group_by"), map_file.for_import.get("group", {})
    if not isinstance(group, Mapping):
        raise UnusableFile('group: a table of our field = "first" or "last" is needed')
    if group_by is None:
        if group:
            raise UnusableFile('group: needs group_by = "external_id"')
        return None
    if group_by != "external_id":
        raise UnusableFile(f'group_by: {group_by!r} is not "external_id"; rows go by that alone')
    source = map_file.sources.get("external_id")
    if source is None or source.const is not None:
        raise UnusableFile("group_by: columns.external_id has to name a column")
    for name, winner in group.items():
        if name not in map_file.sources or name == "external_id":
            raise UnusableFile(f"group.{name}: columns has no such field to choose a row for")
        if winner not in ("first", "last"):
            raise UnusableFile(f'group.{name}: {winner!r} is neither "first" nor "last"')
    if _is_time_of_event(map_file) and "status" not in map_file.sources:
        raise UnusableFile(
            "columns.status is needed: closed_at is the time of every event, and only the status "
            "says which of them was the end"
        )
    return {**WINNERS, **group}


def _is_time_of_event(map_file: MapFile) -> bool:
    """Whether the closing time stands in the column of every event's time."""
    sources = map_file.sources
    return "closed_at" in sources and sources["closed_at"] == sources["received_at"]


def _differ(number: object, name: str, told: Sequence[object]) -> Invalid:
    values = [_shown(value) for value in dict.fromkeys(told)]
    more = ", …" if len(values) > MOST_SHOWN else ""
    return Invalid(
        N_(
            "The rows of number %(number)s differ in %(name)s: %(values)s. Correct them, or say "
            'under [group] in the map which row counts: %(name)s = "first" or "last".'
        ),
        number=str(number),
        name=name,
        values=", ".join(values[:MOST_SHOWN]) + more,
    )


def _shown(value: object) -> str:
    text = f"{value:%Y-%m-%d %H:%MZ}" if isinstance(value, datetime) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _options(settings: Mapping[str, Any]) -> ImportOptions:
    gates, notify = settings.get("gates", "take_over"), settings.get("notify")
    history = settings.get("history", {})
    if gates not in ("take_over", "refuse"):
        raise UnusableFile(f'gates: {gates!r} is neither "take_over" nor "refuse"')
    if notify is not None and not isinstance(notify, bool):
        raise UnusableFile(f"notify: {notify!r} is neither true nor false")
    if not isinstance(history, Mapping) or set(history) - {"reason"}:
        raise UnusableFile("history: a table with a reason is needed")
    reason = history.get("reason", "")
    if not isinstance(reason, str) or (history and not is_reason(reason)):
        raise UnusableFile("history.reason: say in a few words why the steps cannot be shown")
    return ImportOptions(reason=reason.strip(), refuses=gates == "refuse", notify=notify)


def _instant(fields: Mapping[str, Any], name: str) -> datetime | None:
    value = fields.get(name)
    return value if isinstance(value, datetime) else None
