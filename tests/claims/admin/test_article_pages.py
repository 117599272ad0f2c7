"""An article's further pages: versions, what a newer engine would do, taking the text down; and erasing a person."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin.version_claims import pair_claims
from claims.models import Claim, Erasure, Speaker
from claims.services.articles import process_article
from sources.models import Article
from sources.parsing import ParsedArticle
from tests.claims.factories import make_article, make_claim, make_note, make_source, make_speaker

STORY = """The mill at Halm stays shut, the council said on Monday.

Ilse Marrow, who runs the mill, said the dam had cracked in March. "Nobody asked us," Marrow said."""


def address(name: str, article: Article) -> str:
    return reverse(f"admin:sources_article_{name}", args=[article.pk])


def page_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def story(db: None) -> Article:
    """An article with claims of the installed engine, said to be of an older one."""
    article = process_article(ParsedArticle(STORY, source_name="The Kestrel", headline="Mill shut")).article
    article.runs.update(engine_version="0.0.1")
    return article


@pytest.fixture
def versions(db: None) -> list[Article]:
    """Three versions of one story: a word, then a speaker and a claim changed."""
    source, url = make_source(), "https://kestrel.example/mill"
    ilse, tomas = make_speaker("Ilse Marrow"), make_speaker("Tomas Vell")
    texts = ["The dam cracked in March. Nobody asked.", "The dam cracked in April. Nobody asked."]
    first, second = (make_article(source, url=url, text=text, headline="Mill") for text in texts)
    third = make_article(source, url=url, text="The dam & <b>mill</b> cracked in April.", headline="Mill opens")
    make_claim(ilse, article=first, text="the dam cracked in March")
    make_claim(ilse, article=first, text="nobody asked")
    make_claim(ilse, article=second, text="the dam cracked in April")
    make_claim(ilse, article=second, text="nobody asked")
    make_claim(tomas, article=third, text="the dam cracked in April")
    make_claim(tomas, article=third, text="the harvest is in")
    return [first, second, third]


class TestVersions:
    def test_the_article_lists_them_and_links_their_differences(
        self, versions: list[Article], editor: Callable
    ) -> None:
        page = page_of(editor().get(reverse("admin:sources_article_change", args=[versions[1].pk])))
        assert "Versions of the story (3)" in page
        assert f"old={versions[0].pk}&amp;new={versions[1].pk}" in page
        assert f"old={versions[1].pk}&amp;new={versions[2].pk}" in page

    def test_what_changed_is_marked_word_by_word(self, versions: list[Article], editor: Callable) -> None:
        page = page_of(editor().get(address("compare", versions[1])))
        text = page.split('class="ct-text')[1]
        assert "The dam cracked in <del>March</del><ins>April</ins>. Nobody asked." in text
        assert "the dam cracked in <del>March</del><ins>April</ins>" in page.split('class="ct-text')[0]
        assert "1 claim unchanged" in page

    def test_any_two_can_be_compared(self, versions: list[Article], editor: Callable) -> None:
        first, _, third = versions
        page = page_of(editor().get(address("compare", third), {"old": first.pk, "new": third.pk}))
        assert "The dam <ins>&amp; &lt;b&gt;mill&lt;/b&gt; </ins>cracked in <del>March. Nobody asked</del>" in page
        assert "Headline: <del>Mill</del> → <ins>Mill opens</ins>" in page

    def test_what_became_of_the_claims(self, versions: list[Article]) -> None:
        claims = [
            list(version.claims.prefetch_related("links__speaker").order_by("start", "pk")) for version in versions
        ]
        assert [(pair.outcome, pair.new and pair.new.text) for pair in pair_claims(claims[0], claims[1])] == [
            ("changed", "the dam cracked in April"),
            ("same", "nobody asked"),
        ]
        assert [(pair.outcome, (pair.new or pair.old).text) for pair in pair_claims(claims[1], claims[2])] == [  # type: ignore[union-attr]
            ("re-attributed", "the dam cracked in April"),
            ("appeared", "the harvest is in"),
            ("vanished", "nobody asked"),
        ]

    def test_a_story_of_one_version_has_nothing_to_compare(self, editor: Callable) -> None:
        article = make_article()
        answer = editor().get(address("compare", article))
        assert answer.status_code == 302

    @pytest.mark.parametrize("chosen", ["x", "0", "9" * 30, ""])
    def test_a_version_that_is_not_there_is_left_out(
        self, chosen: str, versions: list[Article], editor: Callable
    ) -> None:
        assert editor().get(address("compare", versions[2]), {"old": chosen}).status_code == 200

    def test_the_same_queries_for_few_claims_and_for_many(self, versions: list[Article], editor: Callable) -> None:
        client, counts = editor(), []
        for number in range(2):
            for _ in range(20 * number):
                make_claim(make_speaker(), article=versions[1])
            with CaptureQueriesContext(connection) as captured:
                client.get(address("compare", versions[1]))
            counts.append(len(captured))
        assert counts[0] == counts[1] < 15


class TestExtractingAgain:
    def test_it_is_shown_in_the_text_before_anything_happens(self, story: Article, editor: Callable) -> None:
        make_note(story.claims.first())
        Claim.objects.filter(text__contains="cracked").delete()
        before = list(Claim.objects.order_by("pk").values())
        page = page_of(editor("desk admin").get(address("reextract", story)))
        assert "Kept as they are" in page
        assert re.search(r'id="new" open.*<mark class="ct-will">the dam had cracked in March', page, re.S)
        assert list(Claim.objects.order_by("pk").values()) == before

    def test_it_is_applied_as_it_was_shown(self, story: Article, editor: Callable) -> None:
        client = editor("desk admin")
        note = make_note(story.claims.first())
        seen = re.search(r'name="seen" value="(\w+)"', page_of(client.get(address("reextract", story))))
        answer = client.post(address("reextract", story), {"seen": seen[1]}, follow=True)  # type: ignore[index]
        assert "kept, 0 moved" in page_of(answer)
        assert story.runs.count() == 2
        assert note.claim in story.claims.current()
        assert "has read this text already" in page_of(client.get(address("reextract", story), follow=True))

    @pytest.mark.parametrize("seen", ["", "0" * 64])
    def test_nothing_is_applied_unseen(self, seen: str, story: Article, editor: Callable) -> None:
        answer = editor("desk admin").post(address("reextract", story), {"seen": seen})
        assert answer.status_code == 409
        assert "nothing was applied" in answer.content.decode()
        assert story.runs.count() == 1

    def test_an_article_that_is_not_there(self, editor: Callable) -> None:
        assert editor("desk admin").get(reverse("admin:sources_article_reextract", args=[99])).status_code == 404


GIVEN = {"code": "legal_order", "quotes": "keep", "reason": "Order of 3 March.", "understood": "on"}


class TestTakingDown:
    def test_it_says_in_numbers_what_will_happen(self, story: Article, editor: Callable) -> None:
        make_note(story.claims.first())
        page = page_of(editor("desk admin").get(address("takedown", story)))
        assert "<strong>1</strong> article holds exactly this text and loses it" in page
        assert f"<strong>{story.claims.count()}</strong> claims stay, with" in page
        assert "<strong>1</strong> note and" in page

    def test_it_is_done_and_said_on_the_article(self, story: Article, editor: Callable) -> None:
        client = editor("desk admin")
        page = page_of(client.post(address("takedown", story), GIVEN, follow=True))
        assert "The text was taken down: order of a court" in page
        assert "took the text down" in page
        assert "Order of 3 March." in page
        assert "There is no text here any more" in page
        assert "Nobody asked us" in page  # a short quote
        claim = story.claims.first()
        assert (
            "council" not in page_of(client.get(reverse("admin:claims_claim_change", args=[claim.pk]))).split("<h1")[0]
        )

    @pytest.mark.parametrize("missing", GIVEN)
    def test_nothing_happens_unless_all_is_given(self, missing: str, story: Article, editor: Callable) -> None:
        given = {name: value for name, value in GIVEN.items() if name != missing}
        page = page_of(editor("desk admin").post(address("takedown", story), given))
        assert "Nothing was done" in page
        assert Article.objects.get().text == STORY


class TestErasing:
    given = {"quotes": "remove", "reason": "A letter of 3 March.", "understood": "on"}

    def test_it_says_in_numbers_what_will_happen_and_does_it(self, story: Article, editor: Callable) -> None:
        client, speaker = editor("desk admin"), Speaker.objects.get(name="Ilse Marrow")
        erase = reverse("admin:claims_erasure_speaker", args=[speaker.pk])
        page = page_of(client.get(erase))
        assert "in <strong>1</strong> article stay" in page
        page = page_of(client.post(erase, self.given, follow=True))
        assert "A letter of 3 March." in page
        assert Erasure.objects.get().quotes_kept is False
        article = page_of(client.get(reverse("admin:sources_article_change", args=[story.pk])))
        assert "Marrow" not in article
        assert "███" in article

    @pytest.mark.parametrize("missing", given)
    def test_nothing_happens_unless_all_is_given(self, missing: str, story: Article, editor: Callable) -> None:
        speaker = Speaker.objects.get(name="Ilse Marrow")
        given = {name: value for name, value in self.given.items() if name != missing}
        erase = reverse("admin:claims_erasure_speaker", args=[speaker.pk])
        assert "Nothing was done" in page_of(editor("desk admin").post(erase, given))
        assert not Erasure.objects.exists()

    def test_what_the_service_refuses_is_said(self, editor: Callable) -> None:
        council = make_speaker("Halm Council", kind="organisation")
        erase = reverse("admin:claims_erasure_speaker", args=[council.pk])
        assert "An organisation has no personal data" in page_of(editor("desk admin").post(erase, self.given))


@pytest.mark.parametrize("name", ["reextract", "takedown"])
@pytest.mark.parametrize("role", ["API reader", "contributor", "fact-checker", "reviewer"])
def test_only_a_desk_admin_gets_to_pages_that_change_everything(
    name: str, role: str, story: Article, editor: Callable
) -> None:
    client = editor(role)
    assert client.get(address(name, story)).status_code == 403
    assert client.post(address(name, story), GIVEN).status_code == 403
    speaker = Speaker.objects.get(name="Ilse Marrow")
    assert client.get(reverse("admin:claims_erasure_speaker", args=[speaker.pk])).status_code == 403
