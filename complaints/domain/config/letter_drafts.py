"""What stands in a letter before somebody writes it: `[[draft]]` of `letters.toml`.

A draft names facts of the complaint in braces. A line of which a fact is not known is left out, so
that nobody is sent a gap.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from complaints.domain.config_fields import Table, both, texts, typed

#: What a draft may name; `steps.letters.drafts` fills it.
KNOWN = frozenset(
    {
        "salutation",
        "salutation_short",
        "customer_name",
        "csr_name",
        "complaint_subject",
        "organisation",
        "number",
        "contact_center",
        "social_handle",
        "service_hours",
        "received",
        "deadline",
        "summary",
        "cause",
        "solution",
    }
)

_BRACES = re.compile(r"\{+([^{}\n]*)\}+|[{}]")


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of one kind of letter, of some categories or, without any, of all."""

    kind: str
    categories: tuple[str, ...]
    texts: Mapping[str, str]


def draft_from(data: Table) -> Draft:
    """Read one `[[draft]]`; ValueError names the line of a placeholder that there is not."""
    kind = typed("letters: draft", data, "kind", str)
    where = f"letters: draft {kind}"
    found = both(where, data, "text")
    for lang, text in found.items():
        for number, line in enumerate(text.split("\n"), 1):
            for each in _BRACES.finditer(line):
                if each.group() != f"{{{each.group(1)}}}" or each.group(1) not in KNOWN:
                    raise ValueError(
                        f"{where}: line {number} of text_{lang} names {each.group()}, which is "
                        f"not known: {line.strip()}"
                    )
    return Draft(kind, texts(where, data, "categories"), found)


def draft_of(drafts: Iterable[Draft], kind: str, category: str | None) -> Mapping[str, str] | None:
    """The draft of a kind: that of the category, else the one for all, else None."""
    of_kind = [each for each in drafts if each.kind == kind]
    own = [each for each in of_kind if category in each.categories]
    general = [each for each in of_kind if not each.categories]
    return next((each.texts for each in (*own, *general)), None)


def fill_draft(template: str, values: Mapping[str, str]) -> str:
    """The draft with its facts; lines of which one is not known are left out."""
    lines = []
    for line in template.strip().split("\n"):
        names = [each.group(1) for each in _BRACES.finditer(line)]
        if all((values.get(name) or "").strip() for name in names):
            lines.append(_BRACES.sub(lambda found: values[found.group(1)].strip(), line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
