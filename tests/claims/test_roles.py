"""One table of roles: the groups in the database are it, the services ask it, the page in docs/ prints it."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission

from claims.roles import ACTIONS, GROUPS, as_markdown, roles_with
from tests.conftest import ROOT

pytestmark = pytest.mark.one_database

PREFIXES = ("claims.", "sources.")
VERBS = (
    "add_",
    "change_",
    "delete_",
    "view_",
    "review_",
    "correct_",
    "check_",
    "publish_",
    "merge_",
    "take_",
    "erase_",
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", GROUPS)
def test_a_group_may_exactly_what_the_table_says(name: str) -> None:
    granted = Group.objects.get(name=name).permissions.values_list("codename", flat=True)

    assert sorted(granted) == sorted(GROUPS[name])


@pytest.mark.django_db
def test_every_permission_of_the_table_exists_once() -> None:
    known = list(
        Permission.objects.filter(content_type__app_label__in=["claims", "sources"]).values_list("codename", flat=True)
    )

    assert {codename for codenames in GROUPS.values() for codename in codenames} <= set(known)
    assert len(known) == len(set(known))


@pytest.mark.django_db
@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.words)
def test_every_action_has_a_permission_that_somebody_has(action) -> None:
    label, _, codename = action.permission.partition(".")

    assert Permission.objects.filter(content_type__app_label=label, codename=codename).count() == 1
    assert "desk admin" in roles_with(action.permission)


def test_every_permission_of_the_table_is_an_action_and_none_is_two() -> None:
    granted = {codename for codenames in GROUPS.values() for codename in codenames}
    named = [action.permission.partition(".")[2] for action in ACTIONS]

    assert sorted(named) == sorted(granted)


def test_each_role_may_what_the_one_before_it_may() -> None:
    ladder = list(GROUPS.values())

    for lower, higher in pairwise(ladder):
        assert set(lower) < set(higher)


def asked_for() -> Iterator[tuple[str, str]]:
    """Each permission that is named in the code, with its file."""
    for folder in ("claims", "sources", "claimtrack"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in file.parts or file == ROOT / "claims/roles.py":
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    label, _, rest = node.value.partition(".")
                    if f"{label}." in PREFIXES and rest.startswith(VERBS) and rest.replace("_", "").isalpha():
                        yield node.value, str(file.relative_to(ROOT))


def test_what_the_code_asks_for_is_in_the_table() -> None:
    asked = dict(asked_for())
    known = {action.permission for action in ACTIONS}

    assert len(asked) > 20
    assert {name: file for name, file in asked.items() if name not in known} == {}


def test_the_page_prints_the_table() -> None:
    page = Path(ROOT / "docs" / "roles.md").read_text(encoding="utf-8")

    assert page == as_markdown(), "docs/roles.md is old: python -m claims.roles > docs/roles.md"
