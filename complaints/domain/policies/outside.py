"""The bodies outside the organisation to which a customer may turn, as policies name them."""

from collections.abc import Iterable

from complaints.domain.clauses import Policy

#: What somebody has looked up. What is from memory, or our own reading, sends no customer anywhere.
_LOOKED_UP = frozenset({"sourced", "partly"})
#: A rule that was superseded gives no rights any more.
_SUPERSEDED = "superseded"


def outside_bodies(policies: Iterable[Policy]) -> list[dict[str, str]]:
    """The bodies of the policies that are switched on, each once, by language."""
    found: dict[str, dict[str, str]] = {}
    for policy in policies:
        about = policy.about
        if about.evidence not in _LOOKED_UP or about.status == _SUPERSEDED:
            continue
        for body in about.escalation:
            labels = {"id": body.label_id, "en": body.label_en}
            found.setdefault(labels["id"], labels)
    return list(found.values())
