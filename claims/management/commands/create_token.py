"""`create_token USERNAME`: an API token, printed as the value of the `Authorization` header."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from claims.models import ApiToken
from claims.services.tokens import create_token

GROUP_OF_SCOPE = {ApiToken.Scope.READ: "API reader", ApiToken.Scope.WRITE: "contributor"}


class Command(BaseCommand):
    help = "Makes an API token and prints the value of the Authorization header; it is shown only once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument(
            "--create-user",
            action="store_true",
            help="make a service account without password, in the group that fits the scope, if it is not there",
        )
        parser.add_argument("--scope", choices=ApiToken.Scope.values, default=ApiToken.Scope.READ)
        parser.add_argument("--expires", type=int, metavar="DAYS", help="days until it ends; never if left out")

    def handle(
        self, *args: Any, username: str, create_user: bool, scope: str, expires: int | None, **options: Any
    ) -> None:
        if expires is not None and not 1 <= expires <= 36_500:
            raise CommandError(f"--expires must be 1 to 36500 days, got {expires}", returncode=2)
        with transaction.atomic():
            user = self._user(username, create_user, scope)
            expires_at = timezone.now() + timedelta(days=expires) if expires else None
            _, plain = create_token(user, scope=scope, expires_at=expires_at)
        self.stdout.write(f"Bearer {plain}")

    def _user(self, username: str, create_user: bool, scope: str) -> Any:
        users = get_user_model()
        user = users.objects.filter(username=username).first()
        if user is None and not create_user:
            raise CommandError(f"No user {username!r}; add --create-user to make a service account.")
        if user is None:
            user = users(username=username)
            user.set_unusable_password()
            try:
                user.full_clean(exclude=["password"])
            except ValidationError as error:
                raise CommandError(f"{username!r} cannot be a user: {' '.join(error.messages)}") from None
            user.save()
            user.groups.add(Group.objects.get(name=GROUP_OF_SCOPE[ApiToken.Scope(scope)]))
        if not user.is_active:
            raise CommandError(f"The user {username!r} is not active.")
        return user
