"""A text that is taken down is nowhere any more; what stays is harmless."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from claims.errors import Conflict, InvalidValue, NotAllowed, TextWithheld
from claims.models import Change, Claim, ExternalReview, Webhook, WebhookDelivery
from claims.services.articles import process_article
from claims.services.history import record_change
from claims.services.masking import WITHHELD
from claims.services.reextraction import outdated_articles, reextract_article
from claims.services.takedown import plan_takedown, take_down_text
from claims.services.verification import add_note
from sources.models import Article
from sources.parsing import ParsedArticle
from tests.claims.factories import make_external_review, make_token, make_user
from tests.claims.services.conftest import store
from tests.claims.services.dumps import dump
from tests.claims.services.extractions import ANA, OPENING, TEXT, CannedEngine, claim, first_engine

pytestmark = pytest.mark.django_db
REASON = "The court of Halm ordered it."
LONG = "“" + "The bridge will open in May and nobody shall pay for it. " * 8 + "”"


def take_down(article: Article, **values: Any) -> list[Article]:
    given = {"code": "legal_order", "reason": REASON, "keep_quotes": True, **values}
    given.setdefault("actor", make_user("desk admin"))
    return take_down_text(article, **given)


@pytest.fixture
def worked_on(article: Article) -> Article:
    """An article with copies of its words in the ledger and in another engine's run."""
    opening = article.claims.get(text=OPENING)
    add_note(opening, author=make_user("fact-checker"), text="Ask the mayor.")
    record_change(
        opening, "reextract", actor=None, before={"text": OPENING}, after={"text": TEXT[:100]}, claim_id=opening.pk
    )
    record_change(article, "stored", actor=None, after={"text": TEXT})
    return article


@pytest.mark.parametrize("keep_quotes", [pytest.param(True, id="quotes-kept"), pytest.param(False, id="quotes-gone")])
def test_nothing_of_the_text_is_left_in_the_database(worked_on: Article, keep_quotes: bool) -> None:
    assert "hopes for rain. Ana Duarte and Bela" in dump()

    take_down(worked_on, keep_quotes=keep_quotes)

    left = dump()
    sentences = [
        "said. Duarte hopes",
        "hopes for rain. Ana Duarte and Bela",
        "official warned of delays. Kos",
        TEXT[:100],
    ]
    assert not [sentence for sentence in sentences if sentence in left]
    assert (OPENING in left) is keep_quotes
    assert "Ask the mayor." in left
    assert "Ana Duarte" in left


def test_claims_keep_their_speakers_and_offsets(worked_on: Article) -> None:
    before = {one.pk: one for one in worked_on.claims.all()}

    take_down(worked_on, keep_quotes=False)

    for one in worked_on.claims.all():
        old = before[one.pk]
        assert one.text == WITHHELD
        assert one.spans == [span | {"quote": ""} for span in old.spans]
        assert one.modified_at > old.modified_at
    assert set(worked_on.claims.values_list("speakers__name", flat=True)) >= {"Ana Duarte", "Bela Kos"}


def test_a_long_quote_is_cut_to_a_short_one(db: None) -> None:
    text = f"{LONG} Ana Duarte said."
    article = store(CannedEngine("1.0", claim(LONG, ANA, text=text)), text)
    assert plan_takedown(article).long_quotes == 1

    take_down(article)

    stored = article.claims.get()
    assert len(stored.text) == 300
    assert LONG.startswith(stored.text[:-1])


def test_copies_of_the_text_go_with_it_and_versions_stay(article: Article) -> None:
    copy = store(first_engine(), source="The Kestrel")
    Article.objects.filter(pk=article.pk).update(url="https://post.example/1")
    article.refresh_from_db()
    version = Article.objects.create(source=article.source, url=article.url, text="Another.", text_sha256="1" * 64)
    plan = plan_takedown(article)
    assert (plan.articles, plan.versions) == ((article, copy), (version,))

    assert take_down(article) == [article, copy]

    assert list(Article.objects.filter(text_withheld="")) == [version]


def test_it_is_recorded_with_its_reason(article: Article) -> None:
    actor = make_user("desk admin")
    take_down(article, actor=actor)
    change = Change.objects.get(action="take_down_text")
    assert (change.model, change.object_id, change.actor, change.reason) == ("article", article.pk, actor, REASON)
    assert change.after == {"text_withheld": "legal_order", "quotes": "kept"}


@pytest.mark.parametrize(
    ("values", "error"),
    [
        pytest.param({"reason": " "}, InvalidValue, id="no reason"),
        pytest.param({"code": "because"}, InvalidValue, id="no such code"),
    ],
)
def test_what_is_refused(article: Article, values: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        take_down(article, **values)
    assert Article.objects.get().text == TEXT


def test_twice_is_a_conflict_and_a_reviewer_may_not(article: Article) -> None:
    with pytest.raises(NotAllowed):
        take_down_text(article, actor=make_user("reviewer"), code="privacy", reason=REASON, keep_quotes=True)
    take_down(article)
    with pytest.raises(Conflict):
        take_down(article)


def test_the_same_text_does_not_come_back(db: None) -> None:
    story = "Ilse Marrow, who runs the mill, said the dam had cracked in March."
    stored = process_article(ParsedArticle(story, source_name="Valley Post")).article
    take_down(stored)

    again = process_article(ParsedArticle(story, source_name="Valley Post"))
    assert (again.created, again.article.pk, again.article.text) == (False, stored.pk, "")
    for outlet in ("The Kestrel", ""):
        with pytest.raises(TextWithheld) as caught:
            process_article(ParsedArticle(story, source_name=outlet))
        assert caught.value.reason == "legal_order"
    assert Article.objects.count() == 1
    assert process_article(ParsedArticle(f"{story} Today.", source_name="The Kestrel")).created


def test_no_engine_reads_it_again(article: Article) -> None:
    assert list(outdated_articles("2.0")) == [article.pk]
    take_down(article)
    assert list(outdated_articles("2.0")) == []
    with pytest.raises(TextWithheld):
        reextract_article(article.pk, engine=CannedEngine("2.0"))  # type: ignore[arg-type]


def test_rows_that_only_quote_or_say_something_else_stay(article: Article) -> None:
    quoting = make_external_review(claim=OPENING)
    copying = make_external_review(claim=f"See: {TEXT}")
    take_down(article)
    assert ExternalReview.objects.get(pk=quoting.pk).claim == OPENING
    assert ExternalReview.objects.get(pk=copying.pk).claim == WITHHELD


@pytest.mark.parametrize("keep_quotes", [True, False])
def test_messages_that_were_made_lose_it_too(article: Article, keep_quotes: bool, client: Client) -> None:
    opening = article.claims.get(text=OPENING)
    webhook = Webhook.objects.create(
        name="Ours", url="https://hooks.example/", secret="whsec_x", created_by=make_user("desk admin")
    )
    bodies = [
        client.get(f"/api/v1/claims/{opening.pk}/").content.decode(),
        '{"article":{"id":999},"context":"for rain, Ana Duarte hopes"}',
    ]
    for number, body in enumerate(bodies):
        WebhookDelivery.objects.create(
            webhook=webhook, message_id=str(number), type="claim.created", body=body, due_at=timezone.now()
        )
    assert "Ana Duarte said" in bodies[0]

    take_down(article, keep_quotes=keep_quotes)

    ours, other = WebhookDelivery.objects.order_by("message_id")
    assert other.body == bodies[1]
    assert json.loads(ours.body)["context"] == WITHHELD
    assert json.loads(ours.body)["text"] == (OPENING if keep_quotes else WITHHELD)


class TestThroughTheApi:
    def test_the_article_says_why(self, article: Article, client: Client) -> None:
        take_down(article, code="copyright")
        answer = client.get(f"/api/v1/articles/{article.pk}/").json()
        assert (answer["text"], answer["text_withheld"]) == (None, "copyright")
        assert "text_withheld" in client.get("/api/v1/articles/").json()["results"][0]

    @pytest.mark.parametrize("keep_quotes", [True, False])
    def test_no_document_shows_the_text(self, article: Article, keep_quotes: bool, client: Client) -> None:
        opening: Claim = article.claims.get(text=OPENING)
        take_down(article, keep_quotes=keep_quotes)
        pages = [
            client.get(path)
            for path in (
                f"/api/v1/claims/{opening.pk}/",
                "/api/v1/claims/?search=rain",
                "/api/v1/claims/feed.atom",
                "/api/v1/claims/feed.json",
                "/api/v1/claims/export/?format=csv",
                f"/api/v1/claims/{opening.pk}/annotation/",
            )
        ]
        assert [page.status_code for page in pages] == [200] * 5 + [200 if keep_quotes else 451]
        for page in pages:
            content = page.getvalue().decode()
            assert "Duarte hopes" not in content
            assert keep_quotes or "bridge will open" not in content
        if not keep_quotes:
            assert pages[-1].json()["error"]["code"] == "text_withheld"

    def test_another_outlet_gets_451_for_the_same_text(self, client: Client) -> None:
        headers = {"Authorization": f"Bearer {make_token('contributor')}"}
        post: Callable[..., Any] = lambda **data: client.post(  # noqa: E731
            "/api/v1/articles/", json.dumps(data), content_type="application/json", headers=headers
        )
        story = "Ilse Marrow, who runs the mill, said the dam had cracked in March."
        assert post(text=story, source="Valley Post").status_code == 201
        take_down(Article.objects.get())
        answer = post(text=story, source="The Kestrel")
        assert (answer.status_code, answer.json()["error"]["code"]) == (451, "text_withheld")
        same = post(text=story, source="Valley Post")
        assert (same.status_code, same.json()["text"]) == (200, None)
