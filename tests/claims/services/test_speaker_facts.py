"""Descriptions as articles give them, external ids as editors do, and who may be the same as somebody."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Speaker, SpeakerAlias, SpeakerRole
from claims.models.likeness import core_key, sound_key
from claims.services.external_ids import add_external_id, read_external_id, remove_external_id
from claims.services.likeness import edits, possible_duplicates
from claims.services.merging import merge_speakers
from claims.services.reextraction import reextract_article
from claims.services.splitting import split_speaker
from tests.claims.factories import make_speaker
from tests.claims.services.conftest import store
from tests.claims.services.extractions import OPENING, RAIN, CannedEngine, claim, person, unnamed

pytestmark = pytest.mark.django_db

TEXT = "The mayor was late. “The bridge will open in May,” Ana Duarte, the mayor of Halm, said. Duarte hopes for rain."


def described(name: str, *roles: str) -> object:
    return replace(person(name), roles=roles)


def test_descriptions_are_kept_with_place_article_and_date() -> None:
    ana = described("Ana Duarte", "mayor", "mayor of Halm", "queen of everything")
    engine = CannedEngine("1.0", claim(OPENING, ana, text=TEXT), claim(RAIN, ana, text=TEXT))
    article = store(engine, text=TEXT)
    rows = {role.text: role for role in SpeakerRole.objects.all()}
    assert set(rows) == {"mayor", "mayor of Halm", "queen of everything"}
    for text, role in rows.items():
        assert (role.speaker.name, role.article, role.said_on) == ("Ana Duarte", article, article.published_on)
        assert role.start is None if text.startswith("queen") else TEXT[role.start : role.end] == text
    assert rows["mayor"].start > TEXT.index("Ana Duarte")  # beside her name, not where the word stands first


def test_descriptions_of_nobody_are_not_kept() -> None:
    official = replace(unnamed("A senior official"), roles=("senior official",))
    store(CannedEngine("1.0", claim(OPENING, official, text=TEXT)), text=TEXT)
    assert not SpeakerRole.objects.exists()


def test_a_newer_engine_renews_them() -> None:
    first = CannedEngine("1.0", claim(OPENING, described("Ana Duarte", "mayor"), text=TEXT))
    article = store(first, text=TEXT)
    reextract_article(
        article.pk, engine=CannedEngine("2.0", claim(OPENING, described("Ana Duarte", "mayor of Halm"), text=TEXT))
    )
    assert [role.text for role in SpeakerRole.objects.all()] == ["mayor of Halm"]


GOOD = [
    pytest.param("Q42", ("wikidata", "Q42"), id="a number"),
    pytest.param("  q1001 ", ("wikidata", "Q1001"), id="in small letters, with blanks"),
    pytest.param("https://www.wikidata.org/wiki/Q42", ("wikidata", "Q42"), id="the address of an item"),
    pytest.param("https://m.wikidata.org/wiki/Special:EntityPage/Q42#P31", ("wikidata", "Q42"), id="another one"),
    pytest.param(
        "HTTPS://Halm.Example/Council?id=7#top", ("same_as", "https://halm.example/Council?id=7"), id="a page"
    ),
    pytest.param("http://halm.example", ("same_as", "http://halm.example/"), id="a site"),
]


@pytest.mark.parametrize(("value", "expected"), GOOD)
def test_what_is_an_external_id(value: str, expected: tuple[str, str]) -> None:
    assert read_external_id(value) == expected


BAD = [
    pytest.param("", id="nothing"),
    pytest.param("Q0", id="no item begins with zero"),
    pytest.param("Q42x", id="more than a number"),
    pytest.param("P31", id="a property"),
    pytest.param("https://www.wikidata.org/wiki/Property:P31", id="a page of Wikidata that is no item"),
    pytest.param("ftp://halm.example/", id="another scheme"),
    pytest.param("javascript:alert(1)", id="a script"),
    pytest.param("https://localhost/", id="no public name"),
    pytest.param("https://ana:secret@halm.example/", id="a password"),
    pytest.param("https://halm.example/a b", id="a blank in it"),
    pytest.param("https://[::1", id="no address"),
    pytest.param("https://halm.example/" + "a" * 500, id="too long"),
]


@pytest.mark.parametrize("value", BAD)
def test_what_is_not(value: str) -> None:
    with pytest.raises(InvalidValue):
        read_external_id(value)


def test_external_ids_are_added_and_taken_off_with_a_line_in_the_ledger(desk_admin: User) -> None:
    ana = make_speaker("Ana Duarte")
    row = add_external_id(ana, actor=desk_admin, value="q42")
    assert (row.value, row.url) == ("Q42", "https://www.wikidata.org/wiki/Q42")
    page = add_external_id(ana, actor=desk_admin, value="https://halm.example/duarte")
    assert page.url == "https://halm.example/duarte"
    with pytest.raises(Conflict, match="Q42 already"):
        add_external_id(ana, actor=desk_admin, value="https://www.wikidata.org/wiki/Q42")
    with pytest.raises(Conflict, match="take that off first"):
        add_external_id(ana, actor=desk_admin, value="Q43")
    remove_external_id(row, actor=desk_admin)
    assert [one.value for one in ana.external_ids.all()] == ["https://halm.example/duarte"]
    actions = Change.objects.filter(model="speaker", object_id=ana.pk).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["add_external_id", "add_external_id", "remove_external_id"]


def test_a_merged_speaker_gets_no_external_id(desk_admin: User) -> None:
    ana, old = make_speaker(), make_speaker()
    merge_speakers(old, into=ana, actor=desk_admin, reason="the same")
    with pytest.raises(Conflict, match="is merged into"):
        add_external_id(old, actor=desk_admin, value="Q42")


@pytest.mark.parametrize("role", ["reader", "checker", "reviewer"])
def test_only_a_desk_admin_notes_external_ids(role: str, request: pytest.FixtureRequest, desk_admin: User) -> None:
    ana = make_speaker()
    row = add_external_id(ana, actor=desk_admin, value="Q42")
    with pytest.raises(NotAllowed):
        add_external_id(ana, actor=request.getfixturevalue(role), value="Q43")
    with pytest.raises(NotAllowed):
        remove_external_id(row, actor=request.getfixturevalue(role))


LIKELY = [
    pytest.param("Ann Carr", "Ann B. Carr", "but for a middle name", id="a middle initial more"),
    pytest.param("Ann Bea Carr", "Ann B. Carr", "but for a middle name", id="an initial for a middle name"),
    pytest.param("Ann D. Carr", "Ann B. Carr", "", id="but not another initial"),
    pytest.param("Ann Dora Carr", "Ann Bea Carr", "", id="nor another middle name"),
    pytest.param("Muhamad Osei", "Mohammed Osei", "", id="nor where too many letters differ"),
    pytest.param("Muhamed Osei", "Mohamed Osei", "a close spelling", id="one vowel"),
    pytest.param("Katharina Brandt", "Catarina Brandt", "a close spelling", id="two letters"),
    pytest.param("Ann Carr", "Ann Marr", "", id="but not another consonant"),
    pytest.param("Carr", "Ann Carr", "", id="a single word is nobody"),
    pytest.param("Ann Carr", "ANN CÁRR", "the same name", id="the same name, case and accents aside"),
]


@pytest.mark.parametrize(("name", "other", "reason"), LIKELY)
def test_who_may_be_the_same_by_name(name: str, other: str, reason: str) -> None:
    speaker, possible = make_speaker(name), make_speaker(other)
    make_speaker("Tomas Vell")
    found = possible_duplicates(speaker)
    assert [one.speaker for one in found] == ([possible] if reason else [])
    assert all(reason in one.reasons[0] and other in one.reasons[0] for one in found)


def test_an_alias_counts_as_a_name_does_and_reasons_add_up(desk_admin: User) -> None:
    speaker, other = make_speaker("Ann Carr"), make_speaker("The Miller of Halm", "Ann B. Carr")
    for one in (speaker, other):
        add_external_id(one, actor=desk_admin, value="Q42")
    (found,) = possible_duplicates(speaker)
    assert found.speaker == other
    assert found.reasons == ("the same external id: Q42", "the same but for a middle name: Ann B. Carr")


def test_those_merged_split_or_of_another_kind_are_not_offered(desk_admin: User) -> None:
    speaker = make_speaker("Ann Carr", "Ann B. Carr")
    merge_speakers(make_speaker("Ann C. Carr"), into=make_speaker("Tomas Vell"), actor=desk_admin, reason="the same")
    make_speaker("Ann Carr", kind="organisation")
    split_speaker(speaker, aliases=[speaker.aliases.get(name="Ann B. Carr")], actor=desk_admin, reason="Two women.")
    assert [one.speaker.name for one in possible_duplicates(speaker)] == ["Tomas Vell"]
    assert Speaker.objects.count() == 5


def test_it_costs_the_same_whoever_is_there(django_assert_num_queries: object) -> None:
    speaker = make_speaker("Ann Carr", "Ann B. Carr")
    for number in range(30):
        make_speaker(f"Ann {chr(65 + number % 26)}. Carr")
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert len(possible_duplicates(speaker)) == 10


@pytest.mark.parametrize(
    ("key", "core", "sound"),
    [
        pytest.param("ann b carr", "ann carr", "an kr", id="what stands between is left out"),
        pytest.param("mohammed khan", "mohammed khan", "mhmd kn", id="vowels and doubles are"),
        pytest.param("philip quist", "philip quist", "flp kst", id="letters of one sound are one"),
        pytest.param("carr", "", "", id="a single word has none"),
        pytest.param("李 小龙", "李 小龙", "李 小龙", id="other scripts stay"),
        pytest.param("", "", "", id="nothing"),
    ],
)
def test_the_keys_of_likeness(key: str, core: str, sound: str) -> None:
    assert (core_key(key), sound_key(key)) == (core, sound)


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("carr", "carr", 0),
        ("carr", "car", 1),
        ("carr", "kari", 2),
        ("carr", "karim", 3),
        ("carr", "c", 3),
        ("", "ab", 2),
    ],
)
def test_edits_are_counted_to_a_limit(one: str, two: str, expected: int) -> None:
    assert edits(one, two, 2) == expected
    assert edits(two, one, 2) == expected


def test_the_keys_are_written_in_bulk_too() -> None:
    speaker = make_speaker("Ann Carr")
    SpeakerAlias.objects.bulk_create([SpeakerAlias(speaker=speaker, name="Ann B. Carr", key="ann b carr")])
    assert set(SpeakerAlias.objects.values_list("core_key", "sound_key")) == {("ann carr", "an kr")}
