"""What each form of the complaint page proposes and offers to choose from.

Only the form that stands open is asked; a few of them cost a query beside rules and dossier.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext, ngettext

from complaints.actions.registry import find_act
from complaints.clocks.changes import Clocks
from complaints.domain.clauses import Clause
from complaints.domain.commitments.rules import CUSTOMER, CommitmentKind, same_work
from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.ledger import Terms
from complaints.domain.permissions import Permission
from complaints.domain.scripts import fill
from complaints.domain.taxonomy import HANDLER
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.complaint.dossier import Dossier, list_handlers
from complaints.queries.complaint.given import read_ledger
from complaints.rulebook import RuleBook
from complaints.steps.advance import mandatory_gaps
from complaints.steps.case import Case
from complaints.steps.casework.approver import foresee
from complaints.steps.casework.extend import granted_so_far
from complaints.steps.prioritise import compute_for
from complaints.web.complaint import commitments, money
from complaints.web.complaint.forms.answer import answer_facts, reminder_facts
from complaints.web.complaint.forms.attachment_choices import LEFT
from complaints.web.complaint.forms.colleagues import readers_choices
from complaints.web.complaint.forms.condition import (
    contacts_agree,
    contacts_before,
    facts_to_correct,
    known_of_customer,
    merging_facts,
)
from complaints.web.complaint.forms.ending_choices import OTHERS, outcome_choices
from complaints.web.complaint.forms.known_words import missed_at, outcome_due
from complaints.web.complaint.scripts import scripts_for
from complaints.web.frame.choices import (
    category_choices,
    cause_choices,
    product_choices,
    team_choices,
)
from complaints.web.frame.filters import label
from complaints.web.frame.form_parsing import wall_value
from complaints.web.frame.translations import lang
from complaints.web.rules import rule_words

Facts = dict[str, Any]


def stage_of(noun: str, asked: str, dossier: Dossier) -> str:
    """The stage of a noun that has two: as asked, else the one that is due."""
    if noun == "offer":
        return "alternative" if dossier.last_refusal is not None else ""
    if noun == "thanks":
        return _thanked_for(dossier)
    act = find_act(noun)
    if not act.stages:
        return ""
    if asked in act.stages:
        return asked
    proven = {item.criterion for item in dossier.evidence if item.at is not None}
    due = (stage for stage in act.stages if not proven.issuperset(act.face(stage).criteria))
    return next(due, act.stages[-1])


def _thanked_for(dossier: Dossier) -> str:
    """The stage of the thanks: for the solution, the alternative, or with nothing accepted."""
    agreed = [each for each in dossier.offers_now if each.state == "accepted"]
    if not agreed:
        return "nothing"
    return "" if agreed[-1].alternative_to_id is None else "alternative"


def facts_for(case: Case, dossier: Dossier, noun: str, stage: str, now: datetime) -> Facts:
    """What the form shows beside its fields; `proposed` under its own name."""
    if find_act(noun).proposes_script:
        said = " ".join(each.text for each in scripts_for(case, noun, stage))
        return {"proposed": {"text": said}}
    maker = _MAKERS.get(noun)
    return maker(case, dossier, stage, now) if maker else {}


def proposed_steps(case: Case, due: datetime | None, now: datetime) -> list[dict[str, str]]:
    """The steps of the category with owner and date, spread over the time to the deadline."""
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    language, nobodys = lang(), {HANDLER, *case.rules.organisation.retired_teams}
    rows = []
    for step in case.rules.taxonomy.steps_of(case.complaint.category):
        until = None
        if due is not None and due > now:
            working = int(calendar.between(now, due) * step.due_share)
            until = min(calendar.add(now, working), due)
        owner = case.by.name if step.owner in nobodys else owner_words(case.rules, step.owner)
        rows.append(
            {
                "what": step.text(language),
                "owner": owner,
                "due_at": wall_value(until, calendar.tz),
            }
        )
    return rows


def owner_words(rules: RuleBook, owner: str) -> str:
    """Who takes a step: a unit's name for its code, else the words as written."""
    if owner == CUSTOMER:
        return gettext("the customer")
    if owner == HANDLER:
        return gettext("the officer handling your complaint")
    known = rules.teams_by_code.get(owner)
    return label(known) if known else owner


def _confirmation(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    proposed = {"summary": case.complaint.summary, "answer": ""}
    if not case.rules.taxonomy.channels[case.complaint.channel].oral:
        # Who wrote to us has not been heard: they confirm it on their page.
        proposed["method"] = "email" if case.complaint.contact_email else "letter"
    return {"proposed": proposed}


def _promise(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    due = outcome_due(dossier)
    return {"due_at": due, "proposed": {"steps": proposed_steps(case, due, now)}}


def _receipt(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    record = case.rules.record
    return {"gaps": [record.label(gap, lang()) for gap in mandatory_gaps(case)]}


def _parties(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    """Units to choose from, those of the category ticked; where it names none, the desk."""
    parties, rules = dossier.activity.parties, case.rules
    taken = {each.team_id for each in parties if each.answer != "returned"}
    teams = [team for team in rules.teams.values() if team.id not in taken and not team.retired]
    routing = rules.units_of(case.complaint.category)
    told = {each.team_id for each in parties}
    left = [
        team
        for team in rules.teams.values()
        if team.code in routing and team.id not in told | dossier.units_not_needed
    ]
    is_desk = case.complaint.category is not None and not routing
    return {
        "teams": [(team.code, label(team)) for team in teams],
        "named": [label(team) for team in left],
        "left": [(team.code, label(team)) for team in left] if may_leave_out(case) else [],
        "is_desk": is_desk,
        "proposed": {"teams": [team.code for team in left], "desk": "1" if is_desk else ""},
    }


def may_leave_out(case: Case) -> bool:
    """Whether this person may say that a unit of the category is not needed."""
    return case.by.has(Permission.APPROVE)


def _acceptance(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    teams = [case.rules.teams[each.team_id] for each in dossier.waiting_parties]
    own = [team for team in teams if team.id == case.by.team_id]
    return {"teams": [(team.code, label(team)) for team in own or teams]}


def _cause(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    known = dossier.activity.causes
    choices = cause_choices(case.rules, {each.code for each in known})
    last = known[-1] if known and stage == "confirmed" else None
    proposed = {"code": last.code, "text": last.text} if last else {}
    return {"causes": choices, "proposed": proposed}


def _condition(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    products = product_choices(case.rules, case.complaint.customer.products)
    return {"items": known_of_customer(case, dict(products), now)}


def _priority(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    return {"computed": compute_for(case) if case.complaint.category is not None else None}


def _plan(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    # What was told stays undertaken: a row of it that is planned again is the same commitment.
    planned = dossier.steps("plan")
    told = dossier.steps("step")
    before = [
        *(each for each in told if each.done_at is None),
        *(each for each in planned if not any(same_work(each.what, one.what) for one in told)),
    ]
    rows = [
        {
            "what": each.what,
            "owner": commitments.owner_of(each, case.rules),
            "due_at": wall_value(_still_ahead(each.due_at, now), zone),
        }
        for each in before
    ]
    due = case.complaint.promised_at or outcome_due(dossier)
    taxonomy = case.rules.taxonomy
    procedure = taxonomy.steps_of(case.complaint.category)
    return {
        "due_at": due,
        "procedure": [each.text(lang()) for each in procedure],
        "procedure_version": taxonomy.version,
        "proposed": {"steps": rows or proposed_steps(case, due, now)},
    }


def _still_ahead(due_at: datetime | None, now: datetime) -> datetime | None:
    """A date that may be proposed again; one that has passed cannot be undertaken."""
    return due_at if due_at is not None and due_at > now else None


def _offer(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    remedies = case.rules.taxonomy.remedies_of(case.complaint.category)
    outlook = foresee(case)
    return {
        "remedies": [(each.id, label(each)) for each in remedies if each.kind != "internal"],
        "limits": money.bands_words(outlook),
        "beside": money.beside_words(case, outlook),
    }


def _approval(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    ledger = read_ledger(case.session, case.rules.authority, case.complaint, now=now)
    return {"offer": dossier.waiting_offer, "ledger": ledger}


def _standard(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    values, language = case.rules.organisation.values, lang()
    items = [
        {
            "id": item.id,
            "label": item.label(language),
            "text": fill(item.texts[language], values, language),
            "mandatory": item.mandatory,
        }
        for item in case.rules.leaflet.items.values()
    ]
    return {"items": items}


def _closure(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    asks_note = commitments.asks_note(dossier.commitments, case.by.team_id)
    opened = _open_commitments(case, dossier, stage, now)
    return {"outcomes": outcome_choices(case), "asks_note": asks_note, **opened}


def _open_commitments(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    return {"open": commitments.choices(dossier.commitments, case.rules, zone)}


def _commitments(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    kinds = (CommitmentKind.PLAN, CommitmentKind.STEP, CommitmentKind.DOCUMENT)
    return {"kinds": [(kind.value, gettext(commitments.HEADINGS[kind])) for kind in kinds]}


def _assignment(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    people = list_handlers(case.session, case.complaint)
    return {
        "people": people,
        "most_choices": MOST_CHOICES,
        "teams": team_choices(case.rules),
        "proposed": {"handler": dossier.handler_email or ""},
    }


def _pause(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    limits = case.rules.authority.pause
    limit = ngettext(
        "At most 30 days. The clocks then resume automatically; any reply from the customer also "
        "ends the pause. All pauses together last up to %(num)d day; for more ask for an "
        "extension.",
        "At most 30 days. The clocks then resume automatically; any reply from the customer also "
        "ends the pause. All pauses together last up to %(num)d days; for more ask for an "
        "extension.",
        limits.total_days,
    )
    if not case.by.has(Permission.APPROVE):
        limit = ngettext(
            "The first pause lasts up to %(num)d working day; a longer or second one is for a "
            "supervisor. Any reply from the customer ends the pause.",
            "The first pause lasts up to %(num)d working days; a longer or second one is for a "
            "supervisor. Any reply from the customer ends the pause.",
            limits.first_days,
        )
    awaited = [(each.id, label(each)) for each in case.rules.exits.pauses()]
    return {"awaited": awaited, "limit": limit}


def _extension(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    """What each rule says of an extension, and the conditions that it may rest on."""
    clocks = Clocks.of(case.session, case.rules, case.complaint, case.by.id)
    said: list[tuple[Clause, str, datetime, str]] = []
    unknown: set[int] = set()
    conditions: dict[str, str] = {}
    for row in dossier.live_deadlines:
        if row.kind not in OUTCOME_KINDS:
            continue
        policy = case.rules.policy_versions[row.policy_version_id]
        clause = policy.clause(row.clause)
        due_at = clocks.due_resumed(row, now)
        said.append((clause, label(policy), due_at, rule_words.say_extension(clause)))
        calendar = case.rules.calendar_versions[row.calendar_version_id]
        # A new date lies later than the one now: the years of a quarter more are looked at.
        later = max(due_at, now) + timedelta(days=90)
        unknown |= set(Terms(clause, calendar).years_unknown(row.started_at, later))
        if clause.extension is not None:
            conditions |= {each["label_en"]: label(each) for each in clause.extension.named}
    first = min((due_at for _, _, due_at, _ in said), default=None)
    return {
        "due_at": first,
        "granted": granted_so_far(case),
        "limits": said,
        "conditions": list(conditions.items()),
        "years_unknown": ", ".join(map(str, sorted(unknown))),
    }


def _extension_approval(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    asked = dossier.waiting_extension
    condition = rule_words.say_condition(case.rules, asked.condition) if asked else ""
    return {
        "asked": asked,
        "condition": condition,
        "due_at": outcome_due(dossier),
        "is_missed": missed_at(dossier, now) is not None,
    }


def _record(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    complaint, customer, rules = case.complaint, case.complaint.customer, case.rules
    zone = rules.calendar_of(complaint.branch_id).value.tz
    return {
        "categories": category_choices(rules, complaint.category or ""),
        "products": product_choices(rules, [complaint.product]),
        "needs": [(each.id, label(each)) for each in rules.taxonomy.needs.values()],
        "proposed": {
            "category": complaint.category or "",
            "product": complaint.product,
            "remedy_wanted": complaint.remedy_wanted,
            "incident_at": wall_value(complaint.incident_at, zone),
            "name": complaint.contact_name,
            "phone": complaint.contact_phone or "",
            "email": complaint.contact_email or "",
            "salutation": complaint.contact_salutation,
            "needs": list(customer.needs),
            "in_record": "true" if contacts_agree(complaint, customer) else "false",
        },
        "earlier": contacts_before(case),
    }


def _customer(case: Case, dossier: Dossier, stage: str, now: datetime) -> Facts:
    doubted = case.complaint.doubted_number
    return {"doubted": doubted, "proposed": {"number": doubted or ""}}


_MAKERS: Mapping[str, Callable[[Case, Dossier, str, datetime], Facts]] = {
    "confirmation": _confirmation,
    "promise": _promise,
    "receipt": _receipt,
    "parties": _parties,
    "parties/acceptance": _acceptance,
    "cause": _cause,
    "condition": _condition,
    "priority": _priority,
    "plan": _plan,
    "offer": _offer,
    "offer/approval": _approval,
    "offer/reminder": reminder_facts,
    "answer": answer_facts,
    "standard-information": _standard,
    "closure": _closure,
    **OTHERS,
    "commitments": _commitments,
    "commitments/done": _open_commitments,
    "commitments/drop": _open_commitments,
    "assignment": _assignment,
    "pause": _pause,
    "extension": _extension,
    "extension/approval": _extension_approval,
    "note": readers_choices,
    "record": _record,
    "customer": _customer,
    "customer/merge": merging_facts,
    "facts": facts_to_correct,
    **LEFT,
}
