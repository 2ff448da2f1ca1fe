"""The category of the intake form: what the story speaks for, and the words that find each.

Both only propose; what is sent is what somebody chose in the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, request

from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.suggestions import suggest_categories
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.filters import label
from complaints.web.frame.guards import guarded

blueprint = Blueprint("categories", __name__)

#: More of a story is not read for a proposal.
_READ = 5_000


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category with its words, and the words of the story that speak for it."""

    code: str
    words: str
    because: Sequence[str]

    @property
    def quoted(self) -> str:
        """The words of the story as they are told: “modem”, “lampu merah”."""
        return ", ".join(f"“{each}”" for each in self.because)


def suggested(rules: RuleBook, story: str, product: str) -> list[Suggested]:
    """Up to three categories that a story speaks for; none for an empty story."""
    if not story.strip():
        return []
    found = suggest_categories(db.session, rules, story[:_READ], product or None)
    known = rules.taxonomy.categories
    return [Suggested(each.code, label(known[each.code]), each.because) for each in found]


@blueprint.post("/complaints/new/suggestions")
@guarded(Permission.INTAKE)
def suggestions() -> str:
    """What the story speaks for so far. Posted, so that no log of addresses holds a story."""
    rules = current_rules(db.session)
    found = suggested(rules, request.form.get("story", ""), request.form.get("product", ""))
    return render_template("intake/suggested.html", suggested=found)


@blueprint.get("/complaints/new/words/<int:version>")
@guarded(Permission.INTAKE)
def words(version: int) -> Response:
    """The phrases of each category and the spellings, for the list that is searched in.

    They hang on the version of the rules, so a browser may keep them.
    """
    rules = current_rules(db.session)
    answer = jsonify(
        phrases={
            code: [each.text for each in rules.synonyms.of(code)]
            for code, each in rules.taxonomy.categories.items()
            if not each.retired
        },
        spellings={one: " ".join(full) for one, full in rules.synonyms.spellings.items()},
    )
    if version == rules.latest_id:
        answer.headers["Cache-Control"] = "private, max-age=604800, immutable"
    return answer
