"""What a message quotes of an earlier one: found so that a screen can fold it, never cut off."""

import re
from dataclasses import dataclass

_QUOTED = re.compile(r"^\s*>")
#: "On … wrote:", "Pada … menulis:": how programs introduce what they quote, on one line or two.
_WROTE = re.compile(
    r"^\s*(on|pada|am|le|el|op|il)\b.{3,300}\b(wrote|menulis|schrieb|écrit|escribió|schreef|scritto)"
    r"\b.{0,40}:\s*$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(original message|pesan asli|forwarded message|pesan terusan|"
    r"ursprüngliche nachricht)\s*-{2,}\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*_{10,}\s*$")
_FROM = re.compile(r"^\s*\*?(from|dari)\s*:\*?\s*\S", re.IGNORECASE)
_SENT = re.compile(r"^\s*\*?(sent|date|dikirim|tanggal)\s*:\*?\s*\S", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in two: what is shown at once, and what is one click away; together they are all."""

    own: str
    quoted: str


def fold_quoted(text: str) -> Folded:
    """Where the quoted end of a text begins.

    Everything is shown where nothing stands above the quote, where there are words of one's own
    below it, or where the lines of both alternate: then the answer lies among the quoted lines.
    """
    lines = text.split("\n")
    start = _start_of_quote(lines)
    if start is None:
        return Folded(text, "")
    own, rest = lines[:start], lines[start:]
    if not "".join(own).strip() or any(_QUOTED.match(each) for each in own):
        return Folded(text, "")
    if _has_own_words(rest):
        return Folded(text, "")
    return Folded("\n".join(own).rstrip(), "\n".join(rest))


def _start_of_quote(lines: list[str]) -> int | None:
    for index, line in enumerate(lines):
        joined = f"{line} {lines[index + 1]}" if index + 1 < len(lines) else line
        if _QUOTED.match(line) or _WROTE.match(line) or _ORIGINAL.match(line):
            return index
        is_two_lines = _WROTE.match(joined) and not _QUOTED.match(lines[index + 1])
        if is_two_lines and re.match(r"^\s*(on|pada)\b", line, re.IGNORECASE):
            return index
        if _RULE.match(line) and index + 1 < len(lines) and _FROM.match(lines[index + 1]):
            return index
        ahead = lines[index + 1 : index + 4]
        if _FROM.match(line) and any(_SENT.match(each) for each in ahead):
            return index
    return None


def _has_own_words(rest: list[str]) -> bool:
    """Whether words of one's own stand behind quoted lines marked with ``>``."""
    marked = [index for index, each in enumerate(rest) if _QUOTED.match(each)]
    if not marked:
        return False
    first, last = marked[0], marked[-1]
    behind = "\n".join(rest[last + 1 :]).strip()
    within = [each for each in rest[first:last] if each.strip() and not _QUOTED.match(each)]
    return bool(behind and not behind.startswith("--")) or bool(within)
