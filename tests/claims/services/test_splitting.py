"""Splitting a wrong name off: who gets what, what the next article makes of it, and the way back."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core import serializers

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import (
    BarredName,
    Change,
    Claim,
    ClaimSpeaker,
    Speaker,
    SpeakerAlias,
    SpeakerExternalId,
    SpeakerRole,
    SpeakerSplit,
)
from claims.services.external_ids import add_external_id
from claims.services.merging import merge_speakers, undo_merge
from claims.services.reextraction import reextract_article
from claims.services.splitting import split_speaker, undo_split
from tests.claims.services.conftest import store
from tests.claims.services.extractions import OPENING, RAIN, TOLLS, CannedEngine, claim, person

pytestmark = pytest.mark.django_db

WHY = "The mayor and her cousin."
SHORT = person("Ana Maria Duarte", aliases=("Ana Duarte", "Duarte"))


def dump(*but: type) -> str:
    """All rows that a split may touch, ledgers aside."""
    models = [Speaker, SpeakerAlias, SpeakerRole, SpeakerExternalId, BarredName, Claim, ClaimSpeaker]
    rows = [row for model in models if model not in but for row in model.objects.order_by("pk")]
    return serializers.serialize("json", rows, indent=1)


def meet(name: str, source: str, *aliases: str) -> ClaimSpeaker:
    """An article in which somebody of that name speaks."""
    return (
        store(CannedEngine("1.0", claim(OPENING, person(name, aliases=aliases))), source=source)
        .claims.get()
        .links.get()
    )


@pytest.fixture
def ana(db: None) -> Speaker:
    """Ana Duarte, to whom the articles of two outlets have joined Ana Maria Duarte, her cousin."""
    store(CannedEngine("1.0", claim(OPENING, person("Ana Duarte", aliases=("Duarte",)))), source="Valley Post")
    store(CannedEngine("1.0", claim(OPENING, SHORT), claim(RAIN, SHORT)), source="Hill Gazette")
    return Speaker.objects.get()


def alias(speaker: Speaker, name: str) -> SpeakerAlias:
    return speaker.aliases.get(name=name)


def test_a_name_goes_with_the_claims_that_came_through_it(ana: Speaker, desk_admin: User) -> None:
    split = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], actor=desk_admin, reason=WHY)

    cousin = split.into
    assert (cousin.name, cousin.slug, cousin.kind, split.made_new) == (
        "Ana Maria Duarte",
        "ana-maria-duarte",
        "person",
        True,
    )
    assert [one.name for one in cousin.aliases.all()] == ["Ana Maria Duarte"]
    assert set(cousin.links.values_list("claim__text", flat=True)) == {OPENING, RAIN}
    assert {one.name for one in ana.aliases.all()} == {"Ana Duarte", "Duarte"}
    assert ana.links.count() == 1
    change = Change.objects.get(action="split_speaker")
    assert (change.actor, change.reason, change.object_id) == (desk_admin, WHY, ana.pk)
    assert change.after == {"names": ["Ana Maria Duarte"], "split_off_to": cousin.pk, "claims": 2}


def test_the_next_article_does_not_join_them_again(ana: Speaker, desk_admin: User) -> None:
    cousin = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], actor=desk_admin, reason=WHY).into

    assert meet("Ana Maria Duarte", "Coast Times").speaker == cousin
    assert meet("Ana Duarte", "River News").speaker == ana
    # Articles that use both names for one person teach neither the name of the other.
    assert meet("Ana Duarte", "Lake Mail", "Ana Maria Duarte").speaker == ana
    assert meet("Ana Maria Duarte", "Port Echo", "Ana Duarte").speaker == cousin
    assert not ana.aliases.filter(key="ana maria duarte").exists()
    assert not cousin.aliases.filter(key="ana duarte").exists()


def test_two_of_one_name_share_it_and_the_next_article_is_ambiguous(ana: Speaker, desk_admin: User) -> None:
    other = store(CannedEngine("1.0", claim(TOLLS, person("Ana Duarte"))), source="Coast Times").claims.get()
    hers = ana.links.filter(key="ana duarte").exclude(claim=other).values_list("claim", flat=True)

    split = split_speaker(ana, aliases=[alias(ana, "Ana Duarte")], actor=desk_admin, reason=WHY, leave=list(hers))

    assert list(split.into.links.values_list("claim", flat=True)) == [other.pk]
    assert [one.is_identifying for one in SpeakerAlias.objects.filter(key="ana duarte")] == [False, False]
    link = meet("Ana Duarte", "River News")
    assert (link.speaker, link.claim.speaker_status) == (None, "ambiguous")
    assert {one["speaker"] for one in link.candidates} == {ana.pk, split.into_id}


def test_a_newer_engine_keeps_the_two_of_one_name_apart(ana: Speaker, desk_admin: User) -> None:
    engine = CannedEngine("1.0", claim(TOLLS, person("Ana Duarte")))
    article = store(engine, source="Coast Times")
    hers = ana.links.filter(key="ana duarte").exclude(claim__article=article).values_list("claim", flat=True)
    split = split_speaker(ana, aliases=[alias(ana, "Ana Duarte")], actor=desk_admin, reason=WHY, leave=list(hers))

    for number, (pk, expected) in enumerate(
        [(article.pk, split.into), (Claim.objects.get(pk=hers[0]).article_id, ana)]
    ):
        quote = TOLLS if number == 0 else OPENING
        again = CannedEngine("2.0", claim(quote, person("Ana Duarte")), claim(RAIN, person("Ana Duarte")))
        reextract_article(pk, engine=again)
        kept, new = (Claim.objects.get(article=pk, text=text) for text in (quote, RAIN))
        assert (kept.links.get().speaker, kept.speaker_status, kept.alignment) == (expected, "resolved", "kept")
        assert (new.links.get().speaker, new.speaker_status) == (None, "ambiguous")  # nobody has decided on that one


def test_a_name_may_go_to_a_speaker_who_is_there(ana: Speaker, desk_admin: User) -> None:
    link = meet("Maria Duarte", "Coast Times")
    cousin = link.speaker
    assert cousin is not None
    split = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], into=cousin, actor=desk_admin, reason=WHY)

    assert not split.made_new
    assert {one.name for one in cousin.aliases.all()} == {"Maria Duarte", "Ana Maria Duarte"}
    assert cousin.links.count() == 3
    assert Change.objects.get(action="receive_split").after["split_off_from"] == ana.pk


@pytest.mark.parametrize(
    "has_other", [pytest.param(False, id="to a new speaker"), pytest.param(True, id="to one there")]
)
def test_after_undo_the_rows_are_the_same(has_other: bool, ana: Speaker, desk_admin: User) -> None:
    cousin = meet("Maria Duarte", "Coast Times", "Ana Maria Duarte").speaker if has_other else None
    SpeakerRole.objects.create(speaker=ana, article=Claim.objects.last().article, text="mayor", key="ana maria duarte")
    before, slugs = dump(), set(Speaker.objects.values_list("slug", flat=True))

    split = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], into=cousin, actor=desk_admin, reason=WHY)
    assert dump() != before
    undo_split(split, actor=desk_admin, reason="One woman after all.")

    if not has_other:  # the row that the split had made stays and answers with the one it came from
        split.into.refresh_from_db()
        assert split.into.merged_into == ana
        split.into.merged_by.all().delete()
        split.delete()
        Speaker.objects.exclude(slug__in=slugs).delete()
    assert dump() == before


def test_what_came_since_goes_back_too(ana: Speaker, desk_admin: User) -> None:
    split = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], actor=desk_admin, reason=WHY)
    later = meet("Ana Maria Duarte", "Coast Times")
    undo_split(split, actor=desk_admin, reason="One woman after all.")
    later.refresh_from_db()
    assert later.speaker == ana
    assert meet("Ana Maria Duarte", "River News").speaker == ana


def test_descriptions_go_with_their_claims(ana: Speaker, desk_admin: User) -> None:
    roles = {
        name: SpeakerRole.objects.create(
            speaker=ana, article=ana.links.filter(key=key).first().claim.article, text=name, key=key
        )
        for name, key in (("mayor", "ana duarte"), ("cousin of the mayor", "ana maria duarte"))
    }
    split = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], actor=desk_admin, reason=WHY)
    assert list(ana.roles.all()) == [roles["mayor"]]
    assert list(split.into.roles.all()) == [roles["cousin of the mayor"]]


def test_what_cannot_be_split_is_refused_and_nothing_changes(ana: Speaker, desk_admin: User) -> None:
    long, other = alias(ana, "Ana Maria Duarte"), meet("Bela Kos", "Coast Times").speaker
    assert other is not None
    before = dump()
    refused = [
        ({"aliases": []}, InvalidValue, "Choose one or more names"),
        ({"aliases": [other.aliases.get()]}, InvalidValue, "Choose one or more names of Ana Duarte"),
        ({"aliases": [long], "reason": " "}, InvalidValue, "reason"),
        ({"aliases": [long], "into": ana}, InvalidValue, "same speaker"),
        ({"aliases": list(ana.aliases.all())}, Conflict, "no name left"),
    ]
    for values, error, message in refused:
        with pytest.raises(error, match=message):
            split_speaker(ana, **{"actor": desk_admin, "reason": WHY, **values})
    merge_speakers(other, into=ana, actor=desk_admin, reason=WHY)
    with pytest.raises(Conflict, match="is merged into"):
        split_speaker(ana, aliases=[long], into=other, actor=desk_admin, reason=WHY)
    undo_merge(other.merged_by.get(), actor=desk_admin, reason=WHY)
    assert dump() == before
    assert not SpeakerSplit.objects.exists()


def test_only_the_newest_split_is_undone_and_only_once(ana: Speaker, desk_admin: User) -> None:
    meet("A. M. Duarte", "Coast Times", "Ana Maria Duarte")
    first = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], actor=desk_admin, reason=WHY)
    second = split_speaker(ana, aliases=[alias(ana, "Duarte")], into=first.into, actor=desk_admin, reason=WHY)
    with pytest.raises(Conflict, match="newer split"):
        undo_split(first, actor=desk_admin, reason=WHY)
    undo_split(second, actor=desk_admin, reason=WHY)
    with pytest.raises(Conflict, match="undone already"):
        undo_split(second, actor=desk_admin, reason=WHY)
    undo_split(first, actor=desk_admin, reason=WHY)


@pytest.mark.parametrize("role", ["reader", "checker", "reviewer"])
def test_only_a_desk_admin_splits_and_undoes(
    role: str, ana: Speaker, desk_admin: User, request: pytest.FixtureRequest
) -> None:
    actor, long = request.getfixturevalue(role), alias(ana, "Ana Maria Duarte")
    with pytest.raises(NotAllowed, match="merge speaker"):
        split_speaker(ana, aliases=[long], actor=actor, reason=WHY)
    split = split_speaker(ana, aliases=[long], actor=desk_admin, reason=WHY)
    with pytest.raises(NotAllowed, match="merge speaker"):
        undo_split(split, actor=actor, reason=WHY)


def test_a_merge_takes_descriptions_ids_and_barred_names_along_and_undo_brings_them_back(
    ana: Speaker, desk_admin: User
) -> None:
    cousin = split_speaker(ana, aliases=[alias(ana, "Ana Maria Duarte")], actor=desk_admin, reason=WHY).into
    third = meet("Amy Duarte", "Coast Times").speaker
    assert third is not None
    for speaker in (cousin, third):
        add_external_id(speaker, actor=desk_admin, value="Q1001")
        values = {"article": Claim.objects.first().article, "text": "cousin", "said_on": date(2026, 3, 1)}
        SpeakerRole.objects.create(speaker=speaker, **values)
    before = dump()

    merge = merge_speakers(cousin, into=third, actor=desk_admin, reason="Amy is what they call her.")
    assert [one.value for one in third.external_ids.all()] == ["Q1001"]
    assert [one.text for one in third.roles.all()] == ["cousin"]
    assert third.barred_names.filter(key="ana duarte").exists()
    undo_merge(merge, actor=desk_admin, reason="Three cousins.")

    assert dump() == before
