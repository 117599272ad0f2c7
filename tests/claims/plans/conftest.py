"""Plans are PostgreSQL's: on SQLite these tests are not there."""

from django.db import connection

collect_ignore = [] if connection.vendor == "postgresql" else ["test_plans.py"]
