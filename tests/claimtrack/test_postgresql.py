"""An idle connection of PostgreSQL is seen to be lost without asking the server."""

from contextlib import closing

import psycopg2
import pytest
from django.db import connection

from claims.models import Rating


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced() -> None:
    if connection.vendor != "postgresql":
        assert connection.is_usable()
        return
    before = Rating.objects.count()
    pid = connection.connection.info.backend_pid
    assert connection.is_usable()
    with closing(psycopg2.connect(connection.connection.dsn)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    assert Rating.objects.count() == before
    assert connection.connection.info.backend_pid != pid
