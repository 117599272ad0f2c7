"""`make run` without the server: samples stored, account made, and a second run that changes nothing."""

import re

from tests.conftest import Manage

PASSWORD = re.compile(r"user editor, password (\S{16}) \(shown only now\)")
STORED = re.compile(r"stored +(\d+) articles, (\d+) claims, (\d+) speakers")
LOOK = """
from django.contrib.auth import get_user_model
user = get_user_model().objects.get(username="editor")
print(user.check_password({password!r}), user.is_staff, user.is_superuser, [group.name for group in user.groups.all()])
"""


def test_a_second_run_keeps_data_and_account(manage: Manage) -> None:
    first = manage("first_run", "--no-serve")
    assert first.returncode == 0, first.stderr
    password = PASSWORD.search(first.stdout)
    stored = STORED.search(first.stdout)
    assert password
    assert stored
    assert all(int(count) >= 10 for count in stored.groups())

    second = manage("first_run", "--no-serve")
    assert second.returncode == 0, second.stderr
    assert not PASSWORD.search(second.stdout)
    again = STORED.search(second.stdout)
    assert again
    assert again.groups() == stored.groups()
    assert manage("shell", "-c", LOOK.format(password=password[1])).stdout.endswith("True True False ['desk admin']\n")
