"""The tree of causes: group, cause, complaints of a period, and what is done against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from complaints.domain.improvement.acts import ActionState
from complaints.domain.permissions import Actor
from complaints.domain.taxonomy.items import Cause
from complaints.models import CorrectiveAction
from complaints.queries.improvement.effect import without_line
from complaints.queries.improvement.lists import ActionLine, read_lines
from complaints.queries.reports.figures import Report, deadline_report
from complaints.rulebook import RuleBook

#: So many of the newest actions are hung into the tree.
MOST_ACTIONS = 500


@dataclass(frozen=True, slots=True)
class CauseNode:
    """A cause with its complaints received in the period, and the actions that name it."""

    cause: Cause
    received: int
    missed: int
    actions: Sequence[ActionLine]


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group with its causes; those that are not known any finer stand first, as the group's."""

    cause: Cause
    received: int
    causes: Sequence[CauseNode]


@dataclass(frozen=True, slots=True)
class CauseTree:
    """All of it. `unknown` are codes that the taxonomy does not have any more, with their count."""

    report: Report
    groups: Sequence[GroupNode]
    unknown: Sequence[tuple[str, int]]
    without_cause: int
    has_more_actions: bool


def cause_tree(
    session: Session,
    actor: Actor,
    rules: RuleBook,
    from_on: date,
    to_on: date,
    *,
    now: datetime,
) -> CauseTree:
    """Read what lies in the person's scope: one report by cause, and the actions in one query.

    Groups and causes stand by how many complaints they have; those of which nothing is known, with
    neither complaints nor actions, are left out of a group.
    """
    report = deadline_report(
        session, actor, from_on, to_on, "cause", now=now, rules=rules, is_compared=False
    )
    lines = read_lines(
        session,
        rules,
        actor,
        CorrectiveAction.cause != "",
        CorrectiveAction.state != ActionState.DROPPED.value,
        limit=MOST_ACTIONS + 1,
    )
    figures = {row.key: row.figures for row in report.rows if row.key}
    causes = rules.taxonomy.causes
    actions: dict[str, list[ActionLine]] = {}
    for line in lines[:MOST_ACTIONS]:
        actions.setdefault(line.cause, []).append(line)
    groups = []
    for group in (each for each in causes.values() if each.id == each.group):
        found = [
            CauseNode(
                each,
                figures[each.id].received if each.id in figures else 0,
                figures[each.id].breached if each.id in figures else 0,
                actions.get(each.id, ()),
            )
            for each in causes.values()
            if each.group == group.id
        ]
        shown = [each for each in found if each.received or each.missed or each.actions]
        shown.sort(key=lambda each: -each.received)
        groups.append(GroupNode(group, sum(each.received for each in found), shown))
    groups.sort(key=lambda each: -each.received)
    unknown = [
        (key, each.received) for key, each in figures.items() if key not in causes and each.received
    ]
    return CauseTree(report, groups, unknown, without_line(report), len(lines) > MOST_ACTIONS)
