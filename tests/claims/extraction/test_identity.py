"""Across articles: exact keys join, nothing else does."""

from collections.abc import Collection, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction.identity import KnownSpeaker, SpeakerPlan, alias_key, resolve_speakers
from claims.extraction.values import (
    Candidate,
    ExtractedClaim,
    Extraction,
    RelayedClaim,
    Span,
    SpeakerReference,
    SpeakerStatus,
    SpeakerType,
)

SAME_KEY = [
    pytest.param("Amara Okonjo-Bello", "amara okonjo bello", id="case-and-hyphen"),
    pytest.param("José Peñaranda", "Jose Penaranda", id="accents"),
    pytest.param("Søren Łukaszczyk", "Soren Lukaszczyk", id="letters-without-decomposition"),
    pytest.param("İpek Yıldız", "ipek yildiz", id="dotted-and-dotless-i"),
    pytest.param("Fintan O’Meara", "Fintan OMeara", id="curly-apostrophe-vanishes"),
    pytest.param("J.K. Tandon", "J. K. Tandon", id="initials-close-up"),
    pytest.param("U.N. Relief Fund", "UN Relief Fund", id="dotted-acronym"),
    pytest.param("Dr. Leila  Haddad", "Leila Haddad", id="honorific-and-space"),
    pytest.param("President Leila Haddad", "Leila Haddad", id="full-word-title"),
    pytest.param("Prime Minister Leila Haddad", "Leila Haddad", id="title-of-two-words"),
    pytest.param("The Harbour Post", "Harbour Post", id="article"),
    pytest.param("Ｈａｒｂｏｕｒ Post", "Harbour Post", id="full-width"),
    pytest.param("Straße & Sohn", "strasse and sohn", id="ampersand-and-sharp-s"),
    pytest.param("Leila\u200b Haddad", "Leila Haddad", id="zero-width"),
]

OTHER_KEY = [
    pytest.param("Leila Haddad", "Haddad", id="surname"),
    pytest.param("Leila Haddad", "L. Haddad", id="initial-is-not-first-name"),
    pytest.param("Leila Haddad", "Leila Haddad Jr.", id="junior-is-another"),
    pytest.param("Mayor Group", "Group", id="title-word-of-an-organisation"),
    pytest.param("General Harbour Trust", "Harbour Trust", id="general-is-not-always-a-rank"),
    pytest.param("किरण", "करण", id="vowel-signs-are-letters"),
    pytest.param("Мила Йорданова", "Мила Иорданова", id="cyrillic-short-i-is-a-letter"),
]


@pytest.mark.parametrize(("one", "other"), SAME_KEY)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert alias_key(one) == alias_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER_KEY)
def test_names_that_differ_keep_their_keys_apart(one: str, other: str) -> None:
    assert alias_key(one) != alias_key(other)


@pytest.mark.parametrize(
    "name", ["किरण बेदीकर", "李伟明", "محمد الهاشمي", "Мила Йорданова", "김서연", "Dr", "The", "!!"]
)
def test_every_name_with_content_keeps_a_key(name: str) -> None:
    assert alias_key(name).strip()


@given(st.text(max_size=60))
def test_a_key_is_stable_under_itself_and_never_raises(name: str) -> None:
    key = alias_key(name)

    assert key == key.strip()
    assert bool(key) == bool(name.strip()) or not key
    assert len(alias_key(name * 200)) <= 4000


def named(
    name: str,
    kind: SpeakerType = "person",
    *,
    status: SpeakerStatus = "resolved",
    aliases: tuple[str, ...] = (),
) -> SpeakerReference:
    return SpeakerReference(status, name, kind, name, aliases=aliases, confidence=0.9, reason="full-name")


def extraction(*speakers: SpeakerReference | None, relayed: tuple[SpeakerReference, ...] = ()) -> Extraction:
    span = (Span(0, 1),)
    return Extraction(
        text="x",
        engine_version="test",
        language="en",
        claims=tuple(ExtractedClaim(span, (), (), "indirect", "statement", one, 0.9) for one in speakers),
        relayed=tuple(RelayedClaim(span, (), (), "indirect", "statement", one, 0, 0.9) for one in relayed),
    )


class Shelf:
    """A look-up over fixed speakers that remembers what it was asked."""

    def __init__(self, *rows: tuple[int, str, SpeakerType, tuple[str, ...]]) -> None:
        self.asked: list[frozenset[str]] = []
        self.rows: dict[str, list[KnownSpeaker]] = {}
        for number, name, kind, aliases in rows:
            for alias in (name, *aliases):
                self.rows.setdefault(alias_key(alias), []).append(KnownSpeaker(number, name, kind))

    def __call__(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownSpeaker]]:
        self.asked.append(frozenset(keys))
        return {key: self.rows[key] for key in keys if key in self.rows}


def plan(shelf: Shelf, *speakers: SpeakerReference | None) -> SpeakerPlan:
    return resolve_speakers(extraction(*speakers), lookup=shelf)


def test_a_known_full_name_is_joined_by_one_lookup() -> None:
    shelf = Shelf((7, "Nandini Rao Kulkarni", "person", ()))

    result = plan(shelf, named("Nandini Rao Kulkarni"), named("Tomasz Wrzos"), named("Tomasz Wrzos"))

    assert shelf.asked == [{"nandini rao kulkarni", "tomasz wrzos"}]
    assert [[one.known for one in claim] for claim in result.claims] == [[7], [None], [None]]
    assert [[one.new for one in claim] for claim in result.claims] == [[None], [0], [0]]
    assert [one.name for one in result.new] == ["Tomasz Wrzos"]
    assert result.statuses == ("resolved",) * 3


def test_an_alias_of_two_words_joins_and_new_spellings_are_reported() -> None:
    shelf = Shelf((7, "Nandini Rao Kulkarni", "person", ("Nandini Kulkarni",)))

    result = plan(shelf, named("Nandini Kulkarni", aliases=("Kulkarni",)))

    assert result.claims[0][0].known == 7
    assert [(one.id, one.aliases) for one in result.met] == [(7, ("Nandini Kulkarni", "Kulkarni"))]


@pytest.mark.parametrize(
    ("aliases", "known"),
    [
        pytest.param(("Nandini Kulkarni",), 7, id="a-shorter-full-form-of-the-same-article-joins"),
        pytest.param(("Kulkarni",), None, id="but-not-a-surname"),
        pytest.param(("Meera Kulkarni",), None, id="but-not-a-form-with-another-word"),
        pytest.param((), None, id="but-not-without-the-article-saying-so"),
    ],
)
def test_a_longer_name_joins_by_the_form_that_is_known(aliases: tuple[str, ...], known: int | None) -> None:
    shelf = Shelf((7, "Nandini Kulkarni", "person", ()), (8, "Meera Kulkarni", "person", ()))

    result = plan(shelf, named("Nandini R. Kulkarni", aliases=aliases), named("Nandini R. Kulkarni", aliases=aliases))

    assert [[one.known for one in claim] for claim in result.claims] == [[known], [known]]
    assert len(result.new) == (known is None)


def test_two_known_speakers_of_the_shorter_form_are_ambiguous() -> None:
    shelf = Shelf((7, "Nandini Kulkarni", "person", ()), (8, "Nandini Devi Kulkarni", "person", ("Nandini Kulkarni",)))

    result = plan(shelf, named("Nandini R. Kulkarni", aliases=("Nandini Kulkarni",)))

    assert result.statuses == ("ambiguous",)
    assert [one.id for one in result.claims[0][0].candidates] == [7, 8]


@pytest.mark.parametrize(
    ("reference", "status"),
    [
        pytest.param(named("Kulkarni", status="unresolved"), "unresolved", id="bare-surname"),
        pytest.param(named("Nandini"), "unresolved", id="single-word-person-though-resolved-in-its-article"),
        pytest.param(SpeakerReference("unnamed", None, "unnamed", "an official"), "unnamed", id="unnamed"),
        pytest.param(
            SpeakerReference("resolved", "flood report", "document", "the flood report"), "unnamed", id="document"
        ),
        pytest.param(
            SpeakerReference(
                "ambiguous",
                None,
                "person",
                "Rao",
                candidates=(
                    Candidate("Nandini Rao", "person", 1.0, "surname"),
                    Candidate("Vikram Rao", "person", 1.0, "surname"),
                ),
            ),
            "ambiguous",
            id="two-in-the-article",
        ),
    ],
)
def test_what_has_no_full_name_makes_and_joins_no_row(reference: SpeakerReference, status: str) -> None:
    shelf = Shelf((7, "Nandini Rao Kulkarni", "person", ("Kulkarni", "Nandini")))

    result = plan(shelf, reference)

    assert shelf.asked == []
    assert result.new == ()
    assert (result.claims[0][0].known, result.claims[0][0].new) == (None, None)
    assert result.statuses == (status,)


def test_an_acronym_joins_the_organisation_but_not_the_person_of_that_name() -> None:
    shelf = Shelf(
        (1, "Coastal Fisheries Authority", "organisation", ("CFA",)),
        (2, "Orinda", "person", ()),
    )

    result = plan(shelf, named("CFA", "organisation"), named("Orinda", "organisation"))

    assert result.claims[0][0].known == 1
    assert result.claims[1][0].known is None
    assert [(one.name, one.type) for one in result.new] == [("Orinda", "organisation")]


def test_two_known_speakers_with_one_key_are_ambiguous_with_both_kept() -> None:
    shelf = Shelf((1, "Amina Yusuf", "person", ()), (2, "Amina Yusuf", "person", ()))

    result = plan(shelf, named("Amina Yusuf"))

    assert result.statuses == ("ambiguous",)
    assert [one.id for one in result.claims[0][0].candidates] == [1, 2]
    assert result.claims[0][0].reason == "shared-key"
    assert result.new == ()


def test_one_speaker_under_two_aliases_is_not_ambiguous() -> None:
    shelf = Shelf((1, "Amina Yusuf", "person", ("AMINA YUSUF",)))

    assert plan(shelf, named("Amina Yusuf")).claims[0][0].known == 1


def test_spellings_with_one_key_are_one_new_speaker_with_aliases() -> None:
    result = plan(Shelf(), named("José Peñaranda"), named("Jose Penaranda", aliases=("Penaranda",)))

    assert len(result.new) == 1
    assert result.new[0].name == "José Peñaranda"
    assert result.new[0].aliases == ("Jose Penaranda", "Penaranda")


def test_joint_speakers_are_each_looked_up_and_the_least_certain_sets_the_status() -> None:
    shelf = Shelf((3, "Mei Tanaka-Ruiz", "person", ()))
    joint = SpeakerReference(
        "resolved",
        "Mei Tanaka-Ruiz & Osei",
        "person",
        "Mei Tanaka-Ruiz and Osei",
        members=(named("Mei Tanaka-Ruiz"), named("Osei", status="unresolved")),
    )

    result = plan(shelf, joint)

    assert [(one.known, one.status) for one in result.claims[0]] == [(3, "resolved"), (None, "unresolved")]
    assert result.statuses == ("unresolved",)


def test_a_claim_without_source_has_no_speakers() -> None:
    result = plan(Shelf(), None)

    assert (result.claims, result.statuses) == (((),), ("none",))


def test_relayed_speakers_are_planned_in_the_same_lookup() -> None:
    shelf = Shelf((3, "Mei Tanaka-Ruiz", "person", ()))

    result = resolve_speakers(extraction(named("Tomasz Wrzos"), relayed=(named("Mei Tanaka-Ruiz"),)), lookup=shelf)

    assert len(shelf.asked) == 1
    assert result.relayed[0][0].known == 3
