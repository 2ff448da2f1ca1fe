"""The parts of `organisation.toml`: who we are, where, with which units, what we sell."""

from complaints.domain.errors import N_
from complaints.domain.parts.fields import CODE, NAME, Field, FieldKind, Part, both

_FILE = "organisation"

PARTS = (
    Part(
        code="organisation",
        file=_FILE,
        path="",
        is_list=False,
        title=N_("Name and contact details"),
        about=N_("What pages and letters say of us."),
        fields=(
            Field(name="name", label=N_("Name"), required=True),
            Field(name="address", label=N_("Address"), required=True),
            *both("contact_center", N_("Contact centre"), hint=N_("Leave empty if there is none.")),
            Field(name="social_handle", label=N_("Social media account")),
            Field(name="email", label=N_("Email address"), required=True),
            *both("service_hours", N_("Service hours"), required=True),
            Field(
                name="language",
                label=N_("Language of screens and letters"),
                kind=FieldKind.CHOICE,
                options="language",
                required=True,
            ),
            Field(
                name="salutation_unknown",
                label=N_("Form of address when none is known"),
                required=True,
            ),
            Field(
                name="survey_after_days",
                label=N_("Ask customers how it was, days after the end"),
                kind=FieldKind.NUMBER,
                least=1,
                most=30,
                hint=N_("From 1 to 30. Leave empty if nobody is to be asked automatically."),
            ),
            Field(
                name="company_forms",
                label=N_("Legal forms before the name of a company"),
                kind=FieldKind.LINES,
                hint=N_("One per line, such as PT."),
            ),
        ),
    ),
    Part(
        code="branches",
        file=_FILE,
        path="branch",
        makes="branch",
        is_retirable=True,
        title=N_("Branches"),
        item=N_("Branch"),
        about=N_(
            "Offices with their calendars. A complaint belongs to the branch that received it."
        ),
        fields=(
            CODE,
            *NAME,
            Field(
                name="calendar",
                label=N_("Calendar"),
                kind=FieldKind.CHOICE,
                options="calendar",
                required=True,
            ),
            Field(name="address", label=N_("Address")),
            Field(name="phone", label=N_("Phone number")),
        ),
    ),
    Part(
        code="units",
        file=_FILE,
        path="team",
        makes="team",
        is_retirable=True,
        title=N_("Units"),
        item=N_("Unit"),
        about=N_("Internal parties that complaints are sent to."),
        fields=(CODE, *NAME),
    ),
    Part(
        code="products",
        file=_FILE,
        path="product",
        makes="product",
        is_retirable=True,
        title=N_("Products"),
        item=N_("Product"),
        about=N_("What a complaint may be about. Policy packs may select by it."),
        fields=(CODE, *NAME),
    ),
    Part(
        code="salutations",
        file=_FILE,
        path="salutations",
        key="form",
        title=N_("Forms of address"),
        item=N_("Form of address"),
        about=N_("They are offered at intake; others may be typed."),
        fields=(
            Field(name="form", label=N_("Form of address"), kind=FieldKind.CODE, required=True),
            Field(name="short", label=N_("Short form before a name")),
            Field(
                name="typed",
                label=N_("Other ways of typing it"),
                kind=FieldKind.LINES,
                hint=N_("One per line."),
            ),
        ),
    ),
    Part(
        code="greetings",
        file=_FILE,
        path="time_of_day",
        title=N_("Times of day"),
        item=N_("Time of day"),
        about=N_(
            "The word of the greeting, by the branch’s own time. Each lasts until the next "
            "one starts."
        ),
        fields=(
            CODE,
            *NAME,
            Field(name="starts", label=N_("Starts at"), required=True, hint=N_("Such as 15:00.")),
        ),
    ),
    Part(
        code="number",
        file=_FILE,
        path="number",
        is_list=False,
        title=N_("Complaint numbers"),
        about=N_("Prefix, year of receipt and running number."),
        fields=(
            Field(name="prefix", label=N_("Prefix"), required=True),
            Field(
                name="former",
                label=N_("Earlier prefixes that are still found"),
                kind=FieldKind.LINES,
                hint=N_("One per line."),
            ),
        ),
    ),
    Part(
        code="currency",
        file=_FILE,
        path="currency",
        is_list=False,
        title=N_("Currency"),
        about=N_("Set it before the first amount: amounts already recorded keep their figures."),
        fields=(
            Field(name="code", label=N_("Code"), required=True, hint=N_("Such as IDR.")),
            Field(name="symbol", label=N_("Symbol before an amount"), required=True),
            *NAME,
        ),
    ),
    Part(
        code="public-form",
        file=_FILE,
        path="public_form",
        is_list=False,
        is_optional=True,
        title=N_("Complaint form for customers"),
        about=N_(
            "The form on which customers complain without an account. Without it there is none."
        ),
        fields=(
            Field(
                name="channel",
                label=N_("Counts as channel"),
                kind=FieldKind.CHOICE,
                options="channel",
                required=True,
            ),
            Field(
                name="branch",
                label=N_("Branch for complaints that name no place"),
                kind=FieldKind.CHOICE,
                options="branch",
                required=True,
            ),
        ),
    ),
    Part(
        code="mailboxes",
        file="mailboxes",
        path="mailbox",
        key="address",
        title=N_("Mailboxes"),
        item=N_("Mailbox"),
        about=N_("Whose mail an address takes in. Server, user and password are in the settings."),
        fields=(
            Field(name="address", label=N_("Email address"), kind=FieldKind.CODE, required=True),
            Field(name="branch", label=N_("Branch"), kind=FieldKind.CHOICE, options="branch"),
            Field(name="language", label=N_("Language"), kind=FieldKind.CHOICE, options="language"),
            Field(name="category", label=N_("Category"), kind=FieldKind.CHOICE, options="category"),
        ),
    ),
)
