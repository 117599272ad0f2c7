"""`first_run`: everything between an empty folder and a running service with sample articles in it.

Each step looks at what is there, so running it again keeps data and account and prints no password.
"""

import secrets
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from claims.models import Claim, Speaker
from claimtrack.management.commands.serve import require_key
from claimtrack.server import PortError, check_port
from sources.models import Article

USERNAME = "editor"
GROUP = "desk admin"
_PASSWORD_BYTES = 12  # 16 characters


class Command(BaseCommand):
    help = "Prepares the database, stores the sample articles, makes an editor's account, and serves."
    requires_system_checks: list[str] = []  # `serve` runs them, on tables that are there by then

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--no-serve", action="store_true", help="stop after the summary")

    def handle(self, *args: Any, host: str, port: int, no_serve: bool, **options: Any) -> None:
        require_key()
        if not no_serve:
            try:  # before minutes of work, not after
                check_port(host, port)
            except PortError as error:
                raise CommandError(str(error)) from None
        (settings.BASE_DIR / "var").mkdir(exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self._ingest_seeds()
        summary = _summary(f"http://{host}:{port}", make_editor())
        if no_serve:
            self.stdout.write(summary)
        else:
            call_command("serve", host=host, port=port, announcement=summary, stdout=self.stdout, stderr=self.stderr)

    def _ingest_seeds(self) -> None:
        """In a process of its own: the model's memory goes with it, and the server starts lean."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "ingest", str(settings.BASE_DIR / "seeds")]
        self.stdout.flush()
        if code := subprocess.run(command, check=False).returncode:  # noqa: S603  (our own command)
            raise CommandError(f"storing the sample articles failed (status {code})", returncode=1)


def make_editor() -> str | None:
    """Makes the editor's account unless it is there.

    Returns:
        Its password, or None where the account was there before.
    """
    users = get_user_model()._default_manager
    if users.filter(username=USERNAME).exists():
        return None
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    with transaction.atomic():
        user = users.create_user(username=USERNAME, password=password, is_staff=True)
        user.groups.add(Group.objects.get(name=GROUP))
    return password


def _summary(base: str, password: str | None) -> str:
    shown = f"password {password} (shown only now)" if password else "password as shown on the first run"
    stored = f"{Article.objects.count()} articles, {Claim.objects.count()} claims, {Speaker.objects.count()} speakers"
    return f"""
claimtrack is ready at {base}
  stored    {stored} in {connection.settings_dict["NAME"]}
  admin     {base}/admin/          user {USERNAME}, {shown}
  API       {base}/api/v1/claims/
  API docs  {base}/api/v1/docs/
A new password: .venv/bin/python manage.py changepassword {USERNAME}
Ctrl-C stops the server.
"""
