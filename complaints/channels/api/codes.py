"""The codes of the rules in force, so that no program need guess what may be sent or filtered."""

from collections.abc import Iterable

from complaints.channels.api.code_schemas import Codes
from complaints.channels.api.due_schemas import CodeItem
from complaints.domain.config_fields import Named
from complaints.rulebook import RuleBook


def codes_answer(rules: RuleBook) -> Codes:
    """Every code with its words, in the order of the organisation's own lists."""
    known = rules.taxonomy
    return {
        "category_groups": _plain(known.groups.values()),
        "categories": [
            {
                **_item(each),
                "group": each.group,
                "severity": each.severity,
                "retired": each.retired,
            }
            for each in known.categories.values()
        ],
        "channels": [
            {
                **_item(each),
                "oral": each.oral,
                "reply_hours": each.reply_hours,
                "retired": each.retired,
            }
            for each in known.channels.values()
        ],
        "tiers": _plain(known.tiers.values()),
        "needs": [{**_item(each), "vulnerable": each.vulnerable} for each in known.needs.values()],
        "causes": [
            {
                **_item(each),
                "group": each.group,
                "needs_supervisor": each.needs_supervisor,
                "needs_investigation": each.needs_investigation,
                "retired": each.retired,
            }
            for each in known.causes.values()
        ],
        "remedies": [
            {
                **_item(each),
                "kind": each.kind,
                "takes_amount": each.costs_money,
                "retired": each.retired,
            }
            for each in known.remedies.values()
        ],
        "not_complaints": [
            {**_item(each), "ending": each.ending.value} for each in known.not_complaints.values()
        ],
        "outcomes": _plain(known.outcomes.values()),
        "unable_reasons": [
            {**_item(each), "criteria": list(each.criteria), "retired": each.retired}
            for each in rules.exits.reasons.values()
        ],
        "pause_reasons": [
            {**_item(each), "retired": each.retired} for each in rules.exits.awaited.values()
        ],
        "products": [
            {**_item(each), "retired": each.retired}
            for each in rules.organisation.products.values()
        ],
        "standard_information": [
            {**_item(each), "mandatory": each.mandatory} for each in rules.leaflet.items.values()
        ],
        "teams": [
            {
                "code": team.code,
                "label_id": team.label_id,
                "label_en": team.label_en,
                "retired": team.retired,
            }
            for team in rules.teams.values()
        ],
        "branches": [
            {"code": branch.code, "label_id": branch.name, "label_en": branch.name}
            for branch in rules.branches.values()
        ],
    }


def _plain(items: Iterable[Named]) -> list[CodeItem]:
    return [_item(each) for each in items]


def _item(known: Named) -> CodeItem:
    return {"code": known.id, "label_id": known.label_id, "label_en": known.label_en}
