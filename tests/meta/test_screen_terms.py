"""One concept has one word on every screen, in both languages; the words given up stay away.

The lists restate the terms of the product. A new text that brings an old word back fails here
with the text and the word to use in its place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "complaints" / "translations" / "id" / "LC_MESSAGES" / "messages.po"
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|`[^`]*`|complaints worker|complaints doctor")

#: English word given up → the word that stands in its place.
ENGLISH = {
    r"e-mail": "email",
    r"due times?": "deadline",
    r"anew": "again, or recalculate",
    r"heed": "special needs",
    r"rungs?": "step",
    r"superiors?": "line manager",
    r"somebody else": "someone else",
    r"notices?": "notification",
    r"(?<!hearing )news": "update",
    r"tokens?": "API key",
    r"engine": "deadline monitor",
    r"standstills?": "stopped",
    r"sign of life": "last active",
    r"timers?": "scheduled job",
    r"ledgers?": "history",
    r"preliminary": "likely cause",
    r"confirm(?:ed)? back": "read back",
    r"contact points?": "contact us",
    r"square code": "QR code",
    r"quarter of an hour": "15 minutes",
    r"from memory|memory\)": "not verified",
    r"my desk|your desk": "home",
    r"dashboard": "escalation board",
    r"at the latest (?:by|until|on)": "no later than, before a date",
    r"more time (?:asked|until)": "extension",
    r"attest\w*": "confirm",
    r"hand back|give to somebody|hand over to": "return, assign",
    r"pass(?:ed)? (?:on )?to (?:the |your )?units?": "send to units",
    r"fires?|fired": "process",
    r"fall(?:s)? due time": "fall due",
    r"keep the (?:note|plan|cause)": "save",
    r"empty means": "leave empty",
    r"lies in the future": "is in the future",
    r"mended": "repaired",
    r"caught up": "processed",
    r"worker stands still": "stopped",
    r"dissatisf\w+ customer": "customer",
}

#: Words of code that English texts of the configuration may not use either, yet rules may.
ENGLISH_SCREENS = {
    r"persons?|people": "user; an officer, a customer",
    r"(?<!your )teams?": "unit",
    r"(?<!pause the )(?<!resume the )clocks?(?! are| were| paused| resumed| then resume| change)": (
        "time limit; clock only with pause"
    ),
    r"holds?": "contains, applies",
    r"stands?": "is",
    r"critical": "very high",
}

#: Indonesian word given up → the word that stands in its place.
INDONESIAN = {
    r"komplain": "keluhan",
    r"mengadu": "menyampaikan keluhan",
    r"surel|e-mail": "email",
    r"sebab(?:nya)?": "penyebab, alasan",
    r"terkonfirmasi": "pasti",
    r"penyebab sementara": "dugaan penyebab",
    r"(?:satu|paket) hitungan|hitungan (?:ini|yang|berjalan|paket|dan)": "batas waktu, tenggat",
    r"berhenti sementara": "dijeda",
    r"(?<!anggota )tim": "unit; anggota tim Anda",
    r"selebaran": "lembar informasi",
    r"meja (?:depan|saya|anda)": "meja layanan, beranda",
    r"penangan(?:nya)?": "penanggung jawab",
    r"(?:di)?eskalasikan": "eskalasi, mengeskalasi, dieskalasi",
    r"(?:langsung )?(?:dipanggil|memanggil)|panggilan bertingkat": "beri tahu, eskalasi",
    r"mesin": "pemantau tenggat",
    r"tanda hidup": "terakhir aktif",
    r"pengatur waktu": "jadwal",
    r"token": "kunci API",
    r"galat": "kesalahan",
    r"seperempat jam": "15 menit",
    r"kode kotak": "kode QR",
    r"titik kontak": "kontak kami",
    r"ikuti(?:lah)? keluhan": "pantau",
    r"kita": "kami",
    r"bila|apabila": "jika",
    r"dulu": "terlebih dahulu",
    r"saluran": "kanal",
    r"peragaan": "data contoh",
    r"terlewati|tenggat \w*\s?dilewati": "terlewat",
    r"permintaan maaf": "permohonan maaf",
    r"dasbor|dashboard": "papan eskalasi",
    r"anak tangga": "tahap",
    r"ingatan": "belum diverifikasi",
    r"baku": "standar, bawaan",
    r"kosong berarti": "jika dikosongkan",
    r"(?:masih|yang|semua) terbuka": "belum selesai",
    r"menanggapi eskalasi|eskalasi diterima|terima eskalasi": "tindak lanjuti",
    r"titik layanan": "loket",
    r"disusulkan|menyusul": "diproses",
    r"orang (?:ini|itu) (?:tidak|bekerja|bukan)": "pengguna",
}

#: Signs in the place of a word, in what the organisation calls its things.
SIGNS = re.compile(r"(?<=[a-z)]) / (?=[a-z(])| & ")

#: English words that an Indonesian text has no use for.
REMNANTS = re.compile(
    r"\b(?:worker|log ?out|logged|deadline|complaints?|customers?|timer|engine|handler|feedback"
    r"|ticket|file|form|settings|default|update|the|and|of|with|your|please|due|error|user"
    r"|password|queue|status code|board|case|unit[s]|rules?|policy|packs?)\b",
    re.IGNORECASE,
)
#: Names of commands, fields and headers are the same in every language.
NAMED = re.compile(
    r"`[^`]*`|complaints (?:worker|doctor)|Idempotency-Key|application/json|%\(\w+\)[sd]"
    r"|\[values\.[^]]*\]|gates = \"take_over\"|POLICY\.toml|perintah replay|organisation\.toml"
    r"|demonstration = true|Authorization: Bearer|true atau false"
)


def spoken(text: str) -> str:
    """A text without its places and the names of commands."""
    return PLACE.sub("", text)


def given_up(texts: Iterator[tuple[str, str]], words: Mapping[str, str]) -> list[str]:
    """Every text that uses a word given up, with the word for it."""
    rules = [(re.compile(rf"\b(?:{old})\b", re.IGNORECASE), new) for old, new in words.items()]
    return [
        f"{where}: {found[0]!r} in {text!r}; say {new!r}"
        for where, text in texts
        for rule, new in rules
        if (found := rule.search(spoken(text)))
    ]


def catalogue(language: str) -> Iterator[tuple[str, str]]:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="id"):
            if message.id:
                yield "catalogue", str(message.id if language == "en" else message.string)


def configured(language: str) -> Iterator[tuple[str, str]]:
    """What people read of the configuration: labels, texts, scripts, notes."""
    for path in sorted((ROOT / "config").rglob("*.toml")):
        if path.name in ("synonyms.toml", "competence.toml"):
            continue  # what customers write, and the words of a national form: they are not ours
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for text in _in_language(data, language):
            yield str(path.relative_to(ROOT)), text


def _in_language(data: object, language: str) -> Iterator[str]:
    if isinstance(data, list):
        for each in data:
            yield from _in_language(each, language)
    elif isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and (key.endswith(f"_{language}") or key == language):
                yield value
            elif isinstance(value, list) and key.endswith(f"_{language}"):
                yield from (each for each in value if isinstance(each, str))
            else:
                yield from _in_language(value, language)


def test_no_screen_brings_an_english_word_back():
    assert given_up(catalogue("en"), {**ENGLISH, **ENGLISH_SCREENS}) == []


def test_no_screen_brings_an_indonesian_word_back():
    assert given_up(catalogue("id"), INDONESIAN) == []


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("id", INDONESIAN)])
def test_no_rule_and_no_script_brings_a_word_back(language: str, words: Mapping[str, str]):
    assert given_up(configured(language), words) == []


def test_nothing_in_indonesian_is_called_by_a_sign():
    assert [text for _, text in configured("id") if SIGNS.search(text)] == []


def test_no_english_is_left_in_indonesian_texts():
    left = [
        f"{found[0]!r} in {text!r}"
        for _, text in catalogue("id")
        if (found := REMNANTS.search(NAMED.sub("", text)))
    ]
    assert left == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (ENGLISH, "Look at the timers"),
        (ENGLISH, "E-mail address"),
        (ENGLISH_SCREENS, "Nobody stands above you"),
        (INDONESIAN, "Hitungan ini dihapus"),
        (INDONESIAN, "Terima eskalasi"),
    ],
)
def test_a_word_given_up_is_found(words: Mapping[str, str], text: str):
    assert given_up(iter([("here", text)]), words)


def test_names_and_places_are_no_words():
    assert spoken("Run `complaints worker` for %(clock)s") == "Run  for "


def test_every_category_has_words_that_fit_into_a_sentence():
    """A label is a heading; what is said to the customer has words of its own."""
    path = ROOT / "config" / "taxonomy.toml"
    taxonomy = tomllib.loads(path.read_text(encoding="utf-8"))
    items = [item for group in taxonomy["category_group"] for item in group["items"]]
    said = [item.get(f"spoken_{lang}", "") for item in items for lang in ("id", "en")]
    assert all(said)
    assert [each for each in said if each[0].isupper() or "/" in each or "(" in each] == []
