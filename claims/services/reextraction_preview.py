"""What the installed engine would make of a stored article, shown before it is done.

The preview carries a fingerprint of everything the outcome rests on: the stored claims with their speakers, and whom
the new output's names would join. Applying it runs the same comparison again inside the lock and refuses where the
fingerprint differs, so that nobody applies what they did not see. The engine's output needs no place in it: the text
never changes, and one version finds the same in it every time. Do not store a preview.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claims.errors import Conflict, InvalidValue
from claims.extraction import Engine, default_engine
from claims.extraction.identity import SpeakerPlan
from claims.models import Claim, ExtractionRun
from claims.services.claim_rows import ClaimRow
from claims.services.history import record_change, require
from claims.services.reextraction import Foreseen, foresee, reextract_article, refuse_withheld
from sources.models import Article

PERMISSION = "claims.add_extractionrun"
MOST_CHARACTERS = 200_000  # 34,000 words of news, read in 4.7 s by one core; larger texts are the command's work


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one claim.

    Attributes:
        outcome: `kept`, `moved`, `re_attributed`, `vanished`, `added` (an editor's, which the engine does not find) or
            `new`.
        claim: The stored claim; None for a new one.
        before: Where its words stand now: [(start, end)].
        after: Where they would stand; empty where it vanishes.
        speakers_before: Names, or words where nobody is named.
        speakers_after: The same for the new output.
        is_touched: An editor worked on it: if it vanishes it goes to the orphans.
    """

    outcome: str
    claim: Claim | None
    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]
    speakers_before: tuple[str, ...]
    speakers_after: tuple[str, ...]
    is_touched: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do.

    Attributes:
        engine: Version of the engine.
        is_known: The engine has read this text already: there is nothing to do.
        changes: One for each claim that is in the lists, or would be, in text order.
        fingerprint: To be handed back to `apply_preview`.
    """

    engine: str
    is_known: bool
    changes: tuple[Change, ...] = ()
    fingerprint: str = ""


def preview_reextraction(article: Article, *, engine: Engine | None = None) -> Preview:
    """What `reextract_article` would do to this article.

    Raises:
        TextWithheld: the text was taken down.
        InvalidValue: the text is too long for a page; the command takes any.
    """
    engine = engine or default_engine()
    refuse_withheld(article)
    newest = article.runs.order_by("-id").values_list("engine_version", flat=True).first()
    if newest == engine.version:
        return Preview(engine.version, is_known=True)
    if len(article.text) > MOST_CHARACTERS:
        raise InvalidValue(
            f"This text has {len(article.text):,} characters, and a preview takes {MOST_CHARACTERS:,} at most: use "
            f"“manage.py reextract {article.pk}”."
        )
    foreseen = foresee(article, engine.extract(article.text, byline=article.byline))
    touched = _touched(article)
    changes = [*_stored(foreseen, touched), *_new(foreseen)]
    changes.sort(key=lambda change: (change.after or change.before or ((0, 0),))[0])
    return Preview(
        engine.version,
        is_known=False,
        changes=tuple(changes),
        fingerprint=_fingerprint(foreseen.stored, foreseen.plan, touched),
    )


def apply_preview(article: Article, *, actor: Any, fingerprint: str, engine: Engine | None = None) -> ExtractionRun:
    """Runs the engine over the article, if that does what the preview showed.

    Raises:
        NotAllowed: the actor may not run the engine again.
        Conflict: a claim, a note's claim or a speaker changed since the preview.
        TextWithheld: the text was taken down.
    """
    require(actor, PERMISSION)

    def guard(stored: Sequence[Claim], plan: SpeakerPlan) -> None:
        if _fingerprint(stored, plan, _touched(article)) != fingerprint:
            raise Conflict("Something changed since this preview was made: nothing was applied. Look at the new one.")

    run = reextract_article(article.pk, engine=engine, guard=guard)
    after = {"article": article.pk, "engine_version": run.engine_version}
    record_change(run, "apply_preview", actor=actor, after=after)
    return run


def _touched(article: Article) -> set[int]:
    return set(article.claims.touched().values_list("pk", flat=True))


def _stored(foreseen: Foreseen, touched: set[int]) -> list[Change]:
    changes = []
    for claim in foreseen.stored:
        outcome = foreseen.alignments[claim.pk]
        row = foreseen.rows[foreseen.partners[claim.pk]] if claim.pk in foreseen.partners else None
        if not claim.is_current and row is None:
            continue  # gone since an earlier run
        before = tuple(link.name or link.words for link in claim.links.all())
        changes.append(
            Change(
                outcome=outcome,
                claim=claim,
                before=tuple((span["start"], span["end"]) for span in claim.spans),
                after=_places(row),
                speakers_before=before,
                speakers_after=_speakers(row),
                is_touched=claim.pk in touched,
            )
        )
    return changes


def _new(foreseen: Foreseen) -> list[Change]:
    taken = set(foreseen.partners.values()) | set(foreseen.joined)
    return [
        Change("new", None, (), _places(row), (), _speakers(row))
        for position, row in enumerate(foreseen.rows)
        if position not in taken
    ]


def _places(row: ClaimRow | None) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in row.content) if row else ()


def _speakers(row: ClaimRow | None) -> tuple[str, ...]:
    return tuple(link["name"] or link["words"] for link in row.links) if row else ()


def _fingerprint(stored: Sequence[Claim], plan: SpeakerPlan, touched: set[int]) -> str:
    rows = sorted(
        (
            claim.pk,
            claim.modified_at.isoformat(),
            claim.span_key,
            claim.alignment,
            claim.is_current,
            repr(claim.engine_values),
            [(link.pk, link.speaker_id, link.words) for link in claim.links.all()],
        )
        for claim in stored
    )
    return hashlib.sha256(repr((rows, plan, sorted(touched))).encode()).hexdigest()
