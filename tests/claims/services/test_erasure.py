"""A person's data are erased: a dump has nothing of it, offsets stay true, and the next article withholds it."""

from typing import Any

import pytest

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, ClaimSpeaker, ErasedName, Erasure, Speaker, SpeakerAlias, SpeakerMerge
from claims.services.erasure import erase_person, plan_erasure
from claims.services.history import record_change
from claims.services.masking import WITHHELD
from claims.services.merging import merge_speakers
from claims.services.reextraction import reextract_article
from claims.services.sweep import OPAQUE, models_with_bytes
from claims.services.verification import add_note
from sources.models import Article
from tests.claims.factories import make_claim, make_external_review, make_speaker, make_user, make_verdict
from tests.claims.services.conftest import store
from tests.claims.services.dumps import dump
from tests.claims.services.extractions import ANA, BELA, OPENING, TEXT, CannedEngine, claim, joint, person

pytestmark = pytest.mark.django_db
REASON = "She asked for it in a letter of 3 March."
LATER = "“Tolls are theft,” Ana Duarte said. Bela Kos said that tolls would rise."


def erase(speaker: Speaker, **values: Any) -> Erasure:
    given = {"reason": REASON, "keep_quotes": True, **values}
    given.setdefault("actor", make_user("desk admin"))
    return erase_person(speaker, **given)


def spans_are_true() -> bool:
    """Whether every quote stands where its span says."""
    return all(
        one.article.text[span["start"] : span["end"]] == span["quote"]
        for one in Claim.objects.select_related("article")
        for span in (*one.spans, *one.cue_spans, *one.mention_spans)
    )


@pytest.fixture
def ana(article: Article) -> Speaker:
    """A speaker with everything that the desk may know of one."""
    Article.objects.filter(pk=article.pk).update(
        headline="Duarte opens the bridge", byline="Jo Lund", url="https://post.example/ana-duarte-opens"
    )
    ana = Speaker.objects.get(name="Ana Duarte")
    other = make_speaker("Anna Duarte-Silva")
    merge_speakers(other, into=ana, actor=make_user("desk admin"), reason="Ana Duarte under her full name")
    opening = article.claims.get(text=OPENING)
    add_note(opening, author=make_user("fact-checker"), text="Called ANA  DUARTE, she confirms.")
    make_verdict(opening, summary="Ana Duarte is right.")
    before, after = {"speakers": ["Ana Duarte"], "text": OPENING}, {"speakers": ["Duarte"]}
    record_change(opening, "reextract", actor=None, before=before, after=after, claim_id=opening.pk)
    make_external_review(claimant="Ana Duarte", claim="The bridge will open.", url="https://x.example/ana-duarte")
    store(CannedEngine("1.0", claim("tolls rise", BELA, text=NAMING)), NAMING, source="The Kestrel")
    return ana


NAMING = "Bela Kos said tolls rise because of Ána Duarte."


@pytest.mark.parametrize("keep_quotes", [pytest.param(True, id="quotes-kept"), pytest.param(False, id="quotes-gone")])
def test_nothing_of_her_is_left_in_the_database(ana: Speaker, article: Article, keep_quotes: bool) -> None:
    found = dump()
    assert all(form in found for form in ("Ana Duarte", "ana duarte", "ana-duarte", "ANA  DUARTE", "Ána Duarte"))

    erase(ana, keep_quotes=keep_quotes)

    left = dump()
    assert "duarte" not in left.lower()
    assert ("The bridge will open in May" in left) is keep_quotes
    assert "Bela Kos" in left
    assert spans_are_true()
    article.refresh_from_db()
    assert len(article.text) == len(TEXT)
    assert "A senior official warned of delays." in article.text


def test_claims_stay_without_their_speaker(ana: Speaker, article: Article) -> None:
    before = set(article.claims.values_list("pk", flat=True))
    erase(ana)
    assert set(article.claims.values_list("pk", flat=True)) == before
    opening = article.claims.get(text=OPENING)
    assert (opening.speaker_status, opening.links.get().words) == ("unnamed", WITHHELD)
    shared = article.claims.get(text="that tolls would rise")
    assert [link.speaker and link.speaker.name for link in shared.links.all()] == [None, "Bela Kos"]
    assert shared.speaker_status == "resolved"


def test_the_row_stays_as_a_hidden_tombstone(ana: Speaker) -> None:
    absorbed = Speaker.objects.get(merged_into=ana)
    erase(absorbed)  # either of the merged rows means the person
    for row in (ana, absorbed):
        row.refresh_from_db()
        assert (row.name, row.slug, row.is_hidden) == ("Withheld", f"withheld-{row.pk}", True)
    assert not SpeakerAlias.objects.filter(speaker__in=[ana, absorbed]).exists()
    assert not ClaimSpeaker.objects.filter(speaker__in=[ana, absorbed]).exists()
    assert not SpeakerMerge.objects.exists()


def test_it_is_recorded_with_its_reason_and_without_the_name(ana: Speaker) -> None:
    actor = make_user("desk admin")
    erasure = erase(ana, actor=actor, reason="Ana Duarte asked for it.")
    assert erasure.reason == "██████████ asked for it."
    change = Change.objects.get(action="erase_person")
    assert (change.object_id, change.actor, change.reason) == (ana.pk, actor, erasure.reason)
    assert change.after["claims"] == erasure.counts["claims"] == 4
    assert ErasedName.objects.filter(erasure=erasure).count() == 2


def test_what_it_will_do_in_numbers(ana: Speaker) -> None:
    make_speaker("Ana Duarte", slug="namesake")
    plan = plan_erasure(ana)
    assert (plan.rows, plan.claims, plan.articles, plan.named_in, plan.notes, plan.verdicts) == (2, 4, 1, 1, 1, 1)
    assert {"Ana Duarte", "Anna Duarte-Silva", "Duarte"} <= set(plan.names)
    assert [one.slug for one in plan.namesakes] == ["namesake"]


def test_a_namesake_and_another_of_the_surname_keep_their_rows(ana: Speaker) -> None:
    namesake, cousin = make_speaker("Ana Duarte", slug="namesake"), make_speaker("Rui Duarte", slug="rui-duarte")
    elsewhere = make_claim(cousin, text="Duarte roads are safe")
    erase(ana)
    for row in (namesake, cousin):
        assert Speaker.objects.get(pk=row.pk).name == row.name
        assert row.aliases.filter(name=row.name).exists()
    assert Claim.objects.get(pk=elsewhere.pk).text == "Duarte roads are safe"


def test_the_next_article_withholds_her(ana: Speaker) -> None:
    erase(ana)
    engine = CannedEngine(
        "1.0",
        claim("“Tolls are theft,”", ANA, text=LATER),
        claim("that tolls would rise", BELA, text=LATER),
    )

    article = store(engine, LATER, source="The Heron")

    article.refresh_from_db()
    assert article.text == LATER.replace("Ana Duarte", "██████████")
    stored = article.claims.get(text="“Tolls are theft,”")
    link = stored.links.get()
    assert (stored.speaker_status, link.speaker, link.words, link.name) == ("unnamed", None, WITHHELD, "")
    assert article.claims.get(text="that tolls would rise").speakers.get().name == "Bela Kos"
    assert "duarte" not in dump().lower()
    assert spans_are_true()


def test_a_newer_engine_withholds_her_too(ana: Speaker, article: Article) -> None:
    erase(ana)
    text = Article.objects.get(pk=article.pk).text
    opening = article.claims.get(text=OPENING)
    found = CannedEngine("2.0", claim(OPENING, ANA, text=text), claim("for rain", joint(ANA, BELA), text=text))
    reextract_article(article.pk, engine=found)  # type: ignore[arg-type]
    assert "duarte" not in dump().lower()
    assert article.claims.get(pk=opening.pk).links.get().speaker is None
    assert [link.speaker and link.speaker.name for link in article.claims.get(text="for rain").links.all()] == [
        None,
        "Bela Kos",
    ]


def test_others_are_stored_as_ever(ana: Speaker) -> None:
    erase(ana)
    rui = person("Rui Duarte", aliases=("Duarte",))
    text = LATER.replace("Ana", "Rui")
    article = store(CannedEngine("1.0", claim("“Tolls are theft,”", rui, text=text)), text, source="The Heron")
    assert article.claims.get().speakers.get().name == "Rui Duarte"
    assert article.text == text


def test_what_is_refused(ana: Speaker) -> None:
    with pytest.raises(NotAllowed):
        erase(ana, actor=make_user("reviewer"))
    with pytest.raises(InvalidValue, match="reason"):
        erase(ana, reason=" ")
    with pytest.raises(InvalidValue, match="organisation"):
        erase(make_speaker("Halm Council", kind="organisation"))
    erase(ana)
    with pytest.raises(Conflict):
        erase(ana)


def test_no_column_of_bytes_escapes_the_sweep() -> None:
    assert {model._meta.model_name for model in models_with_bytes()} <= OPAQUE
