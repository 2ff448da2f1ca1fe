"""The units of competence of FR.APL.02 and what speaks for them, read from `competence.toml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from complaints.domain.config_fields import Table, codes, named, tables, typed

#: The questions of the customers' page that may be asked about a criterion.
QUESTIONS = ("listening", "courtesy", "cause", "next_step", "overall")


@dataclass(frozen=True, slots=True)
class UnitCriterion:
    """A criterion in the words of the form.

    `rests_on` are criteria of the unit of complaints whose records speak for it as well, `rating`
    is the customers' question about it, and the notes say what records cannot show.
    """

    key: str
    label_id: str
    label_en: str
    rests_on: tuple[str, ...] = ()
    rating: str = ""
    note_id: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class UnitElement:
    """An element of a unit with its criteria in order."""

    number: int
    label_id: str
    label_en: str
    criteria: Sequence[UnitCriterion]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of competence."""

    id: str
    code: str
    label_id: str
    label_en: str
    elements: Sequence[UnitElement]

    @property
    def criteria(self) -> list[UnitCriterion]:
        """All of its criteria in order."""
        return [each for element in self.elements for each in element.criteria]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The units by their short number in the order of the form; `complaints` is ours."""

    label_id: str
    label_en: str
    number: str
    complaints: str
    units: Mapping[str, Unit]

    @classmethod
    def from_dict(cls, data: Table) -> "Scheme":
        """Read the form of `config/competence.toml`; ValueError says what is wrong."""
        units = [_unit(each) for each in tables("competence", data, "unit")]
        scheme = cls(
            typed("competence", data, "scheme", str),
            typed("competence", data, "scheme_en", str),
            typed("competence", data, "number", str),
            typed("competence", data, "complaints", str),
            {each.id: each for each in units},
        )
        own = {each.key for each in scheme.units[scheme.complaints].criteria}
        for unit in units:
            for each in unit.criteria:
                if unknown := set(each.rests_on) - own:
                    raise ValueError(f"criterion {each.key} rests on {sorted(unknown)}")
                if each.rating and each.rating not in QUESTIONS:
                    raise ValueError(f"criterion {each.key}: no question {each.rating!r}")
        return scheme


def _unit(data: Table) -> Unit:
    words = named("unit", data)
    where = f"unit {words['id']}"
    elements = [_element(where, each) for each in tables(where, data, "element")]
    return Unit(
        words["id"], typed(where, data, "code", str), words["label_id"], words["label_en"], elements
    )


def _element(where: str, data: Table) -> UnitElement:
    return UnitElement(
        typed(where, data, "number", int),
        typed(where, data, "label_id", str),
        typed(where, data, "label_en", str),
        [_criterion(each) for each in tables(where, data, "criterion")],
    )


def _criterion(data: Table) -> UnitCriterion:
    key = typed("criterion", data, "key", str)
    where = f"criterion {key}"
    return UnitCriterion(
        key,
        typed(where, data, "label_id", str),
        typed(where, data, "label_en", str),
        codes(where, data, "rests_on") if "rests_on" in data else (),
        str(data.get("rating", "")),
        str(data.get("note_id", "")),
        str(data.get("note", "")),
    )
