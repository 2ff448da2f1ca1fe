"""The supervisors' board: one card per thing that waits for a decision."""

from flask import Blueprint, render_template
from flask_babel import gettext

from complaints import clock
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.mail.rule_changes import say_rule_change
from complaints.queries.lists.board import read_board
from complaints.queries.lists.held import read_held
from complaints.rulebook import current_rules
from complaints.web.desk.list_rows import say_years_unknown
from complaints.web.frame.guards import actor, guarded
from complaints.web.frame.translations import lang

blueprint = Blueprint("board", __name__)


@blueprint.get("/board")
@guarded(Permission.BOARD)
def board() -> str:
    """Escalations and approvals that wait for this person or in their branch."""
    rules = current_rules(db.session)
    now = clock.now()
    cards = read_board(db.session, rules, actor(), now=now)
    return render_template(
        "desk/board.html",
        board=cards,
        mine=cards.own_escalations,
        others=[card for card in cards.escalations if not card.is_mine],
        held=read_held(db.session, rules, actor(), now=now),
        rules=rules,
        me=actor(),
        say_rule_change=lambda reason: say_rule_change(rules, reason, lang(), gettext),
        say_years_unknown=say_years_unknown,
    )
