"""Is it alive, is it ready, how is it doing: for load balancers and monitoring."""

import hmac
from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from complaints import clock
from complaints.domain.latency_histogram import BEYOND, TOTAL_SECONDS, up_to
from complaints.extensions import db
from complaints.migrate import is_at_head
from complaints.queries.engine.status import engine_state, fire_lags, has_stopped
from complaints.settings import Settings
from complaints.trouble import Trouble, foreseen
from complaints.web.frame.guards import public

blueprint = Blueprint("health", __name__)

_TROUBLES = {
    Trouble.BUSY: "the database is busy\n",
    Trouble.READ_ONLY: "the database can only be read\n",
    Trouble.FULL: "the disk is full\n",
}


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """The database answers, is of this version and can record; beside it, whether a worker runs.

    Without a worker the pages are as good as ever: to take them away would help nobody.
    """
    if not is_at_head(db.session.connection()):
        said = "the database is not migrated; run complaints init\n"
        return Response(said, 503, mimetype="text/plain")
    trouble = foreseen(db.session)
    if trouble is not None:
        return Response(_TROUBLES[trouble], 503, mimetype="text/plain")
    if has_stopped(db.session, clock.now()):
        return Response("ready; the deadline monitor is not active\n", mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """How the engine is doing, for Prometheus; from loopback or with the metrics token."""
    if not _may_read_metrics():
        abort(404)
    registry = CollectorRegistry()
    for name, (text, value) in engine_state(db.session, clock.now()).items():
        Gauge(f"tanggap_{name}", text, registry=registry).set(value)
    registry.register(_Lags(fire_lags(db.session)))
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)


class _Lags(Collector):
    """The histogram of the workers, which count in the database and not in this process."""

    def __init__(self, lags: Mapping[str, int]) -> None:
        self.lags = lags

    def collect(self) -> Iterable[Metric]:
        """One histogram, counted since the first sign of life."""
        buckets = [("+Inf" if name == BEYOND else name, n) for name, n in up_to(self.lags)]
        yield HistogramMetricFamily(
            "tanggap_fire_lag_seconds",
            "How late deadlines were processed",
            buckets=buckets,
            sum_value=self.lags.get(TOTAL_SECONDS, 0),
        )


def _may_read_metrics() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    token = settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    return request.remote_addr in ("127.0.0.1", "::1")
