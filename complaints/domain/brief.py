"""Who and what a complaint is about in so few words that they may stand on a lock screen.

Whoever glances at a telephone on a table must not learn a customer's full name: a form of address
and one name are enough for those who know the complaint.
"""

from collections.abc import Mapping
from typing import Any

from complaints.domain.scripts import part_salutation, salutation_short
from complaints.domain.taxonomy import Labelled

#: Before these a name has not begun.
_FORMS_OF_COMPANY = frozenset({"pt", "cv", "ud", "pd", "toko", "yayasan", "koperasi", "firma"})


def brief(name: str, salutation: str, category: Labelled | None) -> dict[str, Any]:
    """The facts `who` ("Bu Siti") and `what` (the category's words by language).

    `what` is empty as long as the complaint has no category.
    """
    spoken, name = part_salutation(name)
    words = name.split()
    is_company = words[:1] and words[0].strip(".").casefold() in _FORMS_OF_COMPANY
    first = words[: 2 if is_company else 1]
    who = " ".join([salutation_short(salutation or spoken), *first]).strip()
    what: Mapping[str, str] = (
        {"id": category.label_id, "en": category.label_en} if category is not None else {}
    )
    return {"who": who, "what": what}
