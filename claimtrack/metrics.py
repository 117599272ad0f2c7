"""`/metrics` for Prometheus: requests by route, method and status, and how much the database holds.

Several worker processes answer in turn, so a counter kept in one of them would jump from scrape to scrape. `serve`
names a folder by `PROMETHEUS_MULTIPROC_DIR` in which each worker writes its own numbers; the scrape adds them up.

What is stored is read from the database and shown as the highest id of each table, which is one step down an index
at any size. Do not count rows here: at ten million claims a count takes seconds, and it would run four times a minute.
Numbers only; nothing here names a person, an article or an editor.
"""

from collections.abc import Iterator
from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.models import Max, Model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from claims.models import Claim, Speaker, Verdict
from claimtrack import env
from sources.models import Article

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# From a cached page to an article of a megabyte going through the engine.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

REQUESTS = Counter("claimtrack_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "claimtrack_request_seconds", "Time to the answer's first byte.", ["method", "route"], buckets=BUCKETS
)

_TABLES: dict[str, type[Model]] = {"articles": Article, "claims": Claim, "speakers": Speaker, "verdicts": Verdict}


def observe(*, method: str, route: str, status: int, seconds: float) -> None:
    """Counts one answered request."""
    known = method if method in METHODS else "other"
    _count(known, route, status).inc()
    _timer(known, route).observe(seconds)


@lru_cache(maxsize=1_000)
def _count(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


@lru_cache(maxsize=1_000)
def _timer(method: str, route: str) -> Histogram:
    return SECONDS.labels(method, route)


class DatabaseCollector(Collector):
    """Whether the database answers, and the highest id of each table."""

    def collect(self) -> Iterator[Metric]:
        """Yields the gauges; those of the tables are left out while the database is away."""
        up = GaugeMetricFamily("claimtrack_database_up", "1 if the database answers.")
        highest = GaugeMetricFamily(
            "claimtrack_highest_id", "Highest id ever given: rows stored, deleted ones included.", labels=["table"]
        )
        try:
            for name, model in _TABLES.items():
                highest.add_metric([name], model._default_manager.aggregate(highest=Max("pk"))["highest"] or 0)
        except DatabaseError:
            connection.close()
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield highest


@require_safe
def metrics_view(request: HttpRequest) -> HttpResponse:
    """All numbers in Prometheus' text format."""
    if env.text("PROMETHEUS_MULTIPROC_DIR"):
        counters = CollectorRegistry()
        MultiProcessCollector(counters)
    else:
        counters = REGISTRY
    database = CollectorRegistry()
    database.register(DatabaseCollector())
    return HttpResponse(generate_latest(counters) + generate_latest(database), content_type=CONTENT_TYPE_LATEST)
