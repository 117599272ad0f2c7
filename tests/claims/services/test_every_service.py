"""Nothing an editor does leaves the ledger out: every public function of `claims.services` is walked.

A function that takes an actor is an editor's act, and needs an entry in `acts.ACTS` that performs it once; the test
proves a new line of the ledger that names who did it. A function that writes without an actor stands in `WITHOUT` with
its reason. So a service that somebody adds fails here until it is one or the other.
"""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

import claims.services
from claims.models import Change, Claim
from sources.models import Article
from tests.claims.admin.conftest import MODEL_BACKEND
from tests.claims.factories import make_token, make_user
from tests.claims.services.acts import ACTS, World

ACTORS = {"actor", "author", "reviewer"}
WRITES = {
    *("create", "save", "delete", "update", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("add", "set", "remove", "clear"),
}


@pytest.fixture
def world(article: Article, claim: Claim) -> World:
    return World(article, claim, make_user(is_superuser=True, is_staff=True))


# Editors' acts that change nothing of the desk's.
TRIES = {
    "webhooks.send_test": "sends a message to a subscriber; the delivery is a row of its own",
    "webhooks.send_again": "sends a message to a subscriber; the delivery is a row of its own",
}
PARTS = "a part of an act, which writes its line itself: "
STORES = "stores what the engine found; its extraction run is the record"
KEEPS = "keeps its own record: "
WITHOUT = {
    "articles.create_claims": STORES,
    "articles.create_links": STORES,
    "articles.process_article": STORES,
    "articles.store_article": STORES,
    "reextraction.reextract_article": STORES + ", and touched claims get a line without an actor",
    "speakers.renew_roles": STORES,
    "speakers.store_roles": STORES,
    "speakers.store_speakers": STORES,
    "corrected_values.links_of": "makes rows without saving them",
    "correction_rows.put_correction": PARTS + "corrections",
    "correction_rows.put_speakers": PARTS + "corrections",
    "correction_rows.record_correction": PARTS + "corrections",
    "correction_rows.restore_value": PARTS + "corrections",
    "erasure.requote": PARTS + "erasure",
    "moved_rows.move_rows": PARTS + "merging and splitting",
    "moved_rows.put_back": PARTS + "merging and splitting",
    "moved_rows.return_links": PARTS + "merging and splitting",
    "moved_rows.return_rows": PARTS + "merging and splitting",
    "moved_rows.take_out": PARTS + "merging and splitting",
    "sweep.drop_opaque_copies": PARTS + "take-down and erasure",
    "sweep.forget_search_terms": PARTS + "take-down and erasure",
    "sweep.rewrite": PARTS + "take-down and erasure",
    "clearing.forget_answers": "clears the API's stored answers, from a command",
    "clearing.forget_revisions": "clears the API's log of changes, from a command",
    "bulk.change_in_batches": "calls a service for each batch",
    "history.record_change": "is the ledger's pen",
    "external_reviews.import_reviews": "stores what other desks published, from a command",
    "idempotency.alone": "a lock of the API",
    "idempotency.store_answer": "an answer of the API, for a day",
    "looks.mark_seen": "what an editor looked at; nobody else's business",
    "looks.note_look": "what an editor looked at; nobody else's business",
    "looks.renew_looks": "what an editor looked at; nobody else's business",
    "outbox.publish_event": KEEPS + "the outbox",
    "deliveries.deliver_due": KEEPS + "deliveries and their attempts",
    "deliveries.disable": KEEPS + "deliveries and their attempts",
    "deliveries.forget_old": KEEPS + "deliveries and their attempts",
    "deliveries.lease_due": KEEPS + "deliveries and their attempts",
    "deliveries.record": KEEPS + "deliveries and their attempts",
    "messages.write_messages": KEEPS + "deliveries",
    "webhooks.new_delivery": KEEPS + "deliveries",
    "tokens.create_token": KEEPS + "when made, by whom used, when revoked",
    "tokens.note_use": KEEPS + "when last used",
    "tokens.revoke_token": KEEPS + "when revoked",
}


def public_functions() -> Iterator[tuple[str, Any]]:
    """Each public function of each module of services, by its short name."""
    for module in pkgutil.iter_modules(claims.services.__path__):
        rows = importlib.import_module(f"claims.services.{module.name}")
        for name, function in sorted(vars(rows).items()):
            inner = inspect.unwrap(function) if callable(function) else None
            if inspect.isfunction(inner) and not name.startswith("_") and inner.__module__ == rows.__name__:
                yield f"{module.name}.{name}", inner


FUNCTIONS = dict(public_functions())
EDITORS = sorted(
    name
    for name, function in FUNCTIONS.items()
    if ACTORS & set(inspect.signature(function).parameters)
    and not name.startswith(("history.", "correction_rows.", "webhooks.send_"))
)


def writes(function: Any) -> bool:
    """Whether the function's own lines call something that writes rows; sets and lists of Python look alike."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr in WRITES - {"add", "set", "clear"} for call in calls)


@pytest.mark.parametrize("name", EDITORS)
def test_what_an_editor_does_is_in_the_ledger(name: str, world: World) -> None:
    assert name in ACTS, f"{name} takes an actor: perform it once in acts.ACTS, to prove its line of the ledger"
    prepare, act = ACTS[name]
    given = prepare(world)
    last = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
    act(world, given)
    assert Change.objects.filter(id__gt=last, actor=world.actor).exists(), f"{name} left no line that names who did it"


def test_what_writes_without_an_editor_is_named_with_its_reason() -> None:
    unknown = [
        name
        for name, function in FUNCTIONS.items()
        if name not in EDITORS and name not in WITHOUT and name not in TRIES and writes(function)
    ]
    assert unknown == []


def test_the_lists_name_only_what_there_is() -> None:
    assert len(EDITORS) > 40
    assert sorted(set(ACTS) - set(EDITORS)) == []
    assert sorted({*WITHOUT, *TRIES} - set(FUNCTIONS)) == []


def by_admin_list(world: World) -> None:
    client = Client()
    client.force_login(world.actor, backend=MODEL_BACKEND)
    data = {"action": "change_status", "index": "0", "_selected_action": [world.claim.pk, world.other.pk]}
    given = {"_confirmed": "1", "_until": max(world.claim.pk, world.other.pk), "bulk-status": "done"}
    client.post(reverse("admin:claims_claim_changelist"), data | given)


def by_admin_page(world: World) -> None:
    client = Client()
    client.force_login(world.actor, backend=MODEL_BACKEND)
    for claim in (world.claim, world.other):
        data = {"work-review_status": "done", "work-seen": "new:", "work-assignee": ""}
        client.post(reverse("admin:claims_claim_change", args=[claim.pk]), data)


def by_api(world: World) -> None:
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=world.actor)}")
    for claim in (world.claim, world.other):
        client.patch(f"/api/v1/claims/{claim.pk}/", {"review_status": "done"}, format="json")


@pytest.mark.parametrize("way", [by_admin_list, by_admin_page, by_api], ids=lambda way: way.__name__)
def test_every_way_in_leaves_the_same_lines(way: Callable[[World], None], world: World) -> None:
    world.other.save()
    way(world)
    lines = Change.objects.filter(actor=world.actor, action="set_review_status").order_by("claim_id")
    assert [(line.claim_id, line.before, line.after) for line in lines] == [
        (pk, {"review_status": "new"}, {"review_status": "done"}) for pk in sorted((world.claim.pk, world.other.pk))
    ]
