"""The parts that hold words: letters, scripts, the leaflet, the written record, reasons."""

from complaints.domain.errors import N_
from complaints.domain.parts.fields import CODE, NAME, Field, FieldKind, Part, both

_OURS = {"source": "ours"}
_BRACES = N_("Facts are written in braces, such as {organisation}.")
_WORDS = Field(
    name="words",
    label=N_("Words that name it in a sentence"),
    kind=FieldKind.LINES,
    hint=N_("One per line."),
)

LETTERS = (
    Part(
        code="drafts",
        file="letters",
        path="draft",
        key="",
        title=N_("First words of letters"),
        item=N_("First words of a letter"),
        about=N_(
            "What a letter says before someone writes it. A line with an unknown fact is left out."
        ),
        fields=(
            Field(
                name="kind",
                label=N_("Letter"),
                kind=FieldKind.CHOICE,
                options="letter",
                required=True,
            ),
            Field(
                name="categories",
                label=N_("Only for these categories"),
                kind=FieldKind.CHOICES,
                options="category",
                hint=N_("Choose none for all of them."),
            ),
            *both("text", N_("Text"), kind=FieldKind.TEXT, required=True),
        ),
    ),
    Part(
        code="sender",
        file="letters",
        path="sender",
        is_list=False,
        title=N_("Sender of letters"),
        about=N_("The name in front of the sender’s address."),
        fields=both("from_name", N_("Name"), required=True, hint=_BRACES),
    ),
    Part(
        code="signature",
        file="letters",
        path="signature",
        is_list=False,
        title=N_("End of letters"),
        about=N_("The end of every letter."),
        fields=(
            *both("line", N_("Closing line"), required=True),
            *both("signed", N_("Signed"), required=True, hint=_BRACES),
        ),
    ),
    Part(
        code="footer",
        file="letters",
        path="footer",
        is_list=False,
        title=N_("Footer of letters"),
        about=N_("Contact details below the signature."),
        fields=both("text", N_("Text"), required=True, hint=_BRACES),
    ),
    Part(
        code="routes",
        file="letters",
        path="route_onward",
        title=N_("Where a customer goes next"),
        item=N_("Way onward"),
        about=N_(
            "For a customer who is not satisfied, in this order. The bodies of the policy "
            "packs in use follow."
        ),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            *both("text", N_("Text"), kind=FieldKind.TEXT, required=True, hint=_BRACES),
            Field(name="external", label=N_("Outside the organisation"), kind=FieldKind.FLAG),
        ),
    ),
)

SCRIPTS = (
    Part(
        code="scripts",
        file="scripts",
        path="script",
        key="key",
        is_closed=True,
        title=N_("Service scripts"),
        item=N_("Script"),
        about=N_("Words proposed at the desk. The moments are fixed, the words are yours."),
        fields=(
            Field(name="key", label=N_("Code"), kind=FieldKind.CODE, required=True),
            *both("text", N_("Words"), kind=FieldKind.TEXT, required=True),
        ),
    ),
    Part(
        code="standards",
        file="scripts",
        path="standard",
        is_closed=True,
        title=N_("Standards of service"),
        item=N_("Standard of service"),
        about=N_("The numbered standards, as customers may read them."),
        fields=(CODE, *NAME),
    ),
)

_LISTED = N_("One word or phrase per line.")


def _courtesy(code: str, lang: str, title: str) -> Part:
    return Part(
        code=code,
        file="scripts",
        path=f"courtesy.{lang}",
        is_list=False,
        title=title,
        about=N_(
            "What an apology and thanks are checked against before they count. A text is checked "
            "against the words of both languages."
        ),
        fields=(
            Field(
                name="apology",
                label=N_("An apology has one of these"),
                kind=FieldKind.LINES,
                required=True,
                hint=N_("One word per line; its beginning is enough."),
            ),
            Field(
                name="thanks",
                label=N_("Thanks have one of these"),
                kind=FieldKind.LINES,
                required=True,
                hint=N_("One word per line; its beginning is enough."),
            ),
            Field(
                name="addresses",
                label=N_("Forms of address that count as one"),
                kind=FieldKind.LINES,
                required=True,
                hint=_LISTED,
            ),
            Field(
                name="blame",
                label=N_("Phrases that blame the customer"),
                kind=FieldKind.LINES,
                required=True,
                hint=N_("One per line. {you} is put for each of the words for the customer."),
            ),
            Field(
                name="you",
                label=N_("Words for the customer within such a phrase"),
                kind=FieldKind.LINES,
                hint=_LISTED,
            ),
            Field(
                name="not_after",
                label=N_("Words after which such a phrase blames nobody"),
                kind=FieldKind.LINES,
                hint=_LISTED,
            ),
        ),
    )


COURTESY = (
    _courtesy("courtesy-id", "id", N_("Courtesy words in Indonesian")),
    _courtesy("courtesy-en", "en", N_("Courtesy words in English")),
)

LEAFLET = (
    Part(
        code="leaflet",
        file="standard_information",
        path="item",
        makes="leaflet_item",
        title=N_("Leaflet on the service standard"),
        item=N_("Item of the leaflet"),
        about=N_("Every required item must have been given before a complaint is closed."),
        fresh=_OURS,
        fields=(
            CODE,
            *NAME,
            *both("spoken", N_("Within a sentence to the customer")),
            *both("text", N_("Text"), kind=FieldKind.TEXT, required=True, hint=_BRACES),
            Field(name="mandatory", label=N_("Required"), kind=FieldKind.FLAG),
        ),
    ),
)

RECORD = (
    Part(
        code="record",
        file="record",
        path="",
        is_list=False,
        title=N_("What every record needs"),
        about=N_(
            "Registration waits until every required field is filled in or marked as not available."
        ),
        fields=(
            Field(
                name="mandatory",
                label=N_("Required"),
                kind=FieldKind.CHOICES,
                options="record_field",
            ),
        ),
    ),
    Part(
        code="record-fields",
        file="record",
        path="field",
        makes="record_field",
        is_closed=True,
        title=N_("Names of record fields"),
        item=N_("Record field"),
        about=N_("What the fields of a record are called."),
        fields=(CODE, *NAME),
    ),
    Part(
        code="record-rules",
        file="record",
        path="rule",
        key="",
        title=N_("What certain records need besides"),
        item=N_("Rule for certain records"),
        about=N_("All conditions of a rule must fit; rules add up."),
        fields=(
            Field(name="channel", label=N_("Channel"), kind=FieldKind.CHOICES, options="channel"),
            Field(
                name="category_group",
                label=N_("Group"),
                kind=FieldKind.CHOICES,
                options="category_group",
            ),
            Field(
                name="category", label=N_("Category"), kind=FieldKind.CHOICES, options="category"
            ),
            Field(name="need", label=N_("Special need"), kind=FieldKind.CHOICES, options="need"),
            Field(
                name="mandatory",
                label=N_("Required"),
                kind=FieldKind.CHOICES,
                options="record_field",
            ),
        ),
    ),
)

REASONS = (
    Part(
        code="reasons",
        file="exits",
        path="reason",
        makes="reason",
        is_retirable=True,
        title=N_("Reasons for a step not done"),
        item=N_("Reason"),
        about=N_(
            "For which reasons a step may stay undone. Which steps those are is fixed in "
            "the product."
        ),
        fields=(
            CODE,
            *NAME,
            _WORDS,
            Field(
                name="criteria",
                label=N_("Steps"),
                kind=FieldKind.CHOICES,
                options="excusable",
            ),
            Field(
                name="needs", label=N_("Needs first"), kind=FieldKind.CHOICE, options="need_first"
            ),
        ),
    ),
    Part(
        code="pauses",
        file="exits",
        path="pause",
        makes="pause",
        is_retirable=True,
        title=N_("What a customer is waited for"),
        item=N_("Reason for a pause"),
        about=N_("During a pause the customer reads what we wait for."),
        fields=(
            CODE,
            *NAME,
            *both("customer", N_("What the customer reads"), required=True),
            _WORDS,
        ),
    ),
)

PARTS = (*LETTERS, *SCRIPTS, *COURTESY, *LEAFLET, *RECORD, *REASONS)
