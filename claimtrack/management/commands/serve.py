"""`serve`: the production server, after a look at what it needs."""

from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from claims.services.drain import drained_in_background
from claimtrack.health import NotReadyError, check_database, check_migrations
from claimtrack.server import PortError, check_port, run_server

MISSING_KEY = "SECRET_KEY is not set; give it 50 or more random characters, in the environment or in .env"


class Command(BaseCommand):
    help = "Starts the production server; stops cleanly on TERM and Ctrl-C."
    requires_system_checks: list[str] = []  # run below, once the key is known to be there
    stealth_options = ("announcement",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: PORT, or 8000")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        require_key()
        try:
            check_port(host, port)
            check_database()
            check_migrations()
        except (PortError, NotReadyError) as error:
            raise CommandError(str(error)) from None
        self.check()
        self._collect_static()
        connections.close_all()
        with self._webhooks():
            run_server(host=host, port=port, on_ready=self._announcer(host, port, options.get("announcement")))

    @staticmethod
    def _webhooks() -> AbstractContextManager[None]:
        """Sends webhooks beside the server, unless there are workers for it."""
        return nullcontext() if settings.CELERY_BROKER_URL else drained_in_background()

    def _collect_static(self) -> None:
        """Collects the admin's files where nobody has: without them the pages have no style."""
        if (settings.STATIC_ROOT / "admin").is_dir():
            return
        try:
            call_command(CollectStatic(), interactive=False, verbosity=0)
        except OSError as error:
            self.stderr.write(f"cannot write the static files ({error}); run: python manage.py collectstatic")

    def _announcer(self, host: str, port: int, announcement: str | None) -> Callable[[], None]:
        name = f"[{host}]" if ":" in host else host

        def announce() -> None:
            self.stdout.write(announcement or f"claimtrack answers at http://{name}:{port}/")
            self.stdout.flush()

        return announce


def require_key() -> None:
    """Stops with one line where Django would trace back to the first page that signs something."""
    try:
        settings.SECRET_KEY  # noqa: B018  (Django refuses an empty one when it is read)
    except ImproperlyConfigured:
        raise CommandError(MISSING_KEY, returncode=2) from None
