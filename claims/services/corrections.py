"""What editors correct in what the engine found: words, speakers, kind and act; claims it missed and such as are none.

The columns of a claim take the editor's value at once, so every list and filter sees it; the engine's own value goes to
`Claim.engine_values` and a newer engine renews it there (`claims.services.reextraction`). Each correction is a row that
stands until it is undone; the newest one that stands is what counts, and without one the engine counts again. All of it
happens under the lock of the article, which re-extraction takes too. Do not set these columns anywhere else.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from claims.errors import Conflict
from claims.models import ArticleReview, Claim, Correction
from claims.services.corrected_values import FIELDS, columns_of, kind_of
from claims.services.correction_rows import (
    PERMISSION,
    Field,
    is_published,
    lock_claim,
    need_text,
    put_correction,
    put_speakers,
    record_correction,
    require_reason_if_published,
    restore_value,
    standing_corrections,
)
from claims.services.history import choice, record_change, require
from claims.services.spans import tidy_spans
from claims.services.speaker_choices import SpeakerChoice, speaker_value
from claims.services.verification import set_review_status
from sources.models import Article

Spans = Sequence[Sequence[int]]


@transaction.atomic
def correct_claim(
    claim: Claim,
    *,
    actor: Any,
    content: Spans | None = None,
    cue: Spans | None = None,
    mention: Spans | None = None,
    speakers: Sequence[SpeakerChoice] | None = None,
    kind: str | None = None,
    act: str | None = None,
    reason: str = "",
    seen: str = "",
) -> list[Correction]:
    """Corrects several fields at once, all or none; None leaves a field as it is, an empty list empties it.

    Args:
        claim: The claim.
        actor: Who corrects.
        content: What was said, as stretches of the article's text in code points, end exclusive. They are moved to
            whole words. The kind follows them, unless an editor set it.
        cue: The attributing words; may be empty.
        mention: The words that name the speaker there; may be empty.
        speakers: Who says it; none at all means that the text names no source.
        kind: `direct`, `mixed` or `indirect`.
        act: `statement`, `attitude`, `question`, `refusal` or `topic`.
        reason: Why; needed where a published verdict rests on the words or the speaker.
        seen: `correction_version` of what the editor saw; empty skips the question.

    Returns:
        One row for each field whose value changed.

    Raises:
        NotAllowed: the actor may not correct claims.
        InvalidValue: a value that cannot be, or a reason that lacks.
        Conflict: somebody corrected it meanwhile, another claim has these words, or the text was taken down.
    """
    claim = lock_claim(claim, actor, seen)
    values: dict[str, Any] = {}
    text = claim.article.text
    if mention is not None:  # before the speakers, who take their words from it
        values[Field.MENTION] = _pairs(tidy_spans(text, mention, "mention", may_be_empty=True))
    if content is not None:
        spans = tidy_spans(text, content, "content")
        values[Field.SPAN] = {"spans": _pairs(spans), "kind": kind_of(claim.article, spans)}
    if cue is not None:
        values[Field.CUE] = _pairs(tidy_spans(text, cue, "cue", may_be_empty=True))
    if kind is not None:
        values[Field.KIND] = choice(kind, Claim.Kind, "kind")
    if act is not None:
        values[Field.ACT] = choice(act, Claim.Act, "act")
    made = [put_correction(claim, field, value, actor, reason) for field, value in values.items()]
    if speakers is None and made and Field.MENTION in values:
        speakers = _renamed_source(claim)
    if speakers is not None:
        made.append(put_correction(claim, Field.SPEAKER, speaker_value(claim, speakers), actor, reason))
    return [one for one in made if one]


def correct_content(claim: Claim, *, actor: Any, spans: Spans, reason: str = "", seen: str = "") -> Correction | None:
    """Changes what was said; see `correct_claim`. None where it is that already."""
    return _first(correct_claim(claim, actor=actor, content=spans, reason=reason, seen=seen))


def correct_cue(claim: Claim, *, actor: Any, spans: Spans, reason: str = "", seen: str = "") -> Correction | None:
    """Changes the attributing words; see `correct_claim`."""
    return _first(correct_claim(claim, actor=actor, cue=spans, reason=reason, seen=seen))


def correct_mention(claim: Claim, *, actor: Any, spans: Spans, reason: str = "", seen: str = "") -> Correction | None:
    """Changes the words that name the speaker; see `correct_claim`."""
    return _first(correct_claim(claim, actor=actor, mention=spans, reason=reason, seen=seen))


def correct_speakers(
    claim: Claim, *, actor: Any, speakers: Sequence[SpeakerChoice], reason: str = "", seen: str = ""
) -> Correction | None:
    """Changes who says it; several are a joint statement, none says that the text names no source."""
    return _first(correct_claim(claim, actor=actor, speakers=speakers, reason=reason, seen=seen))


def correct_kind(claim: Claim, *, actor: Any, kind: str, reason: str = "", seen: str = "") -> Correction | None:
    """Changes the kind; see `correct_claim`."""
    return _first(correct_claim(claim, actor=actor, kind=kind, reason=reason, seen=seen))


def correct_act(claim: Claim, *, actor: Any, act: str, reason: str = "", seen: str = "") -> Correction | None:
    """Changes the act; see `correct_claim`."""
    return _first(correct_claim(claim, actor=actor, act=act, reason=reason, seen=seen))


@transaction.atomic
def reject_claim(claim: Claim, *, actor: Any, reason: str = "", seen: str = "") -> Correction | None:
    """Says that this is no claim: its review status becomes `not_a_claim`. None where it is that already.

    Raises:
        NotAllowed: the actor may not correct or not review claims.
        Conflict: a verdict on it is published, or somebody corrected it meanwhile.
    """
    claim = lock_claim(claim, actor, seen)
    if is_published(claim):
        raise Conflict("A published verdict rests on this claim: withdraw the verdict first.")
    before = claim.review_status
    if before == Claim.ReviewStatus.NOT_A_CLAIM:
        return None
    set_review_status([claim], actor=actor, status=Claim.ReviewStatus.NOT_A_CLAIM, reason=reason.strip())
    after = {"review_status": str(Claim.ReviewStatus.NOT_A_CLAIM)}
    return record_correction(claim, Field.REJECTED, {"review_status": before}, after, actor, reason)


@transaction.atomic
def accept_claim(claim: Claim, *, actor: Any, reason: str = "", seen: str = "") -> Correction | None:
    """Says that the claim is right as it stands; one that was rejected goes back into review.

    None where it was accepted and nothing changed since.

    Raises:
        NotAllowed: the actor may not correct claims.
        Conflict: somebody corrected it meanwhile.
    """
    claim = lock_claim(claim, actor, seen)
    before = claim.review_status
    newest = standing_corrections(claim).first()
    if before != Claim.ReviewStatus.NOT_A_CLAIM and newest and newest.field == Field.ACCEPTED:
        return None
    if before == Claim.ReviewStatus.NOT_A_CLAIM:
        set_review_status([claim], actor=actor, status=Claim.ReviewStatus.IN_REVIEW, reason=reason.strip())
        claim.review_status = Claim.ReviewStatus.IN_REVIEW
    after = {"review_status": str(claim.review_status)}
    return record_correction(claim, Field.ACCEPTED, {"review_status": before}, after, actor, reason)


@transaction.atomic
def add_missed_claim(
    article: Article,
    *,
    actor: Any,
    content: Spans,
    cue: Spans = (),
    mention: Spans = (),
    speakers: Sequence[SpeakerChoice] = (),
    kind: str = "",
    act: str = Claim.Act.STATEMENT,
    reason: str = "",
) -> Claim:
    """Adds a claim that the engine missed; arguments as in `correct_claim`, an empty kind follows the words.

    A claim of these very words that no engine finds any more is taken up again under its id.

    Raises:
        NotAllowed: the actor may not correct claims.
        InvalidValue: a value that cannot be.
        Conflict: the article has a claim of these very words, or its text was taken down.
    """
    require(actor, PERMISSION)
    article = Article.objects.select_for_update().get(pk=article.pk)
    need_text(article)
    spans = tidy_spans(article.text, content, "content")
    kind = choice(kind, Claim.Kind, "kind") if kind else kind_of(article, spans)
    values: dict[str, Any] = {
        Field.SPAN: {"spans": _pairs(spans), "kind": kind},
        Field.CUE: _pairs(tidy_spans(article.text, cue, "cue", may_be_empty=True)),
        Field.MENTION: _pairs(tidy_spans(article.text, mention, "mention", may_be_empty=True)),
        Field.KIND: kind,
        Field.ACT: choice(act, Claim.Act, "act"),
    }
    columns = {name: one for field, value in values.items() for name, one in columns_of(article, field, value).items()}
    other = article.claims.filter(depth=0, span_key=columns["span_key"]).first()
    if other and other.is_current:
        advice = "accept it" if other.review_status == Claim.ReviewStatus.NOT_A_CLAIM else "correct that one"
        raise Conflict(f"Claim {other.pk} has these very words already: {advice}.", field="content")
    claim = other or Claim(article=article, said_on=article.published_on)
    for name, one in columns.items():
        setattr(claim, name, one)
    values[Field.SPEAKER] = speaker_value(claim, speakers)
    claim.confidence, claim.is_current, claim.alignment = 1.0, True, Claim.Alignment.ADDED
    claim.review_status = Claim.ReviewStatus.NEW
    claim.engine_values = {str(field): None for field in FIELDS}
    claim.speaker_status = values[Field.SPEAKER]["status"]
    claim.save()
    put_speakers(claim, values[Field.SPEAKER])
    record_correction(claim, Field.ADDED, {}, {str(field): value for field, value in values.items()}, actor, reason)
    return claim


@transaction.atomic
def undo_correction(claim: Claim, *, actor: Any, reason: str = "", seen: str = "") -> Correction:
    """Takes the newest correction that stands back: what stood before it counts again, or else the engine.

    A claim that an editor added leaves the lists.

    Returns:
        The row that says so.

    Raises:
        NotAllowed: the actor may not correct claims.
        Conflict: nothing is to be undone, somebody corrected it meanwhile, others worked on a claim that was added, or
            another claim has taken the place of its words.
    """
    claim = lock_claim(claim, actor, seen)
    newest = standing_corrections(claim).first()
    if newest is None:
        raise Conflict("No correction of this claim stands: there is nothing to undo.")
    require_reason_if_published(claim, newest.field, reason)
    newest.is_undone = True
    newest.save(update_fields=["is_undone"])
    if newest.field == Field.ADDED:
        _withdraw_added(claim)
    elif newest.field in (Field.REJECTED, Field.ACCEPTED):
        _restore_status(claim, newest, actor, reason)
    else:
        restore_value(claim, newest.field)
    return record_correction(claim, Field.UNDONE, newest.after, newest.before, actor, reason, undoes=newest)


@transaction.atomic
def finish_article(article: Article, *, actor: Any) -> ArticleReview:
    """Signs that every claim of an article was decided and that none is missing; signed once, it stays as it is.

    Raises:
        NotAllowed: the actor may not correct claims.
        Conflict: claims of it wait for a decision.
    """
    require(actor, PERMISSION)
    article = Article.objects.select_for_update().get(pk=article.pk)
    waiting = Claim.objects.current().filter(article=article, depth=0).undecided().count()
    if waiting:
        noun = "claim waits" if waiting == 1 else "claims wait"
        raise Conflict(f"{waiting} {noun} for a decision: accept, correct or reject each first.")
    review, is_new = ArticleReview.objects.get_or_create(article=article, defaults={"reviewer": actor})
    if is_new:
        record_change(article, "finish_article", actor=actor, after={"reviewed_to_the_end": True})
    return review


@transaction.atomic
def reopen_article(article: Article, *, actor: Any, reason: str = "") -> None:
    """Takes that signature back.

    Raises:
        NotAllowed: the actor may not correct claims.
        Conflict: nobody has signed.
    """
    require(actor, PERMISSION)
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not ArticleReview.objects.filter(article=article).delete()[0]:
        raise Conflict("This article is not marked as reviewed to the end.")
    record_change(article, "reopen_article", actor=actor, after={"reviewed_to_the_end": False}, reason=reason.strip())


def _renamed_source(claim: Claim) -> list[SpeakerChoice] | None:
    """A source without a name is called what the text calls it, so its words follow the mention."""
    links = list(claim.links.all())
    if claim.speaker_status != Claim.SpeakerStatus.UNNAMED or len(links) != 1 or not claim.mention_text:
        return None
    return [SpeakerChoice(words=claim.mention_text)]


def _restore_status(claim: Claim, correction: Correction, actor: Any, reason: str) -> None:
    """Only where the status is still what the correction made it: a later one was somebody's decision."""
    before, after = (values["review_status"] for values in (correction.before, correction.after))
    if claim.review_status == after != before:
        set_review_status([claim], actor=actor, status=before, reason=reason.strip())


def _withdraw_added(claim: Claim) -> None:
    if Claim.objects.touched().filter(pk=claim.pk).exists():
        raise Conflict("Others have worked on this claim: reject it instead of undoing that it was added.")
    if claim.alignment != Claim.Alignment.ADDED:
        raise Conflict("An engine finds this claim by now: reject it instead of undoing that it was added.")
    claim.is_current, claim.engine_values = False, None  # should an engine find it one day, the engine's values count
    claim.save(update_fields=["is_current", "engine_values", "modified_at"])


def _pairs(spans: Sequence[Sequence[int]]) -> list[list[int]]:
    return [list(span) for span in spans]


def _first(made: Sequence[Correction]) -> Correction | None:
    return made[0] if made else None
