"""Is it alive, is it ready, how is it doing: for load balancers and monitoring."""

import hmac
from collections.abc import Iterable, Mapping
from itertools import accumulate
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from complaints import clock
from complaints.domain.latency_histogram import BEYOND, TOTAL_SECONDS, up_to
from complaints.extensions import db
from complaints.migrate import is_at_head
from complaints.proxies import THIS_MACHINE, client_address, host_name, tells_of_a_proxy
from complaints.queries.engine.status import find_post_standstill, has_stopped, read_metrics
from complaints.queries.mail.mailboxes import silent_mailboxes
from complaints.settings import Settings
from complaints.trouble import Trouble, foreseen
from complaints.web.frame.access import counts_of
from complaints.web.frame.guards import public
from complaints.web.frame.request_counts import BOUNDS, RequestCounts

blueprint = Blueprint("health", __name__)

_TROUBLES = {
    Trouble.BUSY: "the database is busy\n",
    Trouble.READ_ONLY: "the database can only be read\n",
    Trouble.FULL: "the disk is full\n",
    Trouble.FILE: "the file of the database cannot be used\n",
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
    now, sentences = clock.now(), ["ready"]
    if has_stopped(db.session, now):
        sentences.append("the deadline monitor is not active")
    if find_post_standstill(db.session, now) is not None:
        sentences.append("messages wait and nobody sends them")
    if silent_mailboxes(db.session, now):
        sentences.append("a mailbox cannot be read")
    return Response("; ".join(sentences) + "\n", mimetype="text/plain")


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """How the engine and the pages are doing, for Prometheus; who may read, the settings say."""
    if not _may_read_metrics():
        abort(404)
    registry = CollectorRegistry()
    engine = read_metrics(db.session, clock.now())
    for name, (text, value) in engine.values.items():
        Gauge(f"tanggap_{name}", text, registry=registry).set(value)
    for name, (text, by_job) in engine.by_job.items():
        gauge = Gauge(f"tanggap_{name}", text, ["job"], registry=registry)
        for job, value in by_job.items():
            gauge.labels(job).set(value)
    registry.register(_Lags(engine.lags))
    registry.register(_Requests(counts_of(current_app)))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


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


class _Requests(Collector):
    """Rate, errors and latency of the pages; counted by all web processes of this machine."""

    def __init__(self, counts: RequestCounts) -> None:
        self.counts = counts

    def collect(self) -> Iterable[Metric]:
        """By the route's pattern; "-" is whatever has no route."""
        requests = CounterMetricFamily(
            "tanggap_http_requests", "Requests answered", labels=["method", "route", "status"]
        )
        took = HistogramMetricFamily(
            "tanggap_http_request_seconds",
            "How long the application took for an answer",
            labels=["method", "route"],
        )
        bounds = [*map(str, BOUNDS), "+Inf"]
        for (method, route), counted in self.counts.totals().items():
            where = [method, route or "-"]
            for status, count in counted.by_status.items():
                if count:
                    requests.add_metric([*where, status], count)
            summed = zip(bounds, accumulate(counted.buckets), strict=True)
            took.add_metric(where, list(summed), counted.seconds)
        yield requests
        yield took


def _may_read_metrics() -> bool:
    """With the token, or without one from this machine as long as nothing tells of a proxy.

    What a proxy on this machine hands on comes from loopback as well.
    """
    settings: Settings = current_app.config["SETTINGS"]
    token = settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(given.encode(), token.encode())
    is_proxied = settings.is_behind_proxy or tells_of_a_proxy()
    asked = (urlsplit(settings.base_url).hostname, client_address(), host_name(request.host))
    return not is_proxied and all(each in THIS_MACHINE for each in asked)
