"""The supervisors' board: one card per thing that waits for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.mail.rule_changes import say_rule_change
from complaints.queries.lists.board import MOST_CARDS, read_board
from complaints.queries.lists.held import read_held
from complaints.rulebook import current_rules
from complaints.web.desk.list_rows import say_years_unknown
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("board", __name__)

#: Cards of a pile until somebody asks for more.
AT_FIRST = 12


@dataclass(frozen=True, slots=True)
class Pile:
    """Cards under one heading: those shown, and how many there are; `12+` of more."""

    cards: Sequence[Any]
    count: str
    is_cut: bool


@blueprint.get("/board")
@guarded(Permission.BOARD)
def board() -> str:
    """Escalations and approvals that wait for this person or in their branch."""
    rules, me, now = current_rules(db.session), actor(), clock.now()
    most = MOST_CARDS if request.args.get("all") else AT_FIRST
    cards = read_board(db.session, rules, me, now=now, most=most)
    own = cards.own_escalations
    approving = cards.own_approvals
    piles = {
        "mine": _pile(own, most, cards.is_cut and len(own) == len(cards.escalations)),
        "held": _pile(read_held(db.session, rules, me, now=now), most),
        "approvals": _pile(approving, most),
        "approvals_others": _pile(
            [each for each in cards.approvals if each not in approving], most
        ),
        "signatures": _pile(cards.own_signatures, most),
        "signatures_others": _pile([each for each in cards.signatures if each.is_own], most),
        "others": _pile(
            [each for each in cards.escalations if not each.is_mine], most, cards.is_cut
        ),
    }
    return render_template(
        "desk/board.html",
        piles=piles,
        is_empty=not any(pile.cards for pile in piles.values()),
        shows_all=most == MOST_CARDS,
        rules=rules,
        me=me,
        say_rule_change=lambda reason: say_rule_change(rules, reason, lang(), gettext),
        say_years_unknown=say_years_unknown,
    )


def _pile(cards: Sequence[Any], most: int, is_cut: bool = False) -> Pile:
    """The first cards of a pile; `is_cut` when not all of it was read."""
    may_be_more = is_cut or len(cards) >= MOST_CARDS
    count = f"{len(cards)}+" if may_be_more else str(len(cards))
    return Pile(cards[:most], count, may_be_more or len(cards) > most)
