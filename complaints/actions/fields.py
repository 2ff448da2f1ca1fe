"""The kinds of values a body may hold: cleaned texts, aware instants, whole amounts, parts.

Blank text counts as not given. What a value means for a complaint is the steps' matter.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from complaints.domain.errors import N_
from complaints.domain.words.substance import RULE, SHORTEST
from complaints.steps.receive import CONTROLS, MAX_STORY

#: What no database takes: NUL, and halves of characters.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

#: The widest span of instants worth recording; a typing error in a year lies outside it.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

#: Whole units of the currency; the database keeps amounts in 32 bits.
HIGHEST_AMOUNT = 2_000_000_000


def _clean(value: object) -> object:
    """One kind of line end, and no character that cannot be shown."""
    if not isinstance(value, str):
        return value
    if _UNSTORABLE.search(value):
        raise PydanticCustomError("unstorable", "cannot be stored")
    return CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _instant(value: object) -> object:
    """Only ISO 8601 text (or an instant already read); numbers are no dates here."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise PydanticCustomError("not_a_time", "no time") from None
    if not isinstance(value, datetime):
        raise PydanticCustomError("not_a_time", "no time")
    if value.tzinfo is None:
        raise PydanticCustomError("naive_time", "no zone")
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise PydanticCustomError("not_a_day", "no day")


def _within_reason(value: datetime) -> datetime:
    try:
        instant = value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise PydanticCustomError("far_time", "too far") from None
    if not EARLIEST <= instant < LATEST:
        raise PydanticCustomError("far_time", "too far")
    return instant


def _whole(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "no number")
    return value


CLEAN = BeforeValidator(_clean)
_LISTED = Field(description=N_("A code; GET /codes lists them."))
#: What has to say something; the steps hold it against the rule, in words of their own.
_IN_WORDS = Field(description=RULE, json_schema_extra={"minLength": SHORTEST})
Short = Annotated[str, StringConstraints(max_length=40), CLEAN]
Code = Annotated[str, StringConstraints(max_length=60), CLEAN, _LISTED]
Line = Annotated[str, StringConstraints(max_length=120), CLEAN]
Name = Annotated[str, StringConstraints(max_length=200), CLEAN]
Address = Annotated[str, StringConstraints(max_length=254), CLEAN]
Reason = Annotated[str, StringConstraints(max_length=2_000), CLEAN]
Words = Annotated[str, StringConstraints(max_length=20_000), CLEAN]
#: Words that prove something, where there are any.
Said = Annotated[str, StringConstraints(max_length=20_000), CLEAN, _IN_WORDS]
Story = Annotated[str, StringConstraints(min_length=1, max_length=MAX_STORY), CLEAN]
#: The same where the text has to be there: a blank one counts as missing.
CodeGiven = Annotated[str, StringConstraints(min_length=1, max_length=60), CLEAN, _LISTED]
NameGiven = Annotated[str, StringConstraints(min_length=1, max_length=200), CLEAN]
LineGiven = Annotated[str, StringConstraints(min_length=1, max_length=2_000), CLEAN]
ReasonGiven = Annotated[str, StringConstraints(min_length=1, max_length=2_000), CLEAN, _IN_WORDS]
WordsGiven = Annotated[str, StringConstraints(min_length=1, max_length=20_000), CLEAN]
Codes = Annotated[list[Code], Field(max_length=100)]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    AfterValidator(_within_reason),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Day = Annotated[date, BeforeValidator(_day)]
Amount = Annotated[int, Field(ge=0, le=HIGHEST_AMOUNT), BeforeValidator(_whole)]
RowId = Annotated[int, Field(ge=1, le=2_147_483_647), BeforeValidator(_whole)]
#: Ids of files on the complaint.
Files = Annotated[list[RowId], Field(max_length=100)]
Method = Literal["spoken", "phone", "email", "message", "letter", "print", "signature"]


class Part(BaseModel):
    """A body or a piece of one: nothing unknown in it, and blanks left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_blank(cls, given: Any) -> Any:
        return without_blanks(given)


def without_blanks(given: Any) -> Any:
    """`given` without its blank texts, so that an empty box of a form is no answer."""
    if not isinstance(given, Mapping):
        return given
    return {
        key: value
        for key, value in given.items()
        if not (value is None or (isinstance(value, str) and not value.strip()))
    }


def needs_content(schema: dict[str, Any], body: type[Any]) -> None:
    """Say in a body's schema that it holds its content, or the reason why there is none.

    The reason only where the body takes one. `body.content` names the fields without which nothing
    has been told, once for each way to tell it. A field left out, blank or false is not told.
    """
    if not body.content:
        return
    fields = schema["properties"]
    ways = [
        {"required": list(names), "properties": {name: _filled(fields[name]) for name in names}}
        for names in body.content
    ]
    for name in {name for names in body.content for name in names}:
        # A blank one is not told at all, and may be sent.
        fields[name].pop("minLength", None)
    if "unable" not in fields:
        schema["anyOf"] = ways
        return
    content = ways[0] if len(ways) == 1 else {"anyOf": ways}
    unable = {"required": ["unable"], "properties": {"unable": {"type": "object"}}}
    schema["oneOf"] = [{"title": "Content", **content}, {"title": "Unable", **unable}]


def _filled(field: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {each.get("type") for each in field.get("anyOf", (field,))}
    if "boolean" in kinds:
        return {"const": True}
    if "array" in kinds:
        return {"type": "array", "minItems": 1}
    return {"type": "string", "minLength": field.get("minLength", 1)}
