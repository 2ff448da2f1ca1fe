"""What a file on a complaint may be: its kinds, its name, its limits, and what its bytes mean."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from complaints.domain.errors import N_, Invalid


class AttachmentKind(StrEnum):
    """What a file is to the complaint."""

    PHOTO = "photo"
    BILL = "bill"
    POWER_OF_ATTORNEY = "power_of_attorney"
    DELIVERY_PROOF = "delivery_proof"
    LETTER = "letter"
    OTHER = "other"


KIND_WORDS: Mapping[AttachmentKind, str] = {
    AttachmentKind.PHOTO: N_("Photo"),
    AttachmentKind.BILL: N_("Bill or receipt"),
    AttachmentKind.POWER_OF_ATTORNEY: N_("Power of attorney"),
    AttachmentKind.DELIVERY_PROOF: N_("Proof of delivery"),
    AttachmentKind.LETTER: N_("Letter"),
    AttachmentKind.OTHER: N_("Other file"),
}

#: What nobody could tell by its first bytes.
UNKNOWN = "application/octet-stream"
#: Of these, and of nothing else, a preview is made; it is a picture that we wrote ourselves.
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
PREVIEW_TYPE = "image/webp"
#: Under these a file is handed out; everything else is so many bytes to a browser.
HANDED_OUT_AS = PICTURES | {
    "application/pdf",
    "application/zip",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/amr",
    "image/heic",
    "image/tiff",
    "video/3gpp",
    "video/mp4",
    "video/quicktime",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

#: Characters of a name, its ending among them; and the longest ending that is kept.
LONGEST_NAME = 120
_LONGEST_ENDING = 12
#: What a name is where nothing of it can be used.
NAMELESS = "file"
_ENDING = re.compile(rf"\.[A-Za-z0-9]{{1,{_LONGEST_ENDING - 1}}}$")
#: Not to be read: control characters, marks of direction, surrogates, places nobody assigned.
_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Names of devices, which some systems open instead of a file.
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
#: What file systems and headers of HTTP understand as something else.
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*;%', "_"))


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How much is taken; bytes where it says bytes."""

    most_bytes: int = 10 * 1024 * 1024
    #: Files with one form, message or letter, and all their bytes.
    most_at_once: int = 10
    most_bytes_at_once: int = 25 * 1024 * 1024
    most_of_complaint: int = 100
    most_bytes_of_complaint: int = 200 * 1024 * 1024
    #: Of the files with one email; the way it travels makes them a third larger.
    most_bytes_of_letter: int = 10 * 1024 * 1024
    #: Of the whole store; 0: as much as there is room for.
    quota_bytes: int = 0


def handed_out_type(type_: str) -> str:
    """Under which type a file leaves us: its own where that is harmless, else so many bytes."""
    return type_ if type_ in HANDED_OUT_AS else UNKNOWN


def clean_name(given: str | None) -> str:
    """The name of a file as it is kept: no path, nothing invisible, not too long, never empty."""
    last = re.split(r"[/\\]", given or "")[-1]
    shown = unicodedata.normalize("NFC", "".join(map(_readable, last)))
    name = " ".join(shown.translate(_FORBIDDEN).split()).strip(". ")
    if not name or not any(char.isalnum() for char in name):
        return NAMELESS
    if _DEVICES.match(name):
        name = f"_{name}"
    found = _ENDING.search(name)
    ending = found.group() if found else ""
    return name[: len(name) - len(ending)][: LONGEST_NAME - len(ending)].rstrip(". ") + ending


def read_kind(text: str, type_: str) -> AttachmentKind:
    """The kind somebody named, or what the type suggests; Invalid for one there is not."""
    if not text:
        is_picture = type_ in PICTURES or type_ == "image/heic"
        return AttachmentKind.PHOTO if is_picture else AttachmentKind.OTHER
    try:
        return AttachmentKind(text)
    except ValueError:
        known = ", ".join(AttachmentKind)
        raise Invalid(
            N_("There is no kind of file %(kind)s; these are known: %(known)s."),
            field="kind",
            kind=text[:40],
            known=known,
        ) from None


def _readable(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zl", "Zp") or char in "\t\n\r":
        return " "
    return "" if category in _UNREADABLE else char
