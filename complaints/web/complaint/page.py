"""The complaint page put together: dossier, journey, clocks, timeline, and at most one open form.

Everything a template needs is computed here once; the template only places it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import gettext
from flask_login import current_user

from complaints.actions.act import Face
from complaints.actions.registry import face_of, find_act
from complaints.clocks.expected import awaiting_documents
from complaints.domain.approval import GIVEN
from complaints.domain.clauses import Clause, Policy
from complaints.domain.commitments.rules import is_unsettled, same_work
from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.permissions import Permission
from complaints.domain.scripts import FACE_TO_FACE
from complaints.domain.words.letter_state import OWN_PAGE
from complaints.formatting import zone_label
from complaints.models import Complaint, PublicPost
from complaints.people.staff import Staff
from complaints.queries.complaint.commitments import CommitmentRow
from complaints.queries.complaint.dossier import Dossier, read_dossier
from complaints.queries.complaint.duplicates import Duplicates, read_duplicates
from complaints.queries.complaint.notes import MOST_COUNTED
from complaints.queries.customer_page.said import (
    Said,
    Successions,
    all_after_end,
    read_successions,
)
from complaints.queries.customer_page.view import awaited_of
from complaints.queries.incidents.linked import LinkedTo, linked_to
from complaints.queries.lists.held import Holder, holders_of
from complaints.queries.paused_until import paused_until
from complaints.queries.public_posts.view import posts_of
from complaints.rulebook import RuleBook
from complaints.steps.case import Case
from complaints.steps.casework.approve import Pending, pending_approval
from complaints.web.complaint import timeline
from complaints.web.complaint.beside import acts_beside, may_observe_handler
from complaints.web.complaint.commitments import Groups, read_groups
from complaints.web.complaint.deadline import Due, read_due
from complaints.web.complaint.evidence_panel import EvidenceLine, evidence_lines
from complaints.web.complaint.exits_shown import ExitsShown
from complaints.web.complaint.files_shown import FilesShown, read_files
from complaints.web.complaint.forms.condition import record_differs
from complaints.web.complaint.forms.facts import owner_words
from complaints.web.complaint.forms.known_words import missed_at
from complaints.web.complaint.forms.letter_choices import stuck_words
from complaints.web.complaint.forms.open_form import OpenForm, new_key
from complaints.web.complaint.journey import (
    GATE_WORDS,
    STEP_STATES,
    Journey,
    may_do,
    read_journey,
    way_to,
)
from complaints.web.complaint.missing import Missing, find_missing
from complaints.web.complaint.scripts import talk_of
from complaints.web.complaint.timeline import LinesAsked, LinesShown, TimelineEntry, read_lines
from complaints.web.complaint.units_lacking import say_units_lacking
from complaints.web.frame.filters import label
from complaints.web.frame.times import Times
from complaints.web.frame.translations import lang


@dataclass(slots=True)
class Page:
    """Everything that the page of a complaint places."""

    case: Case
    dossier: Dossier
    journey: Journey
    zone: ZoneInfo
    shown: LinesShown
    promise: Due | None
    dues: list[Due]
    ended: list[Due]
    waiting: list[tuple[Policy, Clause]]
    missing: list[Missing]
    beside: list[tuple[str, Face]]
    commitments: Groups
    exits: ExitsShown
    duplicates: Duplicates
    linked: LinkedTo
    #: The public posts that it was made of.
    posts: Sequence[PublicPost]
    successions: Successions
    after_end: Sequence[Said]
    files: FilesShown
    pending: Pending | None = None
    paused_until: datetime | None = None
    awaited: str = ""
    holders: Sequence[Holder] = ()
    form: OpenForm | None = None
    news: Sequence[TimelineEntry] = ()

    @property
    def view(self) -> str:
        """Which view of the timeline is shown."""
        return self.shown.view

    @property
    def number(self) -> str:
        """The complaint's public number."""
        return self.case.number

    @property
    def path(self) -> str:
        """The address of the complaint, under which its nouns lie."""
        return f"/complaints/{self.case.number}"

    @property
    def called(self) -> str:
        """The customer with the form of address, said once."""
        complaint = self.case.complaint
        salutations = self.case.rules.organisation.salutations
        name = salutations.known(complaint.contact_name, complaint.contact_salutation)
        return " ".join(name).strip()

    @property
    def record_differs(self) -> list[tuple[str, str]]:
        """What the customer's record has otherwise than this complaint."""
        complaint = self.case.complaint
        return record_differs(complaint, complaint.customer)

    @property
    def extension_approver(self) -> str:
        """Who was asked to decide on the extension that waits."""
        asked = self.dossier.waiting_extension
        complaint = self.case.complaint
        if asked is None:
            return ""
        line = Staff.read(self.case.session).line_above(asked.asked_by_id, complaint.branch_id)
        if asked.is_beyond:
            line = [each for each in line if each.has(Permission.EXTEND_FURTHER)]
        return line[0].name if line else ""

    @property
    def is_missed(self) -> bool:
        """Whether the outcome deadline in force was missed, so that nothing moves it any more."""
        return missed_at(self.dossier, self.case.at) is not None

    @property
    def units_lacking(self) -> str:
        """What is missing at the units that were told."""
        return say_units_lacking(self.dossier, self.case.rules)

    @property
    def is_face_to_face(self) -> bool:
        """Whether the customer came in person, so that something can be handed over."""
        return talk_of(self.case) == FACE_TO_FACE

    @property
    def is_agreed(self) -> bool:
        """Whether the complaint ended with something that the customer agreed to."""
        ended = self.case.rules.taxonomy.outcomes.get(self.case.complaint.outcome or "")
        return ended is not None and ended.agreed

    @property
    def given(self) -> int:
        """What was given or is offered on this complaint, over all its cycles."""
        offers = self.dossier.activity.offers
        return sum(each.amount for each in offers if each.state in GIVEN)

    def label_of(self, table: str, code: str | None) -> str:
        """The words of one of the organisation's codes; the code itself when it has gone."""
        item = getattr(self.case.rules.taxonomy, table).get(code or "")
        return label(item) if item is not None else code or ""

    def team(self, team_id: int | None) -> str:
        """A team's name."""
        known = self.case.rules.teams.get(team_id or 0)
        return label(known) if known else ""

    def owner(self, text: str) -> str:
        """Who takes a step, as the page says it."""
        return owner_words(self.case.rules, text)

    def product(self, code: str) -> str:
        """A product's name for its code, else the words as written."""
        known = self.case.rules.organisation.products.get(code)
        return label(known) if known else code

    @property
    def waiting_teams(self) -> str:
        """The units that have not answered yet."""
        return ", ".join(self.team(each.team_id) for each in self.dossier.waiting_parties)

    @property
    def own_team(self) -> str:
        """The code of this person's team."""
        team = self.case.rules.teams.get(self.case.by.team_id or 0)
        return team.code if team else ""

    @property
    def own_commitments(self) -> list[CommitmentRow]:
        """What this person's unit has undertaken and not settled yet."""
        team = self.case.by.team_id
        rows = self.dossier.commitments
        return [each for each in rows if team and each.team_id == team and is_unsettled(each)]

    @property
    def unit_asks(self) -> bool:
        """Whether this person's unit has something of its own to record, beside the handler."""
        own = [
            each for each in self.dossier.activity.parties if each.team_id == self.case.by.team_id
        ]
        complaint = self.case.complaint
        if not own or complaint.handler_id == self.case.by.id or complaint.status in ENDED:
            return False
        if any(each.answer is None for each in own):
            return True
        is_taken = any(each.answer == "accepted" for each in own)
        return is_taken and (self.dossier.confirmed_cause is None or bool(self.own_commitments))

    def is_planned(self, what: str) -> bool:
        """Whether the plan in force names this step, which the customer was told before."""
        plans = [row.words for row in self.dossier.records if row.criterion == "020-2.5"]
        return bool(plans) and any(same_work(what, line) for line in plans[-1].split("\n"))

    def deviations(self) -> list[str]:
        """How the plan in force differs from the procedure of its category, in sentences."""
        plans = [row.detail for row in self.dossier.records if row.criterion == "020-2.5"]
        kept = plans[-1] if plans else {}
        return list(timeline.said_beside(find_act("plan").details, kept))

    def evidence(self) -> list[EvidenceLine]:
        """The eighteen criteria on the panel."""
        return evidence_lines(self.dossier, self.exits, self.zone)

    @property
    def to_print(self) -> int | None:
        """The first letter that waits to be printed."""
        waiting = [each for each in self.dossier.letters.values() if each.state == "to_print"]
        return min((each.id for each in waiting), default=None)

    @property
    def stuck(self) -> list[tuple[int, str]]:
        """The letters to the customer that did not go: id and sentence."""
        return stuck_words(self.case, self.dossier.stuck)

    @property
    def may_observe(self) -> bool:
        """Whether this person may observe how the handler serves customers."""
        return may_observe_handler(self.case, self.dossier)

    def may(self, noun: str) -> bool:
        """Whether this person may do it at this stage."""
        return may_do(self.case.by, noun, self.case.complaint.status)


def _is_public(rules: RuleBook, complaint: Complaint) -> bool:
    """Whether it came from where people post in public."""
    channel = rules.taxonomy.channels.get(complaint.channel)
    return channel is not None and channel.reply_hours > 0


def read_page(case: Case, now: datetime, asked: LinesAsked | None = None) -> Page:
    """Read everything the page shows, of the timeline the lines asked for."""
    complaint, rules = case.complaint, case.rules
    asked = asked or LinesAsked()
    dossier = read_dossier(case.session, complaint, rules, asked.notes)
    pending = pending_approval(case) if dossier.waiting_offer is not None else None
    may_approve = pending is not None and (pending.may or pending.passes_on)
    journey = read_journey(dossier, case.by, may_approve)
    zone = rules.calendar_of(complaint.branch_id).value.tz
    language = lang()
    until = paused_until(case.session, complaint.id) if complaint.waiting_customer else None
    # The clock of a commitment is shown with the commitment.
    clocks = [each for each in dossier.live_deadlines if not each.is_commitment]
    dues = [read_due(rules, row, now, language, until) for row in clocks]
    outcome = [each for each in dues if each.row.kind in OUTCOME_KINDS]
    waiting = awaiting_documents(rules, complaint, dossier.deadlines)
    return Page(
        case=case,
        dossier=dossier,
        journey=journey,
        zone=zone,
        shown=read_lines(case, dossier, zone, asked),
        promise=outcome[0] if outcome else None,
        dues=[each for each in dues if not outcome or each is not outcome[0]],
        ended=[
            read_due(rules, row, now, language)
            for row in reversed(dossier.deadlines)
            if row.ended_at is not None and not row.is_commitment
        ],
        waiting=waiting,
        missing=find_missing(case, dossier, journey),
        beside=acts_beside(case, dossier, now, is_awaiting=bool(waiting)),
        pending=pending,
        paused_until=until,
        awaited=_awaited(case) if until else "",
        commitments=read_groups(
            dossier.commitments,
            rules,
            now,
            rules.calendar_of(complaint.branch_id).value,
            status=complaint.status,
            may_handle=case.by.has(Permission.HANDLE),
            team_id=case.by.team_id,
        ),
        exits=ExitsShown(case, dossier),
        duplicates=read_duplicates(case.session, rules, complaint)
        if dossier.is_repeated or complaint.duplicate_of_id
        else Duplicates(),
        posts=posts_of(case.session, complaint.id) if _is_public(rules, complaint) else (),
        linked=linked_to(case.session, rules, case.by, complaint.id)
        if dossier.has_links
        else LinkedTo(),
        successions=_successions(case),
        after_end=_after_end(case),
        holders=_holders(case, dossier, now),
        files=read_files(case, dossier) if dossier.has_files else FilesShown(),
    )


def _successions(case: Case) -> Successions:
    """What it goes on from and what goes on from it; asked only where there may be some."""
    complaint = case.complaint
    if complaint.status not in ENDED and complaint.continues_id is None:
        return Successions()
    return read_successions(case.session, case.rules, complaint)


def _after_end(case: Case) -> Sequence[Said]:
    """What the customer said after each closing; asked only where there was one."""
    complaint = case.complaint
    if complaint.status not in ENDED and complaint.cycle == 1:
        return ()
    return all_after_end(case.session, complaint.id)


def _awaited(case: Case) -> str:
    """What the customer is waited for during a pause."""
    code, words = awaited_of(case.session, case.complaint.id)
    awaited = case.rules.exits.awaited.get(code or "")
    return label(awaited) if awaited else words


def _holders(case: Case, dossier: Dossier, now: datetime) -> Sequence[Holder]:
    """Who is seeing to it after an escalation; asked only where somebody may be."""
    is_over = Status(case.complaint.status) in ENDED
    if is_over or all(each.acknowledged_at is None for each in dossier.activity.escalations):
        return ()
    return holders_of(case.session, case.complaint.id, now=now)


def render_page(
    page: Page, now: datetime, template: str = "complaint/page.html", **more: Any
) -> str:
    """The page as HTML, or a part of it by a template of its own."""
    return render_template(template, **page_context(page, now), **more)


def page_context(page: Page, now: datetime) -> dict[str, Any]:
    """What the templates of a complaint are given, whatever they place of it."""
    return {
        "page": page,
        "case": page.case,
        "complaint": page.case.complaint,
        "customer": page.case.complaint.customer,
        "dossier": page.dossier,
        "journey": page.journey,
        "form": page.form,
        "zone": page.zone,
        "times": Times.of_branch(page.case.rules, page.case.complaint.branch_id),
        "news": page.news,
        "now": now,
        "zone_word": zone_label(now.astimezone(page.zone)),
        "face_of": face_of,
        "most_counted": MOST_COUNTED,
        "me": current_user.email,
        "my_name": page.case.by.name,
        "rules": page.case.rules,
        "new_key": new_key,
        "gate_words": gettext(GATE_WORDS[page.journey.gate]) if page.journey.gate else "",
        "step_states": {
            **STEP_STATES,
            **({"sending": timeline.HELD_UP} if page.dossier.is_mail_held_up else {}),
        },
        "offer_words": timeline.offer_words,
        "way_to": way_to,
        # What customers do on their own page nobody records for them.
        "methods": [
            (key, gettext(words)) for key, words in timeline.METHODS.items() if key != OWN_PAGE
        ],
    }
