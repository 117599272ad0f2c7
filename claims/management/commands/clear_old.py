"""`clear_old`: forgets what nobody can ask for any more; for a nightly job."""

from typing import Any

from django.core.management.base import BaseCommand

from claims.services.clearing import forget_answers, forget_revisions


class Command(BaseCommand):
    help = "Deletes answers kept for repeated requests longer than a day, and revisions that later ones cover."

    def handle(self, *args: Any, **options: Any) -> None:
        answers, revisions = forget_answers(), forget_revisions()
        self.stdout.write(f"Forgot {answers:,} answers and {revisions:,} revisions.")
