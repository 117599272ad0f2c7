"""The groups in the database are the table in `claims.roles`, no more and no less."""

import pytest
from django.contrib.auth.models import Group, Permission

from claims.roles import GROUPS


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
