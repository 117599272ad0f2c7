"""Articles in the admin: the text with its claims, adding, and reading again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from sources.models import Article
from tests.claims.factories import make_article, make_claim, make_speaker

ADD = "admin:sources_article_add"
STORY = """The mill at Halm stays shut, the council said on Monday.

Ilse Marrow, who runs the mill, said the dam had cracked in March. "Nobody asked us," Marrow said."""


def add(client: Client, **data: Any) -> Any:
    return client.post(reverse(ADD), data)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_all_claims_are_marked_numbered_and_linked(editor: Callable) -> None:
    text = "Ilse <u>Marrow</u> said that the mill & dam are shut."
    article = make_article(text=text)
    at = text.index("the mill & dam")
    outer = make_claim(make_speaker(), article=article, text="that the mill & dam are shut", start=at - 5)
    inner = make_claim(make_speaker(), article=article, text="the mill & dam", start=at, within=outer)
    gone = make_claim(article=article, is_current=False, text="Ilse")
    page = editor().get(reverse("admin:sources_article_change", args=[article.pk])).content.decode()
    outer_address, inner_address = (reverse("admin:claims_claim_change", args=[one.pk]) for one in (outer, inner))
    text = page.split('class="ct-text ct-whole"')[1].split("</section>")[0]
    assert f'<a class="ct-number" href="{outer_address}" id="n1"' in text
    assert f'<a class="ct-other" href="{outer_address}">that </a>' in text
    assert f'<a class="ct-other" href="{inner_address}">the mill &amp; dam</a>' in text
    assert "&lt;u&gt;Marrow&lt;/u&gt;" in text
    assert reverse("admin:claims_claim_change", args=[gone.pk]) not in page


def test_a_pasted_text_is_stored_with_its_claims(editor: Callable) -> None:
    client = editor("contributor")
    given = {"source": "The Kestrel", "headline": "Mill shut", "byline": "Jo Lund", "published_on": "2026-03-02"}
    response = add(client, text=STORY, url="https://kestrel.example/mill", **given)
    article = Article.objects.get()
    assert response.headers["Location"] == reverse("admin:sources_article_change", args=[article.pk])
    assert (article.source.name, article.headline, article.byline, article.published_on, article.url) == (
        "The Kestrel",
        "Mill shut",
        "Jo Lund",
        date(2026, 3, 2),
        "https://kestrel.example/mill",
    )
    assert Claim.objects.filter(speakers__name="Ilse Marrow", text__contains="Nobody asked us").exists()
    assert all(article.text[one["start"] : one["end"]] == one["quote"] for c in Claim.objects.all() for one in c.spans)


def test_the_same_text_again_stores_nothing(editor: Callable) -> None:
    client = editor("contributor")
    add(client, text=STORY, source="The Kestrel")
    found = Claim.objects.count()
    response = client.post(reverse(ADD), {"text": STORY, "source": "The Kestrel"}, follow=True)
    assert "known already" in response.content.decode()
    assert (Article.objects.count(), Claim.objects.count()) == (1, found)


def test_files_are_read_by_their_kind(editor: Callable) -> None:
    client = editor("contributor")
    page = (
        f"<html><head><title>Mill</title></head><body><article><h1>Mill</h1><p>{STORY * 3}</p></article></body></html>"
    )
    add(client, file=upload("story.txt", STORY.encode("utf-16")), source="The Kestrel")
    add(client, file=upload("story.html", page.encode()), source="The Heron")
    assert {article.source.name for article in Article.objects.all()} == {"The Kestrel", "The Heron"}
    assert not Article.objects.filter(text__contains="<p>").exists()


def test_a_file_of_rows_stores_the_good_ones_and_names_the_bad(editor: Callable) -> None:
    client = editor("contributor")
    rows = b'{"text": "Ilse Marrow said the mill was shut."}\n{broken\n{"text": "Tomas Vell said it was open."}\n'
    response = client.post(reverse(ADD), {"file": upload("all.jsonl", rows), "source": "The Kestrel"}, follow=True)
    page = response.content.decode()
    assert Article.objects.count() == 2
    assert "2 stored" in page
    assert "Line 2:" in page


TOMORROW_BUT_ONE = (timezone.now() + timedelta(days=3)).date().isoformat()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param({}, "Paste a text or choose a file", id="nothing"),
        pytest.param({"text": " \n "}, "Paste a text or choose a file", id="blanks"),
        pytest.param({"text": "12 34 …"}, "no word in it", id="no word"),
        pytest.param({"text": STORY, "published_on": "soon"}, "Enter a valid date", id="no date"),
        pytest.param({"text": STORY, "published_on": TOMORROW_BUT_ONE}, "published", id="a day to come"),
        pytest.param({"text": STORY, "url": "ftp://x"}, "http", id="another scheme"),
        pytest.param({"text": STORY, "headline": "x" * 501}, "at most 500", id="a headline too long"),
        pytest.param({"file": upload("x.pdf", b"%PDF-1.7")}, "files are not read", id="another format"),
        pytest.param({"file": upload("x.txt", b"\x89PNG\r\n\x1a\n" + bytes(40))}, "not text", id="an image"),
        pytest.param(
            {"file": upload("x.html", b"<html><nav>Home</nav></html>")}, "article", id="page without an article"
        ),
        pytest.param({"text": STORY, "file": upload("x.txt", b"Also.")}, "Give one of the two", id="both"),
    ],
)
def test_what_is_wrong_with_an_article_is_named(data: dict[str, Any], message: str, editor: Callable) -> None:
    for value in data.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    response = add(editor("contributor"), source="The Kestrel", **data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Article.objects.exists()


def test_a_text_that_is_too_long_is_refused(editor: Callable, settings: LazySettings) -> None:
    settings.MAX_ARTICLE_BYTES = 1_000
    assert add(editor("contributor"), text="word " * 300).status_code == 200
    large = upload("x.jsonl", b'{"text": "Ilse Marrow said no."}\n' * 400)
    assert "use the command line" in add(editor("contributor"), file=large).content.decode()
    assert not Article.objects.exists()


@pytest.mark.parametrize("object_id", ["999999", "x", "9" * 30])
def test_an_article_that_is_not_there(object_id: str, editor: Callable) -> None:
    assert editor().get(reverse("admin:sources_article_change", args=[object_id])).status_code == 302
