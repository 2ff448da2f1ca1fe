"""The state of the engine for those who answer for it: signs of life, lateness, faults, post."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from complaints import clock
from complaints.domain.errors import N_
from complaints.domain.latency_histogram import BUCKETS, CORRECTED, count_of, quantile
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.outbox.retry import retry_failed_messages
from complaints.queries.engine.consistency_checks import MOST_COUNTED
from complaints.queries.engine.status import engine_view
from complaints.rulebook import current_rules
from complaints.web.frame.guards import actor, guarded

blueprint = Blueprint("engine", __name__, url_prefix="/admin/engine")

#: Fault → what it is, and what becomes of it.
FAULTS = {
    "late": (
        N_("Scheduled jobs more than a minute late"),
        N_("They are processed as soon as the background worker is available."),
    ),
    "postponed": (
        N_("Scheduled jobs set aside after an error"),
        N_("They are tried again within the hour; the log says why they failed."),
    ),
    "missing": (N_("Deadlines without a scheduled job"), N_("Rescheduled immediately.")),
    "orphans": (N_("Scheduled jobs whose deadline has ended"), N_("Dropped at once.")),
    "drifted": (
        N_("Deadlines that differ from their history"),
        N_(
            "Corrected by its history before anything is processed; recorded "
            "in the complaint's history."
        ),
    ),
    "post_failed": (
        N_("Emails that failed"),
        N_("Check the mail settings, then send them again below."),
    ),
    "post_waiting": (
        N_("Emails waiting for more than ten minutes"),
        N_("Can the mail server be reached?"),
    ),
}


@dataclass(frozen=True, slots=True)
class LagLine:
    """One row of the histogram: so many came at most so late."""

    seconds: int | None
    count: int
    share: float


@blueprint.get("")
@guarded(Permission.REPORTS)
def overview() -> str:
    """How the engine is doing; nobody's data is on this page."""
    now = clock.now()
    view = engine_view(db.session, now)
    findings = view.findings or {}
    return render_template(
        "monitoring/engine.html",
        view=view,
        jobs=[(job, gettext(job.words)) for job in view.jobs],
        lags=_lag_lines(view.lags),
        fired=count_of(view.lags),
        mailboxes=[(each, each.is_silent(now)) for each in view.mailboxes],
        median=_bound(quantile(view.lags, 0.5)),
        p99=_bound(quantile(view.lags, 0.99)),
        faults=[
            (gettext(what), findings.get(kind, 0), gettext(then))
            for kind, (what, then) in FAULTS.items()
        ],
        mended=findings.get("mended", 0),
        corrected=view.lags.get(CORRECTED, 0),
        most=MOST_COUNTED,
        tz=next(iter(current_rules(db.session).calendars.values())).value.tz,
    )


@blueprint.get("/history")
@guarded(Permission.REPORTS)
def history() -> str:
    """What the signed history of complaints shows and what it cannot show."""
    return render_template("monitoring/history.html")


@blueprint.post("/post")
@guarded(Permission.ADMINISTER)
def retry() -> Response:
    """Send the e-mails again that had been given up."""
    count = retry_failed_messages(db.session, by=actor(), at=clock.now())
    db.session.commit()
    flash(gettext("Emails returned to the queue: %(count)s.", count=count), "done")
    return redirect("/admin/engine")


def _lag_lines(lags: Mapping[str, int]) -> list[LagLine]:
    total = count_of(lags)
    return [
        LagLine(_seconds(bucket), lags.get(bucket, 0), lags.get(bucket, 0) / total if total else 0)
        for bucket in BUCKETS
    ]


def _bound(bucket: str | None) -> tuple[int | None] | None:
    """The bound in seconds, in a tuple because beyond the last bound there is none."""
    return None if bucket is None else (_seconds(bucket),)


def _seconds(bucket: str) -> int | None:
    return int(bucket) if bucket.isdigit() else None
