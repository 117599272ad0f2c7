"""What `store_extraction` writes: claims, speakers, aliases, relayed statements."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimSpeaker, Speaker, SpeakerAlias
from sources.models import Article, Source
from sources.services import find_or_create_source, find_source, source_key
from tests.claims.services.conftest import store
from tests.claims.services.extractions import (
    ANA,
    ASKED,
    BELA,
    OPENING,
    TEXT,
    CannedEngine,
    ambiguous,
    claim,
    first_engine,
    joint,
    person,
)

pytestmark = pytest.mark.django_db


def test_every_span_is_the_quote_that_it_reports(article: Article) -> None:
    claims = list(article.claims.all())

    assert len(claims) == 6
    for one in claims:
        assert [article.text[span["start"] : span["end"]] for span in one.spans] == [
            span["quote"] for span in one.spans
        ]
        assert one.text == " … ".join(span["quote"] for span in one.spans)
        assert one.text in one.context
        assert one.said_on == article.published_on


def test_a_joint_statement_belongs_to_each_of_its_speakers_once(article: Article) -> None:
    tolls = article.claims.get(text="that tolls would rise")

    assert [link.speaker.name for link in tolls.links.all()] == ["Ana Duarte", "Bela Kos"]
    ids = list(Speaker.objects.values_list("id", flat=True))
    assert Claim.objects.by_speakers(ids).filter(pk=tolls.pk).count() == 1


def test_one_row_a_speaker_with_the_names_met(article: Article) -> None:
    ana = Speaker.objects.get(slug="ana-duarte")

    assert Speaker.objects.count() == 2
    assert {(alias.name, alias.is_identifying) for alias in ana.aliases.all()} == {
        ("Ana Duarte", True),
        ("Duarte", False),
    }


def test_an_unnamed_source_keeps_its_words_and_makes_no_speaker(article: Article) -> None:
    delays = article.claims.get(text="of delays")

    assert delays.speaker_status == Claim.SpeakerStatus.UNNAMED
    assert [(link.speaker, link.words) for link in delays.links.all()] == [(None, "A senior official")]


def test_a_relayed_statement_stands_within_the_claim_that_relays_it(article: Article) -> None:
    inner = article.claims.get(depth=1)

    assert inner.text == "for money"
    assert inner.within.text == ASKED
    assert inner.links.get().speaker.name == "Ana Duarte"


def test_an_ambiguous_mention_keeps_its_candidates_and_no_speaker(db: None) -> None:
    article = store(CannedEngine("1.0", claim(OPENING, ambiguous("Duarte", "Ana Duarte", "Rui Duarte"))))

    link = article.claims.get().links.get()
    assert link.speaker is None
    assert [candidate["name"] for candidate in link.candidates] == ["Ana Duarte", "Rui Duarte"]


def test_two_names_of_one_known_speaker_are_one_link(article: Article) -> None:
    alias = SpeakerAlias.objects.get(key="bela kos")
    SpeakerAlias.objects.create(speaker=alias.speaker, name="Bela Antal", key="bela antal", origin="editor")

    other = store(CannedEngine("1.0", claim(OPENING, joint(BELA, person("Bela Antal")))), source="Hill Gazette")

    assert [link.speaker.name for link in other.claims.get().links.all()] == ["Bela Kos"]


def test_a_second_article_joins_known_speakers_and_adds_aliases(article: Article) -> None:
    store(
        CannedEngine("1.0", claim(OPENING, person("Ana Duarte", aliases=("Ms Duarte e Silva",)))), source="Hill Gazette"
    )

    assert Speaker.objects.count() == 2
    assert Speaker.objects.get(slug="ana-duarte").aliases.filter(name="Ms Duarte e Silva").exists()


def test_names_that_slug_alike_get_different_slugs(db: None) -> None:
    first, second = person("Ana-Lee Duarte"), person("Ana Lee-Duarte")
    store(CannedEngine("1.0", claim(OPENING, first), claim("for rain", person("Ána Dúarte")), claim(ASKED, second)))

    slugs = list(Speaker.objects.order_by("id").values_list("slug", flat=True))
    assert len(slugs) == len(set(slugs))


def test_a_name_that_another_writer_stored_meanwhile_gives_that_row(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The look-up of a writer who started before the other one committed: it sees nobody.
    monkeypatch.setattr("claims.services.articles.known_speakers", lambda keys: {})

    other = store(CannedEngine("1.0", claim(OPENING, ANA)), source="Hill Gazette")

    assert other.claims.get().links.get().speaker.slug == "ana-duarte"
    assert Speaker.objects.count() == 2


def test_storing_costs_the_same_queries_for_one_claim_and_for_many(db: None) -> None:
    def queries(source: str, engine: CannedEngine) -> int:
        find_or_create_source(source)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            store(engine, source=source)
        return len(captured)

    few = queries("One", CannedEngine("1.0", claim(OPENING, person("Cy Ode")), relayed=()))
    many = queries(
        "Two",
        CannedEngine(
            "1.0",
            *(claim(word, person(f"Person {word.title()}")) for word in set(TEXT.split()) if TEXT.count(word) == 1),
        ),
    )

    assert few == many


def test_the_database_refuses_two_identifying_aliases_of_one_key(article: Article) -> None:
    other = Speaker.objects.create(name="Ana Duarte", slug="ana-duarte-2")

    with pytest.raises(IntegrityError), transaction.atomic():
        SpeakerAlias.objects.create(speaker=other, name="Ana Duarte", key="ana duarte", is_identifying=True)


def test_the_database_refuses_the_same_text_of_one_source_twice(article: Article) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        store(first_engine())

    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        pytest.param("The Valley Post", "", "Valley Post", id="article-and-case-aside"),
        pytest.param("VALLEY  POST", "", "Valley Post", id="spaces-aside"),
        pytest.param("Valley Herald", "", None, id="but-not-another-name"),
        pytest.param("", "https://www.valleypost.example/a", "Valley Post", id="by-domain"),
        pytest.param("", "https://other.example/a", None, id="but-not-by-an-unknown-domain"),
        pytest.param("Hill Gazette", "https://valleypost.example/a", None, id="the-name-wins-over-the-domain"),
    ],
)
def test_an_outlet_is_found_by_name_then_by_domain(name: str, url: str, found: str | None) -> None:
    source = find_or_create_source("Valley Post")
    Source.objects.filter(pk=source.pk).update(domain="valleypost.example")

    match = find_source(name, url)

    assert (match.name if match else None) == found


def test_without_an_outlet_the_article_belongs_to_unknown() -> None:
    assert find_or_create_source("").slug == "unknown"
    assert find_or_create_source("", "https://nowhere.example/").slug == "unknown"
    assert Source.objects.count() == 1


def test_source_keys_of_names_without_letters_are_not_empty() -> None:
    assert source_key("!!!") == "!!!"


def test_links_carry_the_date_that_their_index_needs(article: Article) -> None:
    assert set(ClaimSpeaker.objects.values_list("said_on", flat=True)) == {article.published_on}
