"""The words said at the desk: service scripts, the filling of their placeholders, courtesy.

Scripts are data in versions; what is said is kept with the step. A lint can find a word of blame,
it cannot hear a tone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from complaints.domain.config_fields import both, tables, typed
from complaints.domain.errors import N_, Invalid

#: A word or, where the languages differ, one per language: {"id": "24 jam", "en": "24 hours"}.
Value: TypeAlias = str | Mapping[str, str]

LANGUAGES = ("id", "en")

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_SHORT_FORMS = {"bapak": "Pak", "ibu": "Bu"}
#: Forms of address as they are typed in front of a name → the form that is kept.
_LONG_FORMS = {
    "bapak": "Bapak",
    "pak": "Bapak",
    "bpk": "Bapak",
    "ibu": "Ibu",
    "bu": "Ibu",
    "sdr": "Saudara",
    "kak": "Kak",
}
_ADDRESSED = re.compile(rf"({'|'.join(_LONG_FORMS)})(?:\.\s*|\s+)(?=\S)", re.IGNORECASE)


class ScriptError(Invalid):
    """A script that cannot be said yet; `field` names the placeholder without a value."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            N_("This text cannot be used yet: %(placeholder)s is not filled in."),
            field=placeholder,
            placeholder=placeholder,
        )


def placeholders(template: str) -> tuple[str, ...]:
    """The placeholders of a template, each once, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def fill(template: str, values: Mapping[str, Value], lang: str) -> str:
    """Fill every placeholder; ScriptError names the first one without a value.

    `salutation_short` follows from `salutation` when it is not given. What a value contains is
    never filled again, so a customer may write braces.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"language {lang!r} is not one of {', '.join(LANGUAGES)}")

    def word(found: re.Match[str]) -> str:
        text = _value(found[1], values, lang)
        # A value may be a sentence of its own; its full stop must not meet the template's.
        ends_twice = template[found.end() : found.end() + 1] in (".", "?", "!")
        return text.removesuffix(".") if ends_twice else text

    return _PLACEHOLDER.sub(word, template)


def _value(name: str, values: Mapping[str, Value], lang: str) -> str:
    value = values.get(name)
    if value is None and name == "salutation_short" and "salutation" in values:
        return salutation_short(_value("salutation", values, lang))
    text = value.get(lang) if isinstance(value, Mapping) else value
    if not text or not text.strip():
        raise ScriptError(name)
    return text.strip()


def salutation_short(salutation: str) -> str:
    """The form used before a name: Bapak → Pak, Ibu → Bu, Bapak/Ibu → Pak/Bu, others unchanged."""
    parts = salutation.strip().split("/")
    return "/".join(_SHORT_FORMS.get(part.strip().casefold(), part.strip()) for part in parts)


def part_salutation(name: str) -> tuple[str, str]:
    """The form of address typed in front of a name, in its long form, and the name alone.

    "Bu Rahma" gives ("Ibu", "Rahma"); a name without one gives ("", name).
    """
    name = name.strip()
    found = _ADDRESSED.match(name)
    if found is None:
        return "", name
    return _LONG_FORMS[found[1].casefold()], name[found.end() :]


class CourtesyProblem(StrEnum):
    """What a free text to a customer may lack in courtesy (020-1.3, 020-3.1)."""

    BLAME = "blame"
    UNFILLED = "unfilled"
    NO_ADDRESS = "no_address"


_YOU = "(?:anda|bapak|ibu|pak|bu|saudara|kakak|kak|mas|mbak|pelanggan|konsumen|sendiri)"
_BLAME = {
    "id": re.compile(
        rf"(?<!bukan )(?<!tidak )\b(?:salah|kesalahan|kelalaian|kecerobohan) {_YOU}\b"
        rf"|\b{_YOU} (?:lalai|ceroboh|teledor|ngeyel)\b|\bseharusnya {_YOU}\b"
        r"|\b(?:bohong|berbohong|mengada-ada|cerewet|rewel|makanya)\b"
        r"|\bsudah (?:saya |kami )?(?:dibilang|bilang)\b"
        r"|\bbukan (?:urusan|salah|kesalahan|tanggung jawab) kami\b"
    ),
    "en": re.compile(
        r"(?<!not )\byour (?:own )?(?:fault|mistake|error|negligence|carelessness)\b"
        r"|\byou (?:should have|failed|forgot|claim|are wrong|were wrong)\b"
        r"|\b(?:careless|lying|calm down|obviously)\b"
        r"|\bnot our (?:fault|problem|responsibility|concern)\b"
    ),
}
_ADDRESSES = {
    "id": ("bapak", "ibu", "pak", "bu", "saudara", "saudari", "kakak", "kak", "mas", "mbak"),
    "en": ("bapak", "ibu", "pak", "bu", "sir", "madam", "mr", "mrs", "ms", "dear"),
}


def courtesy_problems(text: str, lang: str, salutation: str = "") -> list[CourtesyProblem]:
    """What a text to the customer lacks: no blame, nothing unfilled, a form of address.

    With a `salutation` it must be the customer's own, long or short; without one any will do.
    """
    plain = re.sub(r"\s+", " ", text).casefold()
    problems = []
    if _BLAME[lang].search(plain):
        problems.append(CourtesyProblem.BLAME)
    if _PLACEHOLDER.search(text):
        problems.append(CourtesyProblem.UNFILLED)
    own = f"{salutation}/{salutation_short(salutation)}".casefold().split("/")
    wanted = [each.strip() for each in own if each.strip()] or _ADDRESSES[lang]
    if not any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", plain) for each in wanted):
        problems.append(CourtesyProblem.NO_ADDRESS)
    return problems


@dataclass(frozen=True, slots=True)
class Script:
    """Words for one moment of the conversation; `criterion` is what saying them proves."""

    key: str
    stage: str
    text_id: str
    text_en: str
    criterion: str
    source: str
    standard: str = ""

    def text(self, lang: str) -> str:
        """The template in this language."""
        return self.text_en if lang == "en" else self.text_id


@dataclass(frozen=True, slots=True)
class Tip:
    """What to do, or not to do (`kind` is "do" or "dont"), with its words by language."""

    kind: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScriptBook:
    """All scripts of `scripts.toml` by key, with the words used until better ones are given.

    `tips` are those of each standard, by its id.
    """

    scripts: Mapping[str, Script]
    defaults: Mapping[str, Value]
    tips: Mapping[str, tuple[Tip, ...]]

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "ScriptBook":
        """Read the form of `config/scripts.toml`; ValueError names the script that is wrong."""
        listed, defaults = data.get("script"), data.get("defaults", {})
        if not isinstance(listed, list) or not isinstance(defaults, Mapping):
            raise ValueError("scripts: [[script]] entries and a [defaults] table are needed")
        scripts: dict[str, Script] = {}
        for each in listed:
            script = _script(each)
            if script.key in scripts:
                raise ValueError(f"script {script.key}: the key is used twice")
            scripts[script.key] = script
        tips = {
            str(each.get("id", "")): tuple(
                Tip(typed("tip", tip, "kind", str), both("tip", tip, "text"))
                for tip in tables("standard", each, "tips")
            )
            for each in tables("scripts", data, "standard")
        }
        return cls(
            MappingProxyType(scripts), MappingProxyType(dict(defaults)), MappingProxyType(tips)
        )

    def say(self, key: str, values: Mapping[str, Value], lang: str) -> str:
        """A script's words with these values; KeyError for an unknown key, else as `fill`."""
        return fill(self.scripts[key].text(lang), {**self.defaults, **values}, lang)

    def default(self, name: str, lang: str) -> str:
        """The words used for a placeholder until better ones are given."""
        return _value(name, self.defaults, lang)

    def for_criterion(self, criterion: str) -> tuple[Script, ...]:
        """The scripts that help to meet a criterion, in the order of the file."""
        return tuple(each for each in self.scripts.values() if each.criterion == criterion)


def _script(data: Mapping[str, object]) -> Script:
    where = f"script {data.get('key', '?')}"
    texts = {}
    for name in ("key", "stage", "text_id", "text_en"):
        value = data.get(name)
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{where}: {name} is missing")
        texts[name] = value
    declared = data.get("placeholders", [])
    used = {*placeholders(texts["text_id"]), *placeholders(texts["text_en"])}
    if not isinstance(declared, list) or set(declared) != used:
        raise ValueError(f"{where}: placeholders must list exactly {', '.join(sorted(used))}")
    return Script(
        key=texts["key"],
        stage=texts["stage"],
        text_id=texts["text_id"],
        text_en=texts["text_en"],
        criterion=str(data.get("criterion", "")),
        source=str(data.get("source", "ours")),
        standard=str(data.get("standard", "")),
    )
