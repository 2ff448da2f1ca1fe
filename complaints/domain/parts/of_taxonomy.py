"""The parts of `taxonomy.toml`: what complaints are about, how they come in and how they end."""

from complaints.domain.errors import N_
from complaints.domain.parts.fields import CODE, NAME, Field, FieldKind, Part, both
from complaints.domain.taxonomy.items import MOST_REPLY_HOURS

_FILE = "taxonomy"
_OURS = {"source": "ours"}

_PROCEDURE = Field(
    name="steps",
    label=N_("Proposed steps"),
    kind=FieldKind.ROWS,
    hint=N_("Proposed at intake, in this order. The time is that to the promised deadline."),
    fields=(
        *both("text", N_("Step"), required=True),
        Field(
            name="owner", label=N_("Done by"), kind=FieldKind.CHOICE, options="owner", required=True
        ),
        Field(
            name="due_share",
            label=N_("Due after (percent of the time)"),
            kind=FieldKind.SHARE,
            required=True,
        ),
    ),
)


def _number(name: str, label: str, most: int, hint: str = "") -> Field:
    return Field(name=name, label=label, kind=FieldKind.NUMBER, hint=hint, least=1, most=most)


PARTS = (
    Part(
        code="groups",
        file=_FILE,
        path="category_group",
        makes="category_group",
        is_retirable=True,
        title=N_("Groups of categories"),
        item=N_("Group"),
        about=N_(
            "Categories that are handled alike: which units they go to, which steps are "
            "proposed, what may be offered."
        ),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            Field(
                name="parties", label=N_("Sent to units"), kind=FieldKind.CHOICES, options="team"
            ),
            _PROCEDURE,
            Field(
                name="remedies",
                label=N_("Remedies that may be offered"),
                kind=FieldKind.CHOICES,
                options="remedy",
            ),
        ),
    ),
    Part(
        code="categories",
        file=_FILE,
        path="category_group.items",
        makes="category",
        is_retirable=True,
        title=N_("Categories"),
        item=N_("Category"),
        about=N_(
            "What customers complain about. Routing and steps are the group’s, unless a "
            "category has units of its own."
        ),
        fresh=_OURS,
        parent=Field(
            name="group",
            label=N_("Group"),
            kind=FieldKind.CHOICE,
            options="category_group",
            required=True,
        ),
        fields=(
            CODE,
            *NAME,
            *both("spoken", N_("Within a sentence to the customer")),
            Field(
                name="severity",
                label=N_("Severity"),
                kind=FieldKind.CHOICE,
                options="severity",
                is_number=True,
                required=True,
            ),
            Field(
                name="parties",
                label=N_("Sent to units of its own"),
                kind=FieldKind.CHOICES,
                options="team",
                hint=N_("Choose none to follow the group."),
            ),
            Field(
                name="repeats",
                label=N_("It reports by itself that something happened again"),
                kind=FieldKind.FLAG,
                hint=N_("Proposed if this customer had a complaint of the group closed lately."),
            ),
            Field(
                name="late",
                label=N_("It is about something promised that is late"),
                kind=FieldKind.FLAG,
                hint=N_("Proposed where what was promised to this customer is overdue, or was."),
            ),
            Field(
                name="area",
                label=N_("It concerns many customers of a place"),
                kind=FieldKind.FLAG,
                hint=N_("Proposed where more of the group came in at the branch than usual."),
            ),
        ),
    ),
    Part(
        code="channels",
        file=_FILE,
        path="channel",
        makes="channel",
        is_retirable=True,
        title=N_("Channels"),
        item=N_("Channel"),
        about=N_("Ways in which complaints reach us, and how we answer on them."),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            Field(name="oral", label=N_("Spoken, not written"), kind=FieldKind.FLAG),
            Field(
                name="method", label=N_("How we answer"), kind=FieldKind.CHOICE, options="method"
            ),
            Field(
                name="fallback",
                label=N_("How we answer without an email address"),
                kind=FieldKind.CHOICE,
                options="method",
            ),
            Field(
                name="reply_hours",
                label=N_("Public posts are answered within so many working hours"),
                hint=N_("0 or empty: nobody posts about us there."),
                kind=FieldKind.NUMBER,
                most=MOST_REPLY_HOURS,
            ),
        ),
    ),
    Part(
        code="tiers",
        file=_FILE,
        path="tier",
        makes="tier",
        title=N_("Customer types"),
        item=N_("Customer type"),
        about=N_(
            "They choose the column of the priority grid. A legal time limit is the same "
            "for all of them."
        ),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            Field(
                name="weight",
                label=N_("Column of the priority grid"),
                kind=FieldKind.CHOICE,
                options="weight",
                is_number=True,
                required=True,
            ),
        ),
    ),
    Part(
        code="needs",
        file=_FILE,
        path="need",
        makes="need",
        title=N_("Special needs"),
        item=N_("Special need"),
        about=N_("What a customer needs us to consider."),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            Field(
                name="vulnerable",
                label=N_("Vulnerable: raises the priority by one step"),
                kind=FieldKind.FLAG,
            ),
        ),
    ),
    Part(
        code="cause-groups",
        file=_FILE,
        path="cause_group",
        makes="cause_group",
        is_retirable=True,
        title=N_("Groups of causes"),
        item=N_("Group of causes"),
        about=N_("Causes of one kind. The group itself can be chosen as a cause."),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            Field(
                name="needs_supervisor",
                label=N_("Someone else confirms it"),
                kind=FieldKind.FLAG,
            ),
            Field(
                name="needs_investigation",
                label=N_("The plan must contain a step that finds the cause"),
                kind=FieldKind.FLAG,
            ),
        ),
    ),
    Part(
        code="causes",
        file=_FILE,
        path="cause_group.items",
        makes="cause",
        is_retirable=True,
        title=N_("Causes"),
        item=N_("Cause"),
        about=N_("What brought the complaint about, within its group."),
        parent=Field(
            name="group",
            label=N_("Group of causes"),
            kind=FieldKind.CHOICE,
            options="cause_group",
            required=True,
        ),
        fields=(CODE, *NAME),
    ),
    Part(
        code="remedies",
        file=_FILE,
        path="remedy",
        makes="remedy",
        is_retirable=True,
        title=N_("Remedies"),
        item=N_("Remedy"),
        about=N_(
            "What may be offered. How much a role may give without approval is set under "
            "limits and thresholds."
        ),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            Field(
                name="kind",
                label=N_("Kind"),
                kind=FieldKind.CHOICE,
                options="remedy_kind",
                required=True,
            ),
        ),
    ),
    Part(
        code="outcomes",
        file=_FILE,
        path="outcome",
        makes="outcome",
        is_closed=True,
        title=N_("Outcomes"),
        item=N_("Outcome"),
        about=N_(
            "How a complaint ends. Which kind of ending each one is can only be set in the file."
        ),
        fields=(CODE, *NAME),
    ),
    Part(
        code="not-complaints",
        file=_FILE,
        path="not_complaint",
        makes="not_complaint",
        is_closed=True,
        title=N_("What is no complaint"),
        item=N_("No complaint"),
        about=N_("Requests and questions that come in as well."),
        fields=(CODE, *NAME),
    ),
    Part(
        code="synonyms",
        file="synonyms",
        path="words",
        key="of",
        title=N_("Words customers use"),
        item=N_("Words customers use"),
        about=N_(
            "They find a category when someone types, and propose some from the customer’s "
            "story. Staff choose."
        ),
        fields=(
            Field(
                name="of",
                label=N_("Category"),
                kind=FieldKind.CHOICE,
                options="spoken_of",
                required=True,
            ),
            Field(
                name="phrases_id",
                label=N_("Words and phrases"),
                kind=FieldKind.LINES,
                lang="id",
                hint=N_("One per line."),
            ),
            Field(
                name="phrases_en",
                label=N_("Words and phrases"),
                kind=FieldKind.LINES,
                lang="en",
                hint=N_("One per line."),
            ),
        ),
    ),
    Part(
        code="spellings",
        file="synonyms",
        path="spelling",
        key="word",
        title=N_("Other spellings"),
        item=N_("Other spellings"),
        about=N_("Short forms, chat and frequent typing errors, read as the full word."),
        fields=(
            Field(name="word", label=N_("Word"), kind=FieldKind.CODE, required=True),
            Field(
                name="written",
                label=N_("Also written"),
                kind=FieldKind.LINES,
                required=True,
                hint=N_("One per line."),
            ),
        ),
    ),
    Part(
        code="facts",
        file="synonyms",
        path="facts",
        is_list=False,
        is_optional=True,
        title=N_("What proposes a category beside words"),
        about=N_(
            "Categories of repeats, of late promises and of whole areas are proposed by what is "
            "on record, with its figures. Staff choose."
        ),
        fields=(
            Field(
                name="propose",
                label=N_("Propose them by what is on record"),
                kind=FieldKind.FLAG,
                hint=N_("Otherwise they are proposed by words, like all others."),
            ),
            _number("repeat_days", N_("Days since the earlier complaint was closed, at most"), 366),
            _number("late_days", N_("Days for which a missed promise counts once it is kept"), 366),
            _number("area_complaints", N_("Open complaints at the branch, at least"), 1_000),
            _number("area_hours", N_("Hours within which they came in"), 24),
            _number(
                "area_times",
                N_("Times as many as usual, at least"),
                100,
                N_("Usual is the mean of the same hours in the eight weeks before."),
            ),
        ),
    ),
    Part(
        code="definition",
        file=_FILE,
        path="definition",
        is_list=False,
        title=N_("What a complaint is"),
        about=N_("The definition customers read on the page about our service."),
        fields=both("text", N_("Text"), kind=FieldKind.TEXT, required=True),
    ),
)
