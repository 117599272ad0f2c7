"""Duplicates, the same words elsewhere, and verdicts used again."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from claims.errors import Conflict, InvalidValue, NotAllowed
from claims.models import Change, Claim, Duplicate, EvidenceLink
from claims.services import duplicates as desk
from claims.services.corrections import correct_content
from claims.services.evidence import add_evidence
from claims.services.takedown import take_down_text
from claims.services.verification import set_review_status
from claims.services.wording import text_key
from tests.claims.factories import make_article, make_claim, make_verdict

WORDS = "“The mill at Halm has been shut since March,” she said"


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        pytest.param("the mill at halm HAS been shut since march she said", True, id="case and punctuation"),
        pytest.param("The mill at Halm\nhas been  shut since March — she said", True, id="breaks and dashes"),
        pytest.param("The mill at Halm has been open since March, she said", False, id="but not another word"),
        pytest.param("The mill at Halm has been shut since May 3, she said", False, id="but not another date"),
    ],
)
def test_equal_words(other: str, is_same: bool) -> None:
    assert (text_key(other) == text_key(WORDS)) is is_same


@pytest.mark.parametrize("text", ["", "It was a mistake", "“No comment.” … “None.”"])
def test_few_words_stand_for_nothing(text: str) -> None:
    assert text_key(text) == ""


def test_the_same_words_in_other_articles(db: None) -> None:
    key = text_key(WORDS)
    article = make_article()
    claim = make_claim(article=article, text=WORDS, text_key=key)
    make_claim(article=article, text=WORDS, text_key=key, start=99)
    same = make_claim(text=WORDS.upper(), text_key=key)
    make_claim(text=WORDS, text_key=key, is_current=False)
    make_claim()
    assert list(desk.same_text(claim)) == [same]
    assert not desk.same_text(make_claim(text="No.")).exists()


def test_duplicates_are_marked_and_unmarked(checker: User) -> None:
    original, first, second = make_claim(), make_claim(review_status="in_review"), make_claim()
    assert desk.mark_duplicate([first, second], of=original, actor=checker, reason="The same agency copy.") == 2
    assert desk.mark_duplicate([first], of=original, actor=checker) == 0
    first.refresh_from_db()
    assert (first.review_status, first.duplicate.original) == ("duplicate", original)

    desk.unmark_duplicate(first, actor=checker, reason="Another mill.")
    first.refresh_from_db()
    assert first.review_status == "in_review"
    assert list(original.duplicates.values_list("claim", flat=True)) == [second.pk]
    with pytest.raises(Conflict, match="not marked"):
        desk.unmark_duplicate(first, actor=checker)
    changes = Change.objects.filter(claim=first).order_by("id")
    assert [(one.action, one.reason) for one in changes] == [
        ("mark_duplicate", "The same agency copy."),
        ("unmark_duplicate", "Another mill."),
    ]
    assert changes[1].after == {"duplicate_of": None, "review_status": "in_review"}


def test_a_circle_is_refused_at_any_length(checker: User) -> None:
    one, two, three = make_claim(), make_claim(), make_claim()
    desk.mark_duplicate([one], of=two, actor=checker)
    desk.mark_duplicate([two], of=three, actor=checker)
    with pytest.raises(InvalidValue, match="of itself"):
        desk.mark_duplicate([one], of=one, actor=checker)
    with pytest.raises(InvalidValue, match=f"a duplicate of claim {three.pk}"):
        desk.mark_duplicate([three], of=one, actor=checker)
    with pytest.raises(Conflict, match="undo that first"):
        desk.mark_duplicate([one], of=make_claim(), actor=checker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duplicate.objects.create(claim=three, original=three, status_before="new", marked_by=checker)


def test_a_duplicate_with_another_status_is_none_any_more(checker: User) -> None:
    original, claim = make_claim(), make_claim()
    desk.mark_duplicate([claim], of=original, actor=checker)
    set_review_status([claim], actor=checker, status="in_review")
    assert not Duplicate.objects.exists()
    assert Change.objects.filter(claim=claim).first().before["duplicate_of"] == original.pk
    set_review_status([claim], actor=checker, status="duplicate")  # of what, nobody said
    assert not Duplicate.objects.exists()


def test_a_verdict_is_used_again_as_a_draft_with_its_evidence(checker: User, reader: User) -> None:
    first, claim = make_claim(), make_claim()
    verdict = make_verdict(first, summary="It is open.")
    add_evidence(first, author=checker, url="https://stats.example/1", stance="refutes")
    draft = desk.reuse_verdict(verdict, claim=claim, author=checker)

    assert (draft.claim, draft.state, draft.author, draft.summary) == (claim, "draft", checker, "It is open.")
    assert list(EvidenceLink.objects.filter(claim=claim).values_list("stance", flat=True)) == ["refutes"]
    desk.reuse_verdict(verdict, claim=claim, author=checker)
    assert EvidenceLink.objects.filter(claim=claim).count() == 1
    with pytest.raises(Conflict, match="only a published one"):
        desk.reuse_verdict(draft, claim=make_claim(), author=checker)
    with pytest.raises(Conflict, match="about this claim"):
        desk.reuse_verdict(verdict, claim=first, author=checker)
    with pytest.raises(NotAllowed):
        desk.reuse_verdict(verdict, claim=claim, author=reader)


def test_a_reader_marks_nothing(reader: User, checker: User) -> None:
    original, claim = make_claim(), make_claim()
    with pytest.raises(NotAllowed):
        desk.mark_duplicate([claim], of=original, actor=reader)
    desk.mark_duplicate([claim], of=original, actor=checker)
    with pytest.raises(NotAllowed):
        desk.unmark_duplicate(claim, actor=reader)
    assert Claim.objects.get(pk=claim.pk).review_status == "duplicate"


def test_the_key_follows_the_words_through_correction_and_taking_down(
    claim: Claim, checker: User, desk_admin: User
) -> None:
    def keys() -> list[tuple[str, str]]:
        return [(row.text_key, text_key(row.text)) for row in claim.article.claims.all()]

    text = claim.article.text
    longer = "“The bridge will open in May,” Ana Duarte said"
    correct_content(claim, actor=checker, spans=[[text.index(longer), text.index(longer) + len(longer)]])
    assert Claim.objects.get(pk=claim.pk).text_key == text_key(longer) != ""
    assert all(stored == due for stored, due in keys())
    take_down_text(claim.article, actor=desk_admin, code="legal_order", reason="Ordered.", keep_quotes=False)
    assert all(stored == due == "" for stored, due in keys())
