"""Who the organisation is, as `organisation.toml` says: name, contact points, products, greetings.

Branches and teams are rows of their own; here is what pages and letters say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from complaints.domain.config.currency import Currency
from complaints.domain.config.salutations import Salutations
from complaints.domain.config_fields import (
    Named,
    Table,
    both,
    by_id,
    flag,
    named,
    table,
    tables,
    typed,
)
from complaints.domain.number import NumberForm
from complaints.domain.scripts import LANGUAGES, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Named):
    """What a complaint may be about; a `retired` one is offered no more."""

    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting(Named):
    """The greeting's word for a time of day, from `starts` until the next one starts."""

    starts: time


@dataclass(frozen=True, slots=True)
class PublicForm:
    """The form for complaining without an account: the channel it counts as, and a branch's code.

    That branch gets what names no place.
    """

    channel: str
    branch: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation's own facts; a contact point it does not have is empty.

    `retired_teams` are the codes of units that nothing is given to any more, `retired_branches`
    those of branches that take nothing new.

    `service_hours` and `contact_center` have a text for each language, the latter perhaps one for
    both; `language` is that of what the system writes.
    `policies` are the codes of those that are switched on, `ladder` is the code of the one in use.
    `on_time_target` is the part of the promises that is to be kept, None where no target is set.
    `survey_after_days` after the end customers are asked how it was; None where nobody is asked.
    `public_form` is None where nobody complains on our pages without an account.
    """

    name: str
    address: str
    email: str
    contact_center: Mapping[str, str]
    social_handle: str
    service_hours: Mapping[str, str]
    language: str
    is_demonstration: bool
    numbers: NumberForm
    currency: Currency
    salutations: Salutations
    products: Mapping[str, Product]
    greetings: tuple[Greeting, ...]
    policies: frozenset[str]
    ladder: str
    retired_teams: frozenset[str]
    retired_branches: frozenset[str] = frozenset()
    public_form: PublicForm | None = None
    on_time_target: float | None = None
    survey_after_days: int | None = None

    @classmethod
    def from_dict(cls, data: Table) -> "Organisation":
        """Read the form of `config/organisation.toml`; ValueError says what is wrong."""
        where = "organisation"
        products = (_product(each) for each in tables(where, data, "product"))
        language = data.get("language", LANGUAGES[0])
        if language not in LANGUAGES:
            raise ValueError(f"{where}: language must be one of {', '.join(LANGUAGES)}")
        return cls(
            name=typed(where, data, "name", str),
            address=typed(where, data, "address", str),
            email=typed(where, data, "email", str),
            contact_center=_in_both(where, data, "contact_center"),
            social_handle=str(data.get("social_handle", "")),
            service_hours=both(where, data, "service_hours"),
            language=str(language),
            is_demonstration=flag(where, data, "demonstration"),
            numbers=NumberForm.from_dict(table(where, data, "number")),
            currency=Currency.from_dict(table(where, data, "currency")),
            salutations=Salutations.from_dict(data),
            products=by_id("product", products),
            greetings=_greetings(data),
            policies=frozenset(typed(where, data, "policies", list)),
            ladder=typed(where, data, "ladder", str),
            retired_teams=_retired(data, "team"),
            retired_branches=_retired(data, "branch"),
            public_form=_public_form(data),
            on_time_target=_on_time_target(where, data),
            survey_after_days=_survey_after_days(where, data),
        )

    @property
    def values(self) -> dict[str, Value]:
        """What placeholders of scripts and letters stand for; a contact point not there is none."""
        contacts: dict[str, Value] = {
            "contact_center": self.contact_center if any(self.contact_center.values()) else "",
            "social_handle": self.social_handle,
            "email": self.email,
        }
        return {
            **{name: contact for name, contact in contacts.items() if contact},
            "organisation": self.name,
            "service_hours": self.service_hours,
        }

    def time_of_day(self, local_time: time, lang: str) -> str:
        """The greeting's word for a local time; before the first one the last still holds."""
        clock = local_time.replace(tzinfo=None)
        begun = [each for each in self.greetings if each.starts <= clock]
        return (begun or self.greetings)[-1].label(lang)


def _retired(data: Table, name: str) -> frozenset[str]:
    """The codes of units or branches that are marked as no longer used."""
    return frozenset(
        str(each["id"])
        for each in tables("organisation", data, name)
        if flag(f"{name} {each.get('id', '?')}", each, "retired")
    )


def _in_both(where: str, data: Table, name: str) -> Mapping[str, str]:
    """A text for each language, or one that serves both; empty when it is left out."""
    if f"{name}_{LANGUAGES[0]}" in data:
        return both(where, data, name)
    return dict.fromkeys(LANGUAGES, str(data.get(name, "")))


def _on_time_target(where: str, data: Table) -> float | None:
    """Per cent of the promises to be kept, as a part of one."""
    given = data.get("on_time_target")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float) or not 1 <= given <= 100:
        raise ValueError(f"{where}: on_time_target must be a number of per cent from 1 to 100")
    return float(given) / 100


def _survey_after_days(where: str, data: Table) -> int | None:
    """Whole days after the end; left out, nobody is asked by itself."""
    given = data.get("survey_after_days")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 30:
        raise ValueError(f"{where}: survey_after_days must be a whole number from 1 to 30")
    return given


def _public_form(data: Table) -> PublicForm | None:
    if "public_form" not in data:
        return None
    form = table("organisation", data, "public_form")
    return PublicForm(*(typed("public_form", form, name, str) for name in ("channel", "branch")))


def _product(data: Table) -> Product:
    fields = named("product", data)
    return Product(**fields, retired=flag(f"product {fields['id']}", data, "retired"))


def _greetings(data: Table) -> tuple[Greeting, ...]:
    greetings = [
        Greeting(
            **named("time_of_day", each),
            starts=time.fromisoformat(typed("time_of_day", each, "starts", str)),
        )
        for each in tables("organisation", data, "time_of_day")
    ]
    if not greetings:
        raise ValueError("organisation: there is no time_of_day")
    return tuple(sorted(greetings, key=lambda each: each.starts))
