"""Merge and undo: the survivor takes all, and undo puts the same rows back."""

import pytest
from django.contrib.auth.models import User
from django.core import serializers

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, ClaimSpeaker, Speaker, SpeakerAlias
from claims.services.merging import merge_speakers, undo_merge
from claims.services.speakers import known_speakers
from sources.models import Article
from tests.claims.services.conftest import store
from tests.claims.services.extractions import BELA, OPENING, CannedEngine, claim, person

pytestmark = pytest.mark.django_db

WHY = "The same person."


@pytest.fixture
def ana(article: Article) -> Speaker:
    return Speaker.objects.get(slug="ana-duarte")


@pytest.fixture
def bela(article: Article) -> Speaker:
    return Speaker.objects.get(slug="bela-kos")


def dump() -> str:
    """All rows that a merge may touch, ledger aside, timestamps included."""
    rows = [*Speaker.objects.order_by("pk"), *SpeakerAlias.objects.order_by("pk")]
    rows += [*Claim.objects.order_by("pk"), *ClaimSpeaker.objects.order_by("pk")]
    return serializers.serialize("json", rows, indent=1)


def test_the_survivor_takes_claims_and_aliases_and_a_joint_claim_counts_once(
    ana: Speaker, bela: Speaker, desk_admin: User
) -> None:
    before = Claim.objects.by_speakers([ana.pk, bela.pk]).count()

    merge_speakers(bela, into=ana, actor=desk_admin, reason=WHY)

    assert Claim.objects.by_speakers([ana.pk]).count() == before
    assert not bela.links.exists()
    assert [known.id for known in known_speakers(["bela kos"])["bela kos"]] == [ana.pk]
    bela.refresh_from_db()
    assert bela.merged_into == ana
    assert Change.objects.get(action="merge_speakers").reason == WHY


def test_after_undo_the_dumps_are_equal(ana: Speaker, bela: Speaker, desk_admin: User) -> None:
    SpeakerAlias.objects.create(speaker=ana, name="Bela Kos", key="bela kos", origin="editor")
    before = dump()

    merge = merge_speakers(bela, into=ana, actor=desk_admin, reason=WHY)
    assert dump() != before
    assert SpeakerAlias.objects.get(speaker=ana, key="bela kos").is_identifying
    undo_merge(merge, actor=desk_admin, reason="Two people after all.")

    assert dump() == before


def test_claims_stored_between_merge_and_undo_go_back_with_their_name(
    ana: Speaker, bela: Speaker, desk_admin: User
) -> None:
    merge = merge_speakers(bela, into=ana, actor=desk_admin, reason=WHY)
    later = store(CannedEngine("1.0", claim(OPENING, BELA)), source="Hill Gazette").claims.get()
    assert later.links.get().speaker == ana

    undo_merge(merge, actor=desk_admin, reason="Two people after all.")

    assert later.links.get().speaker == bela


def test_a_chain_of_merges_is_undone_newest_first(ana: Speaker, bela: Speaker, desk_admin: User) -> None:
    store(CannedEngine("1.0", claim(OPENING, person("Cy Ode"))), source="Hill Gazette")
    cy = Speaker.objects.get(slug="cy-ode")
    before = dump()
    first = merge_speakers(bela, into=ana, actor=desk_admin, reason=WHY)
    second = merge_speakers(ana, into=cy, actor=desk_admin, reason=WHY)

    with pytest.raises(Conflict, match="undo that merge first"):
        undo_merge(first, actor=desk_admin, reason=WHY)
    undo_merge(second, actor=desk_admin, reason=WHY)
    undo_merge(first, actor=desk_admin, reason=WHY)

    assert dump() == before


def test_what_cannot_be_merged_is_refused_and_nothing_changes(ana: Speaker, bela: Speaker, desk_admin: User) -> None:
    before = dump()

    with pytest.raises(InvalidValue, match="into itself"):
        merge_speakers(ana, into=ana, actor=desk_admin, reason=WHY)
    with pytest.raises(InvalidValue, match="reason"):
        merge_speakers(bela, into=ana, actor=desk_admin, reason="  ")
    assert dump() == before

    merge = merge_speakers(bela, into=ana, actor=desk_admin, reason=WHY)
    with pytest.raises(Conflict, match="merged into speaker"):
        merge_speakers(bela, into=ana, actor=desk_admin, reason=WHY)
    undo_merge(merge, actor=desk_admin, reason=WHY)
    with pytest.raises(Conflict, match="undone already"):
        undo_merge(merge, actor=desk_admin, reason=WHY)


@pytest.mark.parametrize("role", ["reader", "checker", "reviewer"])
def test_only_a_desk_admin_merges(role: str, ana: Speaker, bela: Speaker, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed, match="merge speaker"):
        merge_speakers(bela, into=ana, actor=request.getfixturevalue(role), reason=WHY)
