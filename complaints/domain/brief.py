"""Who and what a complaint is about in so few words that they may stand on a lock screen.

Whoever glances at a telephone on a table must not learn a customer's full name: a form of address
and one name are enough for those who know the complaint.
"""

from collections.abc import Mapping
from typing import Any

from complaints.domain.config.salutations import Salutations
from complaints.domain.taxonomy import Labelled


def brief(
    salutations: Salutations, name: str, salutation: str, category: Labelled | None
) -> dict[str, Any]:
    """The facts `who` ("Bu Siti") and `what` (the category's words by language).

    `what` is empty as long as the complaint has no category.
    """
    what: Mapping[str, str] = (
        {"id": category.label_id, "en": category.label_en} if category is not None else {}
    )
    return {"who": salutations.say_briefly(name, salutation), "what": what}
