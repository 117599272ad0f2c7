"""Reviews of other desks in the admin: to be read by those who read verdicts, to be changed by nobody."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from tests.claims.admin.conftest import ROLES
from tests.claims.factories import make_external_review, make_user

pytestmark = pytest.mark.django_db
LIST = "admin:claims_externalreview_changelist"
PAGE = "admin:claims_externalreview_change"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_of_the_desk_reads_and_none_writes(editor: Callable, role: str) -> None:
    review = make_external_review(claim="The moon is cheese", url="https://check.example/<b>")
    client = editor(role)
    assert "The moon is cheese" in client.get(reverse(LIST)).content.decode()
    page = client.get(reverse(PAGE, args=[review.pk])).content.decode()
    assert 'href="https://check.example/&lt;b&gt;"' in page
    assert 'name="_save"' not in page
    assert client.post(reverse(PAGE, args=[review.pk]), {"claim": "x"}).status_code == 403
    assert client.get(reverse("admin:claims_externalreview_add")).status_code == 403
    assert client.post(reverse("admin:claims_externalreview_delete", args=[review.pk])).status_code == 403


def test_but_not_those_without_a_role(editor: Callable) -> None:
    assert editor(user=make_user(is_staff=True)).get(reverse(LIST)).status_code == 403


def test_search(editor: Callable) -> None:
    make_external_review(claim="The moon is cheese")
    make_external_review(claim="Rivers run uphill")
    page = editor().get(reverse(LIST), {"q": "moon"}).content.decode()
    assert "The moon is cheese" in page
    assert "Rivers" not in page
