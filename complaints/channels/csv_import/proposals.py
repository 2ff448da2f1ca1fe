"""Which of a file's columns may be which of our fields, as proposals: somebody says yes to each."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC

from rapidfuzz import fuzz, process

from complaints.channels.csv_import.row_to_complaint import CODES, FIELDS, TIMES
from complaints.channels.csv_import.uploaded import UploadedFile
from complaints.domain.words.folding import fold
from complaints.formats.time_formats import ISO, compile_formats
from complaints.rulebook import RuleBook

#: How other systems call our fields, folded; whole words decide.
KNOWN: Mapping[str, str] = {
    "external_id": (
        "id, ticket, ticket id, ticket number, nomor tiket, no tiket, tiket, case number, "
        "nomor keluhan, nomor pengaduan, complaint id, reference, external id"
    ),
    "received_at": (
        "received, received at, date received, created, created at, created date, opened, "
        "tanggal, tanggal terima, tanggal diterima, tanggal masuk, waktu, tgl, tgl masuk, "
        "date, timestamp, dibuat"
    ),
    "closed_at": (
        "closed, closed at, date closed, resolved, resolved at, tanggal selesai, tanggal "
        "tutup, selesai, ditutup, tgl selesai"
    ),
    "told_due_at": (
        "deadline, due date, due at, target, target date, sla target, promised at, promised date, "
        "batas waktu, tenggat, jatuh tempo, tanggal janji, target selesai"
    ),
    "incident_at": "incident date, tanggal kejadian, waktu kejadian, event date",
    "story": (
        "story, complaint, description, customer complaint, keluhan, isi keluhan, uraian, "
        "deskripsi, cerita, isi, narrative, detail, pesan, text"
    ),
    "summary": "summary, ringkasan, subject, judul, perihal",
    "category": "category, kategori, jenis, jenis keluhan, type, complaint type, issue",
    "channel": "channel, kanal, media, sumber, received via, submitted via",
    "status": "status, state, keadaan",
    "branch": "branch, cabang, kantor, office, lokasi",
    "tier": "tier, customer type, tipe pelanggan, segmen, segment",
    "priority": "priority, prioritas, urgency",
    "outcome": "outcome, hasil, resolution, company response",
    "product": "product, produk, layanan, service",
    "customer_name": "name, customer, customer name, nama, nama pelanggan, pelanggan, pelapor",
    "customer_phone": "phone, mobile, telepon, telp, no hp, nomor hp, nomor telepon, hp",
    "customer_email": "email, e mail, alamat email, customer email",
    "customer_number": (
        "customer number, customer id, nomor pelanggan, no pelanggan, id pelanggan, account"
    ),
    "salutation": "salutation, sapaan, title",
    "remedy_wanted": "remedy wanted, harapan, permintaan, desired resolution",
}
#: Less alike than this is no proposal.
_ALIKE = 86
#: Times as files write them; those that read the most values of a column are offered.
FORMATS = (
    ISO,
    "%Y-%m-%d",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d %B %Y %H:%M",
    "%d %B %Y",
    "%d-%b-%y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
)
#: So many different values of a column are shown to be translated.
MOST_VALUES = 60


def propose_columns(header: Sequence[str]) -> dict[str, str]:
    """Our field → their column, each column once, the surest first."""
    found: list[tuple[float, str, str]] = []
    for name, listed in KNOWN.items():
        words = listed.split(", ")
        for column in dict.fromkeys(header):
            folded = " ".join(re.sub(r"[\W_]+", " ", fold(column)).split())
            if not folded:
                continue
            _, score, place = process.extractOne(folded, words, scorer=fuzz.ratio) or ("", 0, 0)
            # Of two fields that are called alike the one whose first names fit goes first.
            found.append((score - place / 100, name, column))
    taken: dict[str, str] = {}
    for score, name, column in sorted(found, key=lambda each: -each[0]):
        if score >= _ALIKE and name not in taken and column not in taken.values():
            taken[name] = column
    return {name: taken[name] for name in FIELDS if name in taken}


def propose_formats(values: Iterable[str]) -> list[str]:
    """The forms that read most of these times; day before month where both read as many.

    One row with another word for its time takes nothing from the others.
    """
    given = [each.strip() for each in values if each.strip()]
    read = {each: _how_many(each, given) for each in FORMATS}
    most = max(read.values())
    return [each for each, count in read.items() if count and count == most]


def _how_many(written: str, values: Sequence[str]) -> int:
    read = compile_formats([written], UTC)
    return sum(read(value) is not None for value in values)


def values_of(file: UploadedFile, column: str) -> list[str]:
    """The different values of a column in the first rows, the most frequent first."""
    place = list(file.header).index(column)
    cells = (row[place].strip() for row in file.sample if place < len(row))
    return [value for value, _ in Counter(filter(None, cells)).most_common(MOST_VALUES)]


def propose_code(value: str, codes: Mapping[str, Sequence[str]]) -> str:
    """The code whose names a value is most like, empty where none is near."""
    folded = fold(value)
    names = {fold(each): code for code, words in codes.items() for each in (code, *words)}
    found = process.extractOne(folded, list(names), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return names[found[0]] if found else ""


def is_code(name: str) -> bool:
    """Whether a field holds one of our codes."""
    return name in CODES


def is_time(name: str) -> bool:
    """Whether a field holds a time."""
    return name in TIMES


def codes_of(rules: RuleBook, name: str) -> dict[str, Sequence[str]]:
    """Our codes of a field with their names in both languages."""
    taxonomy = rules.taxonomy
    labelled = {
        "category": taxonomy.categories,
        "channel": taxonomy.channels,
        "tier": taxonomy.tiers,
        "outcome": taxonomy.outcomes,
    }
    if name == "branch":
        return {each.code: (each.name,) for each in rules.branches.values()}
    items = labelled.get(name, {})
    return {
        code: (each.label_id, each.label_en) for code, each in items.items() if not each.retired
    }
