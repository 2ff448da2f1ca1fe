"""The management review of the demonstration: last month's figures, concluded by the manager."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.improvement.acts import ActionState
from complaints.domain.management_review.acts import INPUTS
from complaints.models import CorrectiveAction
from complaints.rulebook import RuleBook
from complaints.seed.people import Cast
from complaints.steps.management_review.conclude import conclude_review
from complaints.steps.management_review.draft import (
    ReviewChanged,
    change_review,
    draft_review,
    link_action,
)
from complaints.steps.management_review.figures import keep_figures

#: A quarter of a year later the next one is due.
_AGAIN = timedelta(days=91)
_SAID = {
    "changes": "Tarif baru berlaku sejak awal bulan. Tidak ada perubahan peraturan dari luar.",
    "audits": "Belum ada audit bulan ini. Pelanggan paling sering menyebut lama menunggu teknisi.",
    "resources": "Dua petugas layanan pelanggan cuti bergantian; penggantinya sudah dilatih.",
    "discussed": (
        "Janji yang terlewat terutama menyangkut kunjungan teknisi mitra. Keluhan tagihan menurun "
        "setelah uji hitung, tetapi hari-hari sesudahnya belum cukup untuk menilai."
    ),
    "process": "Pelanggan diberi kabar pada hari yang sama bila kunjungan teknisi bergeser.",
    "staffing": "Petugas layanan pelanggan dilatih menjelaskan tarif baru sebelum akhir bulan.",
}
assert set(INPUTS) <= set(_SAID)


def review(session: Session, rules: RuleBook, cast: Cast, now: datetime) -> None:
    """Let the manager draft, write and conclude it now, with the figures of now."""
    manager, calendar = cast.by_login["manager"].actor, rules.own_calendar(None)
    today = now.astimezone(calendar.tz).date()
    to_on = today.replace(day=1) - timedelta(days=1)
    session.flush()
    figures = keep_figures(session, rules, None, to_on.replace(day=1), to_on, now=now)
    case = draft_review(session, rules, figures, by=manager, at=now)
    live = (ActionState.OPEN.value, ActionState.DONE.value)
    query = select(CorrectiveAction).where(CorrectiveAction.state.in_(live))
    for action in session.scalars(query.order_by(CorrectiveAction.id)):
        link_action(case, rules.numbers.of_actions.write(action.year, action.id))
    again = calendar.next_opening(now + _AGAIN).astimezone(calendar.tz).date()
    given = ReviewChanged(
        minutes=_SAID,
        chaired_by="Direktur Layanan",
        participants=["Direktur Layanan", "Manajer Penanganan Keluhan", "Penyelia Jakarta"],
        held_on=today,
        next_on=again,
    )
    change_review(case, given)
    conclude_review(case)
