"""Takes the second factor off a user who lost telephone and backup codes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from claimtrack.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Takes the second factor off a user, who then logs in by password and may turn it on anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *arguments: Any, **options: Any) -> None:
        name = options["username"]
        users = get_user_model().objects
        user = users.filter(**{get_user_model().USERNAME_FIELD: name}).first()
        if user is None:
            raise CommandError(f"There is no user “{name}” here.", returncode=1)
        count = reset_second_factor(user)
        self.stdout.write(f"{name}: second factor reset." if count else f"{name} had no second factor.")
