"""The words said at the desk: service scripts and the filling of their placeholders.

Scripts are data in versions; what is said is kept with the step.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from complaints.domain.config_fields import both, tables, texts, typed
from complaints.domain.errors import N_, Invalid
from complaints.domain.taxonomy import Channel
from complaints.domain.words.courtesy import Courtesy

#: A word or, where the languages differ, one per language: {"id": "24 jam", "en": "24 hours"}.
Value: TypeAlias = str | Mapping[str, str]

LANGUAGES = ("id", "en")

#: How people talk with each other.
FACE_TO_FACE, PHONE, WRITTEN = TALKS = ("face_to_face", "phone", "written")

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class ScriptError(Invalid):
    """A script that cannot be said yet; `field` names the placeholder without a value."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(
            N_("This text cannot be used yet: %(placeholder)s is not filled in."),
            field=placeholder,
            placeholder=placeholder,
        )


def talk_on(channel: Channel) -> str:
    """How one talks on a channel, one of `TALKS`: what is said, and how, depends on it."""
    if not channel.oral:
        return WRITTEN
    return PHONE if channel.method == PHONE else FACE_TO_FACE


def placeholders(template: str) -> tuple[str, ...]:
    """The placeholders of a template, each once, in order."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def fill(template: str, values: Mapping[str, Value], lang: str) -> str:
    """Fill every placeholder; ScriptError names the first one without a value.

    What a value contains is never filled again, so a customer may write braces.
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
    text = value.get(lang) if isinstance(value, Mapping) else value
    if not text or not text.strip():
        raise ScriptError(name)
    return text.strip()


@dataclass(frozen=True, slots=True)
class Script:
    """Words for one moment of the conversation; `criterion` is what saying them proves.

    `talks` are the ways of talking that they fit.
    """

    key: str
    stage: str
    text_id: str
    text_en: str
    criterion: str
    source: str
    standard: str = ""
    talks: tuple[str, ...] = TALKS

    def text(self, lang: str) -> str:
        """The template in this language."""
        return self.text_en if lang == "en" else self.text_id


@dataclass(frozen=True, slots=True)
class Tip:
    """What to do, or not to do (`kind`: "do", "dont", "escalation"), with its words by language.

    `talks` are the ways of talking that it is for.
    """

    kind: str
    texts: Mapping[str, str]
    talks: tuple[str, ...] = TALKS


@dataclass(frozen=True, slots=True)
class Standard:
    """One of the numbered standards of service, as customers may read it."""

    id: str
    label_id: str
    label_en: str
    #: The performance criteria that whoever keeps it gives evidence for.
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScriptBook:
    """All scripts of `scripts.toml` by key, with the words used until better ones are given.

    `tips` are the tips and rules of each standard, by its id; `courtesy` is what every text is
    held against; no quote of the customer may begin right behind one of the `denials`. `standards`
    are those of service, in the order of the file.
    """

    scripts: Mapping[str, Script]
    defaults: Mapping[str, Value]
    tips: Mapping[str, tuple[Tip, ...]]
    courtesy: Courtesy = field(default_factory=Courtesy)
    denials: tuple[str, ...] = ()
    standards: tuple[Standard, ...] = ()

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
                Tip(typed("tip", tip, "kind", str), both("tip", tip, "text"), _talks("tip", tip))
                for name in ("tips", "rules")
                for tip in tables("standard", each, name)
            )
            for each in tables("scripts", data, "standard")
        }
        courtesy = data.get("courtesy", {})
        if not isinstance(courtesy, Mapping):
            raise ValueError("scripts: [courtesy] has to be a table by language")
        return cls(
            MappingProxyType(scripts),
            MappingProxyType(dict(defaults)),
            MappingProxyType(tips),
            Courtesy.from_dict(courtesy),
            texts("scripts", data, "denials", "words"),
            tuple(
                Standard(
                    str(each.get("id") or ""),
                    str(each.get("label_id") or ""),
                    str(each.get("label_en") or ""),
                    texts("scripts", each, "criteria"),
                )
                for each in tables("scripts", data, "standard")
            ),
        )

    def say(self, key: str, values: Mapping[str, Value], lang: str) -> str:
        """A script's words with these values; KeyError for an unknown key, else as `fill`."""
        return fill(self.scripts[key].text(lang), {**self.defaults, **values}, lang)

    def default(self, name: str, lang: str) -> str:
        """The words used for a placeholder until better ones are given."""
        return _value(name, self.defaults, lang)


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
        talks=_talks(where, data),
    )


def _talks(where: str, data: Mapping[str, object]) -> tuple[str, ...]:
    """The ways of talking that words are for; all of them where none is named."""
    talks = data.get("talks", TALKS)
    if not isinstance(talks, list | tuple) or not set(talks) <= set(TALKS) or not talks:
        raise ValueError(f"{where}: talks must be of {', '.join(TALKS)}")
    return tuple(str(each) for each in talks)
