"""`/healthz`: this process answers. `/readyz`: it can do its work.

A probe that restarts the process asks the first, which touches nothing: a database that is away is not mended by a
restart. A probe that routes traffic asks the second. What was found good and cannot go bad within one process (the
migrations of this code, the engine's model) is not looked at again, so asking often costs one query.
"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.extraction import ExtractionError, extract

_PROBE = "The mayor said on Monday that the bridge was open."

_good: set[Callable[[], None]] = set()


class NotReadyError(Exception):
    """One thing the service needs is missing; the message says which, and holds nothing private."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if every check passes, else 503; each check's outcome by name."""
    outcomes = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = set(outcomes.values()) == {"ok"}
    body = {"status": "ready" if ready else "not ready", "checks": outcomes}
    return JsonResponse(body, status=200 if ready else 503)


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReadyError as error:
        return str(error)
    return "ok"


def check_database() -> None:
    """Raises NotReadyError unless the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        connection.close()
        raise NotReadyError(f"the database does not answer ({type(error).__name__})") from error


def check_migrations() -> None:
    """Raises NotReadyError if a migration of this code is not applied."""
    if check_migrations in _good:
        return
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        connection.close()
        raise NotReadyError("unknown, the database does not answer") from error
    if pending:
        raise NotReadyError(f"{pending} migrations are not applied; run: python manage.py migrate")
    _good.add(check_migrations)


def check_engine() -> None:
    """Raises NotReadyError unless the engine's model loads and reads a sentence."""
    if check_engine in _good:
        return
    try:
        extract(_PROBE, language="en")
    except ExtractionError as error:
        raise NotReadyError("the engine's model does not load") from error
    _good.add(check_engine)


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "engine": check_engine,
}
