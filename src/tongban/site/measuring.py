"""Numbers for Prometheus: how many requests, how long they took, what waits. Of nobody in particular.

Several processes count together in files of PROMETHEUS_MULTIPROC_DIR, which `tongban serve` sets.
"""

import os
import time
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from tongban.site.backlog import backlogs

_LABELS = ("method", "route")
_METHODS = frozenset({"GET", "HEAD", "POST"})
REQUESTS = Counter("tongban_requests", "Requests answered.", (*_LABELS, "status"))
SECONDS = Histogram(
    "tongban_request_seconds",
    "Seconds until the answer was ready.",
    _LABELS,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)


def measured(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Count each request by its route's name: no address, no account, no network is part of a number."""

    def respond(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = answer(request)
        match = request.resolver_match
        labels = (request.method if request.method in _METHODS else "other", match.view_name if match else "none")
        SECONDS.labels(*labels).observe(time.perf_counter() - start)
        REQUESTS.labels(*labels, str(response.status_code)).inc()
        return response

    return respond


class _Waiting(Collector):
    """What waits for the worker, asked for at the moment."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        count = GaugeMetricFamily("tongban_waiting", "Things that wait for the worker.", labels=["kind"])
        oldest = GaugeMetricFamily("tongban_waiting_seconds", "Age of the oldest of them.", labels=["kind"])
        for backlog in backlogs():
            count.add_metric([backlog.name], backlog.count)
            oldest.add_metric([backlog.name], backlog.oldest.total_seconds() if backlog.oldest else 0)
        yield count
        yield oldest


def page() -> bytes:
    """Return all numbers in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    else:
        counted = REGISTRY
    waiting = CollectorRegistry()
    waiting.register(_Waiting())
    return generate_latest(counted) + generate_latest(waiting)
