"""`process_article` and re-extraction with the real engine and real model files."""

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from claims.extraction import Engine, ExtractionError, default_engine, extract
from claims.extraction.engine import DEFAULT_MODEL
from claims.models import Claim
from claims.services import articles
from claims.services.articles import process_article
from claims.services.verification import add_note
from sources.models import Article
from sources.parsing import ParsedArticle
from tests.claims.commands.stories import story


def parsed(number: int = 0, **fields: object) -> ParsedArticle:
    given = {"source_name": "Harbour Wire", "published_on": date(2026, 3, 1), "language": "en"}
    return ParsedArticle(story(number).strip(), **{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.django_db
def test_an_article_is_stored_with_its_claims_once() -> None:
    first = process_article(parsed())
    again = process_article(parsed(headline="Another headline"))

    assert (first.created, again.created) == (True, False)
    assert first.article == again.article
    assert first.article.claims.count() >= 3
    assert set(first.article.runs.values_list("engine_version", flat=True)) == {default_engine().version}


@pytest.mark.django_db
def test_the_same_text_of_two_outlets_is_two_articles() -> None:
    process_article(parsed())
    process_article(parsed(source_name="Hill Gazette"))

    assert Article.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_model_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def watched(text: str, **known: str | None) -> object:
        seen.append(connection.in_atomic_block)
        return extract(text, **known)  # type: ignore[arg-type]

    monkeypatch.setattr(articles, "extract", watched)
    process_article(parsed())

    assert seen == [False]


@pytest.mark.django_db
def test_if_storing_fails_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **named: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(articles, "create_links", broken)
    with pytest.raises(RuntimeError):
        process_article(parsed())

    assert not Article.objects.exists()
    assert not Claim.objects.exists()


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """The shipped model with a decoder that is reluctant to begin a content: another file, other answers."""
    target = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, target)
    with np.load(target / "head.npz") as stored:
        arrays = dict(stored)
    bias = arrays["decoding.tags"].copy()
    bias[5] -= 25.0  # the tag "a content begins": enough for it to miss the shortest
    arrays["decoding.tags"] = bias
    np.savez(target / "head.npz", **arrays)
    meta = json.loads((target / "meta.json").read_text())
    (target / "meta.json").write_text(json.dumps({**meta, "sha256": "0" * 64}))
    return target


@pytest.mark.django_db
def test_another_model_file_keeps_ids_and_notes_and_lists_orphans(
    other_model: Path, checker: User, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = [process_article(parsed(number)).article for number in range(4)]
    ids = set(Claim.objects.values_list("id", flat=True))
    for claim in Claim.objects.all():
        add_note(claim, author=checker, text=f"About claim {claim.pk}.")

    call_command("reextract", "--all", "--model", str(other_model))
    summary = capsys.readouterr().out

    assert Claim.objects.filter(pk__in=ids).count() == len(ids)
    assert all(claim.notes.get().text == f"About claim {claim.pk}." for claim in Claim.objects.filter(pk__in=ids))
    orphans = Claim.objects.orphans().count()
    assert 0 < orphans <= len(ids)
    assert f"{orphans} orphans await an editor" in summary
    assert summary.startswith(f"{len(stored)} articles at engine {Engine(other_model).version}")
    for claim in Claim.objects.select_related("article"):
        assert all(claim.article.text[span["start"] : span["end"]] == span["quote"] for span in claim.spans)

    call_command("reextract", "--all", "--model", str(other_model))
    assert capsys.readouterr().out.startswith("0 articles")
    call_command("reextract", "--all")
    assert not Claim.objects.orphans().exists()


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExtractionError, match=str(tmp_path)):
        Engine(tmp_path)
