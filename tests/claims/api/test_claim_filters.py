"""Every filter of claims: what it finds, and what it must not find."""

from datetime import date
from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient

from claims.models import Claim
from tests.claims.factories import make_article, make_claim, make_note, make_source, make_speaker, make_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> SimpleNamespace:
    """Seven claims, each named for what sets it apart."""
    post = make_source("Valley Post", slug="valley-post")
    wire = make_source("Coast Wire", slug="coast-wire", kind="agency", domain="coast.example", language="de")
    march = make_article(post, published_on=date(2026, 3, 1))
    april = make_article(wire, published_on=date(2026, 4, 1), language="en", url="https://coast.example/a")
    ada = make_speaker("Ada Quill", "Mayor Quill", slug="ada-quill")
    berit = make_speaker("Berit Sandøe", slug="berit-sandoe")
    twin = make_speaker("Ada Quill", slug="ada-quill-2")
    merged = make_speaker("A. Quill", slug="a-quill", merged_into=ada)
    older = make_speaker("Councillor Quill", slug="councillor-quill", merged_into=merged)
    claims = SimpleNamespace(
        ada=make_claim(ada, article=march, text="Taxes in Élan went up by 100%", kind="direct", confidence=0.95),
        berit=make_claim(berit, article=april, text="The harbour is closed", act="refusal", confidence=0.5),
        joint=make_claim(
            ada, berit, article=april, text="We agree on taxes", review_status="in_review", speaker_confidence=0.5
        ),
        twin=make_claim(
            twin, article=march, text="It rained", act="question", said_on=date(2026, 2, 1), cue_text="asks"
        ),
        unnamed=make_claim(article=march, text="An_official spoke", speaker_status="unnamed", kind="mixed"),
    )
    Claim.objects.filter(pk=claims.joint.pk).update(speaker_confidence=0.5)
    Claim.objects.filter(pk=claims.twin.pk).update(cue_text="asks")
    claims.within = make_claim(berit, article=march, text="taxes again", within=claims.ada)
    claims.undated = make_claim(ada, article=make_article(post, published_on=None), text="Some day")
    make_verdict(claims.ada, rating="false")
    make_verdict(claims.berit, rating="true")
    make_verdict(claims.joint, rating="false", state="draft")
    make_note(claims.ada, kind="question", is_public=True)
    make_note(claims.berit, kind="decision")
    return SimpleNamespace(**vars(claims), ids=locals())


DIRECT = {"ada", "berit", "joint", "twin", "unnamed", "undated"}
ROWS = [
    ("nothing asked", "", DIRECT),
    ("speaker by slug, joint ones too", "speaker=ada-quill", {"ada", "joint", "undated"}),
    ("speaker by id", "speaker={ada.pk}", {"ada", "joint", "undated"}),
    (
        "speaker: comma means any, once",
        "speaker=ada-quill,berit-sandoe",
        {"ada", "berit", "joint", "undated"},
    ),
    ("speaker: repeated means any", "speaker=ada-quill&speaker={twin.pk}", {"ada", "joint", "twin", "undated"}),
    ("speaker: an alias is none", "speaker=mayor-quill", set()),
    ("speaker: absent id", "speaker=999999", set()),
    ("speaker: an id beyond all numbers", "speaker=99999999999999999999999999", set()),
    ("speaker: absent slug", "speaker=nobody", set()),
    ("speaker: absent beside present", "speaker=nobody,berit-sandoe", {"berit", "joint"}),
    ("speaker: a merged one's slug is its survivor's", "speaker=a-quill", {"ada", "joint", "undated"}),
    ("speaker: a merged one's id through two merges", "speaker={older.pk}", {"ada", "joint", "undated"}),
    ("speaker negated", "speaker!=ada-quill", {"berit", "twin", "unnamed"}),
    ("speaker negated, absent", "speaker!=nobody", DIRECT),
    ("speaker_name: of two speakers finds both", "speaker_name=Ada Quill", {"ada", "joint", "twin", "undated"}),
    ("speaker_name: a further alias, case aside", "speaker_name=mayor QUILL", {"ada", "joint", "undated"}),
    ("speaker_name: accents aside", "speaker_name=berit sandoe", {"berit", "joint"}),
    ("speaker_name: a merged one's name", "speaker_name=Councillor Quill", {"ada", "joint", "undated"}),
    ("speaker_name: a part is no name", "speaker_name=Berit", set()),
    ("speaker_name negated", "speaker_name!=Berit Sandøe", {"ada", "twin", "unnamed", "undated"}),
    ("speaker and speaker_name: both of them", "speaker=ada-quill&speaker_name=Berit Sandøe", {"joint"}),
    ("speaker: a slug and an id of one", "speaker=ada-quill,{ada.pk}", {"ada", "joint", "undated"}),
    ("source by slug", "source=coast-wire", {"berit", "joint"}),
    ("source by id, or another", "source={wire.pk},valley-post", DIRECT),
    ("source absent", "source=nowhere", set()),
    ("source negated", "source!=coast-wire", {"ada", "twin", "unnamed", "undated"}),
    ("article", "article={april.pk}", {"berit", "joint"}),
    ("article absent", "article=999999", set()),
    ("article negated", "article!={april.pk}", {"ada", "twin", "unnamed", "undated"}),
    ("kind", "kind=direct", {"ada"}),
    ("kind negated", "kind!=indirect", {"ada", "unnamed"}),
    ("kind in", "kind__in=direct,mixed", {"ada", "unnamed"}),
    ("act", "act=refusal", {"berit"}),
    ("act in", "act__in=refusal,question", {"berit", "twin"}),
    ("act negated", "act!=statement", {"berit", "twin"}),
    ("review status", "review_status=in_review", {"joint"}),
    ("review status negated", "review_status!=new", {"joint"}),
    ("review status in", "review_status__in=in_review,done", {"joint"}),
    ("rating of the published verdict, not of a draft", "rating=false", {"ada"}),
    ("rating in", "rating__in=true,false", {"ada", "berit"}),
    ("rating negated keeps the unrated", "rating!=false", DIRECT - {"ada"}),
    ("speaker status", "speaker_status=unnamed", {"unnamed"}),
    ("speaker status negated", "speaker_status!=resolved", {"unnamed"}),
    ("speaker status in", "speaker_status__in=unnamed,none", {"unnamed"}),
    ("confidence, inclusive", "min_confidence=0.95", {"ada"}),
    ("confidence zero is a bound", "min_confidence=0", DIRECT),
    ("depth 1", "depth=1", {"within"}),
    ("depth 0", "depth=0", DIRECT),
    ("any depth", "depth__in=0,1", DIRECT | {"within"}),
    ("within", "within={claims.ada.pk}", {"within"}),
    ("speaker at depth 1", "speaker=berit-sandoe&depth=1", {"within"}),
    ("search: all words, any order, case aside", "search=UP taxes", {"ada"}),
    ("search: one word", "search=taxes", {"ada", "joint"}),
    ("search: letters beyond ASCII, case aside", "search=éLAN", {"ada"}),
    ("search: signs only separate words", "search=100%25", {"ada"}),
    ("search: a part of a word is none", "search=offic", set()),
    ("search: an underscore is no wildcard", "search=n_o", set()),
    ("search: a word before or behind an underscore", "search=official", {"unnamed"}),
    ("search: a percent sign is no wildcard", "search=t%25s", set()),
    ("search: no operators", "search=%22 OR -x foo:bar", set()),
    ("search: a phrase", 'search="agree on"', {"joint"}),
    ("search: the words of a phrase in another order", 'search="on agree"', set()),
    ("search: a prefix", "search=tax*", {"ada", "joint"}),
    ("search: a prefix is none without its star", "search=tax", set()),
    ("search: an exclusion", "search=taxes -élan", {"joint"}),
    ("search: an excluded phrase", 'search=taxes -"agree on"', {"ada"}),
    ("search: an exclusion alone", "search=-taxes", DIRECT - {"ada", "joint"}),
    ("search: accents aside", "search=elan", {"ada"}),
    ("said on", "said_on=2026-02-01", {"twin"}),
    ("said from, inclusive, undated left out", "said_on__gte=2026-04-01", {"berit", "joint"}),
    ("said until, inclusive, undated left out", "said_on__lte=2026-03-01", {"ada", "twin", "unnamed"}),
    ("published on", "published_on=2026-04-01", {"berit", "joint"}),
    ("published from", "published_on__gte=2026-03-02", {"berit", "joint"}),
    ("published until: not when it was said", "published_on__lte=2026-03-01", {"ada", "twin", "unnamed"}),
    ("ids", "id__in={claims.ada.pk},{claims.twin.pk},999999", {"ada", "twin"}),
    ("ids may be relayed ones only with a depth", "id__in={claims.within.pk}", set()),
    ("one id", "id={claims.ada.pk}", {"ada"}),
    ("ids above", "id__gt={claims.unnamed.pk}", {"undated"}),
    ("speaker's kind", "speaker__kind=person", DIRECT - {"unnamed"}),
    ("speaker's kind, of none", "speaker__kind=organisation", set()),
    ("speaker's kind negated", "speaker__kind!=person", {"unnamed"}),
    ("outlet's kind", "source__kind=agency", {"berit", "joint"}),
    ("outlet's domain", "source__domain=coast.example", {"berit", "joint"}),
    ("outlet's domain by its beginning", "source__domain__startswith=coast.", {"berit", "joint"}),
    ("outlet's domain, another beginning", "source__domain__startswith=Coast.", set()),
    ("outlet's language negated", "source__language!=de", {"ada", "twin", "unnamed", "undated"}),
    ("article's language", "article__language=en", {"berit", "joint"}),
    ("the same, as its facet is called", "language=en", {"berit", "joint"}),
    ("article's address", "article__url=https://coast.example/a", {"berit", "joint"}),
    ("article's address, spelt otherwise", "article__url=http://www.coast.example/a/?utm_source=x", {"berit", "joint"}),
    ("article's day by its other name", "article__published_on__gte=2026-03-02", {"berit", "joint"}),
    ("published on no day", "published_on__isnull=true", {"undated"}),
    ("said on no day", "said_on__isnull=true", {"undated"}),
    ("said on any of two days", "said_on__in=2026-02-01,2026-04-01", {"twin", "berit", "joint"}),
    ("said after, exclusive", "said_on__gt=2026-03-01", {"berit", "joint"}),
    ("said before, exclusive", "said_on__lt=2026-03-01", {"twin"}),
    ("said on negated keeps the undated", "said_on!=2026-03-01", {"berit", "joint", "twin", "undated"}),
    ("cue, case aside", "cue=Said", DIRECT - {"twin"}),
    ("cue negated", "cue!=said", {"twin"}),
    ("confidence below", "confidence__lt=0.9", {"berit"}),
    ("speaker's confidence", "speaker_confidence__gte=0.5", {"joint"}),
    ("depth above 0", "depth__gt=0", {"within"}),
    ("rating by the relation", "verdict__rating=false", {"ada"}),
    ("rating by its number", "verdict__rating__value__gte=3", {"berit"}),
    ("with a verdict", "verdict__isnull=false", {"ada", "berit"}),
    ("without a published verdict", "verdict__isnull=true", DIRECT - {"ada", "berit"}),
    ("verdict published since", "verdict__published_at__gte=2026-04-01", {"ada", "berit"}),
    ("verdict published before", "verdict__published_at__lt=2026-04-01T00:00:00Z", set()),
    ("with a public note", "note__isnull=false", {"ada"}),
    ("kind of a public note", "note__kind=question", {"ada"}),
    ("kind of an internal note, which is none here", "note__kind=decision", set()),
    ("engine", "engine=test-1", DIRECT),
    ("engine negated", "engine!=test-1", set()),
    ("stored since a moment", "created_at__gte=2026-01-01T00:00:00Z", DIRECT),
    ("stored since a moment to come", "created_at__gte=2999-01-01", set()),
    ("two filters narrow", "speaker=ada-quill&source=coast-wire", {"joint"}),
]


@pytest.mark.parametrize(("query", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_filter(anyone: APIClient, desk: SimpleNamespace, query: str, expected: set[str]) -> None:
    names = {claim.pk: name for name, claim in vars(desk).items() if name != "ids"}
    answer = anyone.get("/api/v1/claims/?count=true&" + query.format(**desk.ids))
    assert answer.status_code == 200, answer.content
    found = [names[row["id"]] for row in answer.json()["results"]]
    assert len(found) == len(set(found)) == answer.json()["count"]
    assert set(found) == expected


def test_dates_of_claim_and_article_are_two_filters(anyone: APIClient, desk: SimpleNamespace) -> None:
    both = anyone.get("/api/v1/claims/?said_on__lte=2026-02-28&published_on__gte=2026-03-01").json()["results"]
    assert [row["id"] for row in both] == [desk.twin.pk]


@pytest.mark.parametrize(
    ("ordering", "key"),
    [
        ("confidence", lambda row: (row["confidence"], row["id"])),
        ("created_at", lambda row: (row["created_at"], row["id"])),
        ("modified_at", lambda row: (row["modified_at"], row["id"])),
        ("id", lambda row: row["id"]),
    ],
    ids=["confidence", "created_at", "modified_at", "id"],
)
def test_ordering(anyone: APIClient, desk: SimpleNamespace, ordering: str, key) -> None:
    rising = anyone.get(f"/api/v1/claims/?ordering={ordering}").json()["results"]
    falling = anyone.get(f"/api/v1/claims/?ordering=-{ordering}").json()["results"]
    assert rising == sorted(rising, key=key)
    assert falling == rising[::-1]
