"""Who may do what in the admin: role × action, through real requests. What a role may not do is refused, not hidden."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import (
    ApiToken,
    Change,
    ChecklistItem,
    Claim,
    Duplicate,
    Evidence,
    EvidenceLink,
    Note,
    Rating,
    Scale,
    Speaker,
    SpeakerAlias,
    SpeakerMerge,
    Tag,
    Verdict,
)
from claims.services import evidence, tags
from claims.services.merging import merge_speakers
from sources.models import Article, Source
from tests.claims.admin.conftest import ROLES
from tests.claims.factories import make_claim, make_source, make_speaker, make_user, make_verdict

pytestmark = pytest.mark.one_database

READER, CONTRIBUTOR, CHECKER, REVIEWER, DESK = ROLES
Act = Callable[[Client, dict[str, Any]], Any]


@pytest.fixture
def rows(db: None) -> dict[str, Any]:
    """What there is to act upon."""
    speaker, other = make_speaker("Ilse Marrow"), make_speaker("I. Marrow")
    claim, published = make_claim(speaker), make_claim(other)
    merged = make_speaker("Ilsa Marrow")
    merge = merge_speakers(merged, into=speaker, actor=make_user("desk admin"), reason="a slip of the pen")
    author = make_user("fact-checker")
    link = evidence.add_evidence(make_claim(), author=author, url="https://mill.example/2026")
    budget = tags.make_tag("Budget", actor=author)
    tags.tag_claims([link.claim], actor=author, tags=[budget])
    Change.objects.all().delete()
    return {
        "claim": claim,
        "link": link,
        "tag": budget,
        "speaker": speaker,
        "other": other,
        "merge": merge,
        "draft": make_verdict(claim, state="proposed"),
        "published": make_verdict(published),
        "source": make_source("The Kestrel", slug="the-kestrel"),
        "token": ApiToken.objects.create(user=make_user(), prefix="ct_abcdefg", digest="0" * 64),
    }


def page(name: str, *ids: Any) -> str:
    return reverse(f"admin:{name}", args=[one.pk for one in ids])


def on_claim(client: Client, claim: Claim, **data: Any) -> Any:
    return client.post(page("claims_claim_change", claim), {key.replace("__", "-"): v for key, v in data.items()})


def list_action(client: Client, name: str, action: str, *chosen: Any, **data: Any) -> Any:
    data = {"action": action, "index": "0", "_selected_action": [one.pk for one in chosen], **data}
    return client.post(page(name), data)


def add_note(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], note__text="A note.", note__kind="note")
    return Note.objects.exists()


def set_status(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], work__review_status="done", work__seen="new:", work__assignee="")
    return Claim.objects.filter(review_status="done").exists()


def set_status_in_the_list(client: Client, rows: dict[str, Any]) -> bool:
    values = {"_confirmed": "1", "_until": rows["claim"].pk, "bulk-status": "done"}
    list_action(client, "claims_claim_changelist", "change_status", rows["claim"], **values)
    return Claim.objects.filter(review_status="done").exists()


def assign_to_me(client: Client, rows: dict[str, Any]) -> bool:
    values = {"_confirmed": "1", "_until": rows["claim"].pk, "bulk-assignee": "me"}
    list_action(client, "claims_claim_changelist", "assign", rows["claim"], **values)
    return Claim.objects.filter(assignee=client.user).exists()  # type: ignore[attr-defined]


def draft_verdict(client: Client, rows: dict[str, Any]) -> bool:
    rating = Rating.objects.get(slug="true").pk
    on_claim(client, rows["claim"], verdict__rating=rating, verdict__summary="So.", verdict__state="draft")
    return Verdict.objects.filter(summary="So.").exists()


def publish(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], _publish=rows["draft"].pk)
    return Verdict.objects.get(pk=rows["draft"].pk).state == "published"


def withdraw(client: Client, rows: dict[str, Any]) -> bool:
    verdict = rows["published"]
    on_claim(client, verdict.claim, _withdraw=verdict.pk, **{f"reason-{verdict.pk}": "Wrong."})
    return Verdict.objects.get(pk=verdict.pk).state == "withdrawn"


def add_evidence(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], evidence__url="https://dam.example/log", evidence__stance="refutes")
    return Evidence.objects.filter(url="https://dam.example/log").exists()


def use_stored_evidence(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], stored__stored=rows["link"].evidence_id, stored__stance="refutes")
    return rows["claim"].evidence_links.exists()


def change_evidence(client: Client, rows: dict[str, Any]) -> bool:
    given = {"url": rows["link"].evidence.url, "stance": "supports", "title": "New title"}
    on_claim(
        client, rows["link"].claim, **{f"evidence-{rows['link'].pk}-{name}": value for name, value in given.items()}
    )
    return EvidenceLink.objects.filter(stance="supports", evidence__title="New title").exists()


def change_evidence_on_its_page(client: Client, rows: dict[str, Any]) -> bool:
    stored = rows["link"].evidence
    client.post(page("claims_evidence_change", stored), {"url": stored.url, "title": "New title"})
    return Evidence.objects.filter(title="New title").exists()


def take_evidence_off(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["link"].claim, _unlink=rows["link"].pk)
    return not EvidenceLink.objects.exists()


def tag(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], tags__shown="", tags__new="Budget, Mills")
    return rows["claim"].tags.count() == 2


def untag(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["link"].claim, tags__shown=rows["tag"].pk, tags__new="")
    return not rows["link"].claim.tags.exists()


def tick(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], checklist__shown="", checklist__on=ChecklistItem.objects.all()[0].pk)
    return rows["claim"].ticks.exists()


def mark_duplicate(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], _duplicate=rows["link"].claim_id)
    return Duplicate.objects.filter(claim=rows["claim"]).exists()


def reuse_verdict(client: Client, rows: dict[str, Any]) -> bool:
    on_claim(client, rows["claim"], _reuse=rows["published"].pk)
    return Verdict.objects.filter(claim=rows["claim"], state="draft").exists()


def give_second_opinion(client: Client, rows: dict[str, Any]) -> bool:
    Scale.objects.update(needs_second_check=True)
    rating = Rating.objects.get(slug="true").pk
    on_claim(client, rows["claim"], **{f"opinion-{rows['draft'].pk}-rating": rating})
    return rows["draft"].opinions.exists()


def rename_tag(client: Client, rows: dict[str, Any]) -> bool:
    client.post(page("claims_tag_change", rows["tag"]), {"name": "Money", "colour": "#123456"})
    return Tag.objects.filter(name="Money").exists()


def delete_tag(client: Client, rows: dict[str, Any]) -> bool:
    rows["tag"].links.all().delete()
    client.post(page("claims_tag_delete", rows["tag"]), {"post": "yes"})
    return not Tag.objects.exists()


def add_item(client: Client, rows: dict[str, Any]) -> bool:
    client.post(page("claims_checklistitem_add"), {"text": "Called the mill", "order": 9, "is_active": "on"})
    return ChecklistItem.objects.filter(text="Called the mill").exists()


def retire_item(client: Client, rows: dict[str, Any]) -> bool:
    item = ChecklistItem.objects.all()[0]
    client.post(page("claims_checklistitem_change", item), {"text": item.text, "order": 1})
    return ChecklistItem.objects.filter(is_active=False).exists()


def ask_for_a_second_check(client: Client, rows: dict[str, Any]) -> bool:
    forms = {"ratings-TOTAL_FORMS": 0, "ratings-INITIAL_FORMS": 0}
    given = {"name": "Truth", "slug": "truth", "needs_second_check": "on", **forms}
    client.post(page("claims_scale_change", Scale.objects.get()), given)
    return Scale.objects.get().needs_second_check


def edit_speaker(client: Client, rows: dict[str, Any]) -> bool:
    forms = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
    data = {"name": "Ilse Marrow-Finch", "kind": "person", **forms}
    client.post(page("claims_speaker_change", rows["speaker"]), data)
    return Speaker.objects.filter(name="Ilse Marrow-Finch").exists()


def add_alias(client: Client, rows: dict[str, Any]) -> bool:
    data = {
        "name": rows["speaker"].name,
        "kind": "person",
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-name": "The Miller",
        "aliases-0-speaker": rows["speaker"].pk,
    }
    client.post(page("claims_speaker_change", rows["speaker"]), data)
    return SpeakerAlias.objects.filter(name="The Miller").exists()


def hide_speaker(client: Client, rows: dict[str, Any]) -> bool:
    list_action(client, "claims_speaker_changelist", "hide", rows["speaker"])
    return Speaker.objects.filter(is_hidden=True).exists()


def merge(client: Client, rows: dict[str, Any]) -> bool:
    chosen = {"survivor": rows["speaker"].pk, "reason": "the same", "_merge": "Merge"}
    data = {"action": "merge", "_selected_action": [rows["speaker"].pk, rows["other"].pk], **chosen}
    client.post(page("claims_speaker_changelist"), data)
    return Speaker.objects.filter(pk=rows["other"].pk, merged_into=rows["speaker"]).exists()


def undo(client: Client, rows: dict[str, Any]) -> bool:
    client.post(page("claims_speakermerge_undo", rows["merge"]), {"reason": "two sisters"})
    return SpeakerMerge.objects.filter(undone_at__isnull=False).exists()


def add_article(client: Client, rows: dict[str, Any]) -> bool:
    client.post(page("sources_article_add"), {"text": "Tomas Vell said the mill was shut.", "source": "The Kestrel"})
    return Article.objects.filter(text__contains="mill was shut").exists()


def extract_again(client: Client, rows: dict[str, Any]) -> bool:
    article = rows["claim"].article
    address = page("sources_article_reextract", article)
    seen = client.get(address).content.decode().partition('name="seen" value="')[2][:64]
    client.post(address, {"seen": seen})
    return article.runs.count() > 1


def take_down(client: Client, rows: dict[str, Any]) -> bool:
    article = rows["claim"].article
    given = {"code": "privacy", "quotes": "keep", "reason": "Asked for.", "understood": "on"}
    client.post(page("sources_article_takedown", article), given)
    return Article.objects.filter(pk=article.pk, text="").exists()


def erase(client: Client, rows: dict[str, Any]) -> bool:
    given = {"quotes": "keep", "reason": "Asked for.", "understood": "on"}
    client.post(page("claims_erasure_speaker", rows["speaker"]), given)
    return Speaker.objects.filter(pk=rows["speaker"].pk, name="Withheld").exists()


def add_source(client: Client, rows: dict[str, Any]) -> bool:
    forms = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
    client.post(
        page("sources_source_add"), {"name": "Harbour FM", "slug": "harbour-fm", "kind": "broadcaster", **forms}
    )
    return Source.objects.filter(name="Harbour FM").exists()


def add_rating(client: Client, rows: dict[str, Any]) -> bool:
    data = {"scale": Scale.objects.get().pk, "order": 50, "label": "Outdated", "slug": "outdated", "colour": "#aabbcc"}
    client.post(page("claims_rating_add"), data)
    return Rating.objects.filter(slug="outdated").exists()


def delete_rating(client: Client, rows: dict[str, Any]) -> bool:
    unused = Rating.objects.get(slug="misleading")
    client.post(page("claims_rating_delete", unused), {"post": "yes"})
    return not Rating.objects.filter(slug="misleading").exists()


def make_token(client: Client, rows: dict[str, Any]) -> bool:
    client.post(page("claims_apitoken_add"), {"user": client.user.pk, "scope": "read"})  # type: ignore[attr-defined]
    return ApiToken.objects.exclude(pk=rows["token"].pk).exists()


def revoke_token(client: Client, rows: dict[str, Any]) -> bool:
    list_action(client, "claims_apitoken_changelist", "revoke", rows["token"])
    return ApiToken.objects.filter(revoked_at__isnull=False).exists()


ALLOWED: dict[Act, tuple[str, ...]] = {
    add_article: (CONTRIBUTOR, CHECKER, REVIEWER, DESK),
    add_note: (CHECKER, REVIEWER, DESK),
    set_status: (CHECKER, REVIEWER, DESK),
    set_status_in_the_list: (CHECKER, REVIEWER, DESK),
    assign_to_me: (CHECKER, REVIEWER, DESK),
    draft_verdict: (CHECKER, REVIEWER, DESK),
    add_evidence: (CHECKER, REVIEWER, DESK),
    use_stored_evidence: (CHECKER, REVIEWER, DESK),
    change_evidence: (CHECKER, REVIEWER, DESK),
    change_evidence_on_its_page: (CHECKER, REVIEWER, DESK),
    take_evidence_off: (CHECKER, REVIEWER, DESK),
    tag: (CHECKER, REVIEWER, DESK),
    untag: (CHECKER, REVIEWER, DESK),
    tick: (CHECKER, REVIEWER, DESK),
    mark_duplicate: (CHECKER, REVIEWER, DESK),
    reuse_verdict: (CHECKER, REVIEWER, DESK),
    give_second_opinion: (CHECKER, REVIEWER, DESK),
    publish: (REVIEWER, DESK),
    withdraw: (REVIEWER, DESK),
    edit_speaker: (DESK,),
    rename_tag: (DESK,),
    delete_tag: (DESK,),
    add_item: (DESK,),
    retire_item: (DESK,),
    ask_for_a_second_check: (DESK,),
    add_alias: (DESK,),
    hide_speaker: (DESK,),
    merge: (DESK,),
    undo: (DESK,),
    extract_again: (DESK,),
    take_down: (DESK,),
    erase: (DESK,),
    add_source: (DESK,),
    add_rating: (DESK,),
    delete_rating: (DESK,),
    make_token: (DESK,),
    revoke_token: (DESK,),
}
TABLE = [
    pytest.param(act, role, role in allowed, id=f"{role}: {act.__name__}")
    for act, allowed in ALLOWED.items()
    for role in ROLES
]


@pytest.mark.parametrize(("act", "role", "is_allowed"), TABLE)
def test_role_and_action(act: Act, role: str, is_allowed: bool, rows: dict[str, Any], editor: Callable) -> None:
    assert act(editor(role), rows) is is_allowed


@pytest.mark.parametrize("act", ALLOWED, ids=lambda act: act.__name__)
def test_nobody_acts_without_being_staff(act: Act, rows: dict[str, Any], editor: Callable) -> None:
    assert act(editor(DESK, is_staff=False), rows) is False


PAGES = [
    pytest.param("claims_claim_change", "claim", ROLES, id="claim"),
    pytest.param("claims_speaker_change", "speaker", ROLES, id="speaker"),
    pytest.param("sources_source_change", "source", ROLES, id="source"),
    pytest.param("claims_apitoken_change", "token", (DESK,), id="token"),
]


@pytest.mark.parametrize(("name", "row", "allowed"), PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_who_sees_which_page(
    name: str, row: str, allowed: tuple[str, ...], role: str, rows: dict[str, Any], editor: Callable
) -> None:
    response = editor(role).get(page(name, rows[row]))
    assert response.status_code == (200 if role in allowed else 403)
    assert b"0" * 64 not in response.content


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        pytest.param(READER, [], ["Save and next", "New note", "Your verdict", "_publish"], id=READER),
        pytest.param(CHECKER, ["Save and next", "New note", "Another verdict"], ['name="_publish"'], id=CHECKER),
        pytest.param(REVIEWER, ["Save and next", "New note", 'name="_publish"'], [], id=REVIEWER),
    ],
)
def test_the_page_offers_what_the_role_may_do(
    role: str, shown: list[str], hidden: list[str], rows: dict[str, Any], editor: Callable
) -> None:
    content = editor(role).get(page("claims_claim_change", rows["claim"])).content.decode()
    assert all(words in content for words in shown)
    assert not any(words in content for words in hidden)


def test_a_refusal_says_why(rows: dict[str, Any], editor: Callable) -> None:
    response = on_claim(editor(CHECKER), rows["claim"], _publish=rows["draft"].pk)
    assert response.status_code == 403
    assert "publish verdict" in response.content.decode()


@pytest.mark.parametrize("name", ["claims_claim", "claims_note", "claims_verdict", "claims_change", "sources_article"])
def test_not_even_a_superuser_edits_or_deletes_what_only_services_write(
    name: str, rows: dict[str, Any], editor: Callable
) -> None:
    client = editor(user=make_user(is_superuser=True, is_staff=True))
    add_note(client, rows)
    model = {
        "claims_claim": Claim,
        "claims_note": Note,
        "claims_verdict": Verdict,
        "claims_change": Change,
        "sources_article": Article,
    }[name]
    before = list(model.objects.order_by("pk").values())
    row = model.objects.order_by("pk").first()
    assert client.post(page(f"{name}_delete", row), {"post": "yes"}).status_code == 403
    client.post(page(f"{name}_change", row), {"text": "Changed.", "summary": "Changed."})
    assert list(model.objects.order_by("pk").values()) == before
