"""Is it alive, is it ready, how is it doing: for load balancers and monitoring."""

import hmac
import os

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from complaints import clock
from complaints.extensions import db
from complaints.migrate import is_at_head
from complaints.queries.engine import engine_state
from complaints.web.guards import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """The database answers and its tables are of this version."""
    if not is_at_head(db.session.connection()):
        return Response("the database is not migrated; run complaints init\n", 503)
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
    return Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST)


def _may_read_metrics() -> bool:
    token = os.environ.get("TANGGAP_METRICS_TOKEN")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    return request.remote_addr in ("127.0.0.1", "::1")
