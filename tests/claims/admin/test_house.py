"""Scales, tokens, sources, the start page, and the ledger's sentences."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from claims.admin.ledger import entries
from claims.models import ApiToken, Change, Rating, Scale
from sources.models import Source, SourceAlias
from tests.claims.factories import find_token, make_source, make_user, make_verdict

NO_ALIASES = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}


def test_a_rating_in_use_cannot_be_deleted(editor: Callable) -> None:
    client = editor("desk admin")
    used = make_verdict(rating="false").rating
    refused = client.post(reverse("admin:claims_rating_delete", args=[used.pk]), {"post": "yes"})
    assert refused.status_code in (200, 403)
    client.post(
        reverse("admin:claims_rating_changelist"),
        {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"},
    )
    assert Rating.objects.filter(pk=used.pk).exists()
    unused = Rating.objects.get(slug="true")
    client.post(reverse("admin:claims_rating_delete", args=[unused.pk]), {"post": "yes"})
    assert not Rating.objects.filter(pk=unused.pk).exists()


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "url(x)", '"><b>'])
def test_a_colour_is_a_colour(colour: str, editor: Callable) -> None:
    data = {"scale": Scale.objects.get().pk, "order": 50, "label": "Late", "slug": "late", "colour": colour}
    response = editor("desk admin").post(reverse("admin:claims_rating_add"), data)
    assert response.status_code == 200
    assert not Rating.objects.filter(slug="late").exists()


def test_a_token_is_shown_once_and_works_until_it_is_revoked(editor: Callable) -> None:
    client = editor("desk admin")
    response = client.post(reverse("admin:claims_apitoken_add"), {"user": client.user.pk, "scope": "write"})
    assert "no-store" in response.headers["Cache-Control"]
    page = response.content.decode()
    plain = page.split("Authorization: ")[1].split("</code>")[0].split()[-1]
    token = find_token(plain)
    assert token is not None
    assert (token.user, token.scope) == (client.user, "write")
    for name, arguments in (("changelist", []), ("change", [token.pk])):
        later = client.get(reverse(f"admin:claims_apitoken_{name}", args=arguments)).content.decode()
        assert plain not in later
        assert token.digest not in later
    revoke = {"action": "revoke", "index": "0", "_selected_action": [token.pk]}
    client.post(reverse("admin:claims_apitoken_changelist"), revoke)
    assert find_token(plain) is None


@pytest.mark.parametrize(
    ("owner", "is_made"),
    [
        pytest.param({"group": "fact-checker"}, True, id="one who may do less"),
        pytest.param({"group": "desk admin"}, True, id="one who may do the same"),
        pytest.param({"is_superuser": True}, False, id="but not one who may do more"),
        pytest.param({"group": "reviewer", "extra": "delete_user"}, False, id="nor one who may do one thing more"),
        pytest.param({"group": "fact-checker", "is_active": False}, False, id="nor one who left"),
    ],
)
def test_nobody_makes_a_token_that_may_do_more_than_they(
    owner: dict[str, Any], is_made: bool, editor: Callable
) -> None:
    client, extra = editor("desk admin"), owner.pop("extra", None)
    user = make_user(owner.pop("group", ""), **owner)
    if extra:
        user.user_permissions.add(Permission.objects.get(codename=extra))
    client.post(reverse("admin:claims_apitoken_add"), {"user": user.pk, "scope": "read"})
    assert ApiToken.objects.filter(user=user).exists() is is_made


def test_a_token_does_not_begin_expired(editor: Callable) -> None:
    client = editor("desk admin")
    data = {"user": client.user.pk, "scope": "read", "expires_at_0": "2020-01-01", "expires_at_1": "00:00"}
    response = client.post(reverse("admin:claims_apitoken_add"), data)
    assert "choose a later one" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_a_new_source_is_met_under_its_own_name(editor: Callable) -> None:
    client = editor("desk admin")
    alias = {"aliases-TOTAL_FORMS": 1, "aliases-INITIAL_FORMS": 0, "aliases-0-name": "Kestrel Online"}
    client.post(
        reverse("admin:sources_source_add"),
        {"name": "The  Kestrel", "slug": "kestrel", "kind": "newspaper", **alias},
    )
    source = Source.objects.get()
    assert source.name == "The Kestrel"
    assert set(source.aliases.values_list("key", flat=True)) == {"kestrel", "kestrel online"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(
            {"name": "the KESTREL", "slug": "k2", **NO_ALIASES}, "The Kestrel is met under this name", id="name"
        ),
        pytest.param(
            {
                "name": "Heron",
                "slug": "heron",
                "aliases-TOTAL_FORMS": 1,
                "aliases-INITIAL_FORMS": 0,
                "aliases-0-name": "Késtrel",
            },
            "The Kestrel is met under this name",
            id="alias",
        ),
    ],
)
def test_a_name_belongs_to_one_source(data: dict[str, Any], message: str, editor: Callable) -> None:
    kestrel = make_source("The Kestrel", slug="kestrel")
    SourceAlias.objects.create(source=kestrel, name="The Kestrel", key="kestrel")
    response = editor("desk admin").post(reverse("admin:sources_source_add"), {"kind": "newspaper", **data})
    assert message in response.content.decode()
    assert Source.objects.count() == 1


@pytest.mark.parametrize("address", ["admin:index", "admin:claims_claim_changelist", "admin:claims_speaker_changelist"])
def test_the_policy_allows_no_inline_script(address: str, editor: Callable) -> None:
    response = editor("desk admin").get(reverse(address))
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<style" not in response.content.decode()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"is_public": False}, {"is_public": True}, [("public", "no", "yes")], id="a truth value"),
        pytest.param({"assignee_id": None}, {"assignee_id": 7}, [("assignee", None, "mira")], id="a person by name"),
        pytest.param({"assignee_id": 8}, {"assignee_id": None}, [("assignee", "no. 8", None)], id="one unknown"),
        pytest.param({"summary": ""}, {"summary": "So."}, [("summary", None, "So.")], id="what was empty"),
        pytest.param(
            {"text": "a", "kind": "note"}, {"text": "b", "kind": "note"}, [("text", "a", "b")], id="what is equal"
        ),
        pytest.param({"state": "draft"}, {"state": "in_review"}, [("state", "draft", "in review")], id="a slug"),
    ],
)
def test_the_ledger_in_words(before: dict, after: dict, expected: list) -> None:
    change = Change(action="edit_note", before=before, after=after, at=datetime(2026, 3, 1, tzinfo=UTC))
    (entry,) = entries([change], people={7: "mira"})
    assert [(one.name, one.before, one.after) for one in entry.differences] == expected
    assert (entry.actor, entry.verb) == ("the engine", "changed a note")


@pytest.mark.parametrize("wanted", ["//elsewhere.example/", "https://elsewhere.example/", "/admin/"])
def test_a_log_in_ends_at_the_desk_wherever_it_was_told_to_go(wanted: str, client: Client, db: None) -> None:
    user = make_user("reviewer", is_staff=True)
    user.set_password("a-long-enough-phrase")
    user.save()
    answer = client.post(
        reverse("admin:login"), {"username": user.username, "password": "a-long-enough-phrase", "next": wanted}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
