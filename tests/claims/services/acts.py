"""What editors do, once each: an act of every service that takes an actor, for the test that walks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User

from claims.models import ChecklistItem, Claim, Rating, Scale, Speaker, Tag, Verdict
from claims.services import (
    checklists,
    corrections,
    duplicates,
    erasure,
    evidence,
    external_ids,
    merging,
    reextraction_preview,
    saved_filters,
    second_checks,
    speaker_edits,
    splitting,
    tags,
    takedown,
    verification,
    webhooks,
)
from claims.services.speaker_choices import SpeakerChoice
from sources.models import Article
from tests.claims.factories import make_claim, make_speaker, make_user, make_verdict
from tests.claims.services.extractions import ANA, OPENING, TEXT, CannedEngine
from tests.claims.services.extractions import claim as found

HOOK = "https://hooks.example/claims"


@dataclass
class World:
    """An article with claims and the people who work on them; the one who acts has every permission."""

    article: Article
    claim: Claim
    actor: User

    @cached_property
    def other(self) -> Claim:
        return make_claim(make_speaker())

    @cached_property
    def mira(self) -> User:
        return make_user("fact-checker")

    @cached_property
    def true(self) -> Rating:
        return Rating.objects.get(slug="true")

    @cached_property
    def item(self) -> ChecklistItem:
        return ChecklistItem.objects.all()[0]

    @cached_property
    def tag(self) -> Tag:
        return tags.make_tag("Budget", actor=self.actor)

    @cached_property
    def link(self) -> Any:
        return evidence.add_evidence(self.claim, author=self.mira, url="https://dam.example/log")

    @cached_property
    def note(self) -> Any:
        return verification.add_note(self.claim, author=self.actor, text="First.")

    @cached_property
    def draft(self) -> Verdict:
        return verification.record_verdict(self.claim, author=self.actor, rating=self.true)

    @cached_property
    def proposal(self) -> Verdict:
        Scale.objects.update(needs_second_check=True)
        return verification.record_verdict(self.claim, author=self.mira, rating=self.true, state="proposed")

    @cached_property
    def opinion(self) -> Any:
        return second_checks.give_opinion(self.proposal, reviewer=self.actor, rating=self.true)

    @cached_property
    def published(self) -> Verdict:
        return make_verdict(self.claim, author=self.mira)

    @cached_property
    def ana(self) -> Speaker:
        return Speaker.objects.get(name="Ana Duarte")

    @cached_property
    def saved(self) -> Any:
        return saved_filters.save_filter(actor=self.actor, name="New ones", query="review_status__exact=new")

    @cached_property
    def hook(self) -> Any:
        return webhooks.create_webhook(actor=self.actor, name="Press", url=HOOK, events=["verdict.published"])

    @cached_property
    def preview(self) -> Any:
        return reextraction_preview.preview_reextraction(self.article, engine=self.engine)

    @cached_property
    def engine(self) -> Any:
        return CannedEngine("2.0", found(OPENING, ANA))

    def at(self, quote: str) -> list[list[int]]:
        start = TEXT.index(quote)
        return [[start, start + len(quote)]]


Act = Callable[[World], Any]
# By name: what must be there before, and the act itself, which receives what was made.
ACTS: dict[str, tuple[Act, Callable[[World, Any], Any]]] = {
    "checklists.add_item": (lambda w: None, lambda w, _: checklists.add_item("Called", actor=w.actor)),
    "checklists.edit_item": (lambda w: w.item, lambda w, item: checklists.edit_item(item, actor=w.actor, order=40)),
    "checklists.tick": (lambda w: w.item, lambda w, item: checklists.tick(w.claim, actor=w.actor, item=item)),
    "checklists.untick": (
        lambda w: checklists.tick(w.claim, actor=w.mira, item=w.item),
        lambda w, tick: checklists.untick(w.claim, actor=w.actor, item=tick.item),
    ),
    "corrections.accept_claim": (lambda w: None, lambda w, _: corrections.accept_claim(w.claim, actor=w.actor)),
    "corrections.reject_claim": (lambda w: None, lambda w, _: corrections.reject_claim(w.claim, actor=w.actor)),
    "corrections.add_missed_claim": (
        lambda w: None,
        lambda w, _: corrections.add_missed_claim(w.article, actor=w.actor, content=w.at("in May")),
    ),
    "corrections.correct_claim": (
        lambda w: None,
        lambda w, _: corrections.correct_claim(w.claim, actor=w.actor, kind="mixed", act="question"),
    ),
    "corrections.correct_act": (
        lambda w: None,
        lambda w, _: corrections.correct_act(w.claim, actor=w.actor, act="question"),
    ),
    "corrections.correct_kind": (
        lambda w: None,
        lambda w, _: corrections.correct_kind(w.claim, actor=w.actor, kind="mixed"),
    ),
    "corrections.correct_content": (
        lambda w: None,
        lambda w, _: corrections.correct_content(w.claim, actor=w.actor, spans=w.at("in May")),
    ),
    "corrections.correct_cue": (
        lambda w: None,
        lambda w, _: corrections.correct_cue(w.claim, actor=w.actor, spans=w.at("warned")),
    ),
    "corrections.correct_mention": (
        lambda w: None,
        lambda w, _: corrections.correct_mention(w.claim, actor=w.actor, spans=w.at("A senior official")),
    ),
    "corrections.correct_speakers": (
        lambda w: SpeakerChoice(name="Rui Sol"),
        lambda w, rui: corrections.correct_speakers(w.claim, actor=w.actor, speakers=[rui]),
    ),
    "corrections.undo_correction": (
        lambda w: corrections.correct_kind(w.claim, actor=w.mira, kind="mixed"),
        lambda w, _: corrections.undo_correction(w.claim, actor=w.actor),
    ),
    "corrections.finish_article": (
        lambda w: [corrections.accept_claim(one, actor=w.mira) for one in w.article.claims.all()],
        lambda w, _: corrections.finish_article(w.article, actor=w.actor),
    ),
    "corrections.reopen_article": (
        lambda w: [
            *(corrections.accept_claim(one, actor=w.mira) for one in w.article.claims.all()),
            corrections.finish_article(w.article, actor=w.mira),
        ],
        lambda w, _: corrections.reopen_article(w.article, actor=w.actor),
    ),
    "duplicates.mark_duplicate": (
        lambda w: w.other,
        lambda w, other: duplicates.mark_duplicate([w.claim], of=other, actor=w.actor),
    ),
    "duplicates.unmark_duplicate": (
        lambda w: duplicates.mark_duplicate([w.claim], of=w.other, actor=w.mira),
        lambda w, _: duplicates.unmark_duplicate(w.claim, actor=w.actor),
    ),
    "duplicates.reuse_verdict": (
        lambda w: w.published,
        lambda w, verdict: duplicates.reuse_verdict(verdict, claim=w.other, author=w.actor),
    ),
    "erasure.erase_person": (
        lambda w: w.ana,
        lambda w, ana: erasure.erase_person(ana, actor=w.actor, reason="Asked for it.", keep_quotes=False),
    ),
    "evidence.add_evidence": (
        lambda w: None,
        lambda w, _: evidence.add_evidence(w.claim, author=w.actor, url="https://dam.example/log"),
    ),
    "evidence.link_evidence": (
        lambda w: w.link,
        lambda w, link: evidence.link_evidence(link.evidence, claim=w.other, actor=w.actor),
    ),
    "evidence.edit_evidence": (
        lambda w: w.link,
        lambda w, link: evidence.edit_evidence(link.evidence, actor=w.actor, title="The log"),
    ),
    "evidence.set_stance": (
        lambda w: w.link,
        lambda w, link: evidence.set_stance(link, actor=w.actor, stance="refutes"),
    ),
    "evidence.unlink_evidence": (lambda w: w.link, lambda w, link: evidence.unlink_evidence(link, actor=w.actor)),
    "external_ids.add_external_id": (
        lambda w: w.ana,
        lambda w, ana: external_ids.add_external_id(ana, actor=w.actor, value="Q42"),
    ),
    "external_ids.remove_external_id": (
        lambda w: external_ids.add_external_id(w.ana, actor=w.actor, value="Q42"),
        lambda w, row: external_ids.remove_external_id(row, actor=w.actor),
    ),
    "merging.merge_speakers": (
        lambda w: make_speaker("A. Duarte"),
        lambda w, one: merging.merge_speakers(one, into=w.ana, actor=w.actor, reason="The same."),
    ),
    "merging.undo_merge": (
        lambda w: merging.merge_speakers(make_speaker("A. Duarte"), into=w.ana, actor=w.actor, reason="The same."),
        lambda w, merge: merging.undo_merge(merge, actor=w.actor, reason="Two."),
    ),
    "reextraction_preview.apply_preview": (
        lambda w: w.preview,
        lambda w, seen: reextraction_preview.apply_preview(
            w.article, actor=w.actor, fingerprint=seen.fingerprint, engine=w.engine
        ),
    ),
    "saved_filters.save_filter": (
        lambda w: None,
        lambda w, _: saved_filters.save_filter(actor=w.actor, name="New ones", query="review_status__exact=new"),
    ),
    "saved_filters.edit_filter": (
        lambda w: w.saved,
        lambda w, saved: saved_filters.edit_filter(saved, actor=w.actor, name="Newest"),
    ),
    "saved_filters.delete_filter": (
        lambda w: w.saved,
        lambda w, saved: saved_filters.delete_filter(saved, actor=w.actor),
    ),
    "second_checks.give_opinion": (
        lambda w: w.proposal,
        lambda w, verdict: second_checks.give_opinion(verdict, reviewer=w.actor, rating=w.true),
    ),
    "second_checks.decide_opinion": (
        lambda w: w.opinion,
        lambda w, opinion: second_checks.decide_opinion(opinion, actor=w.actor, decision="agrees"),
    ),
    "speaker_edits.edit_speaker": (
        lambda w: w.ana,
        lambda w, ana: speaker_edits.edit_speaker(ana, actor=w.actor, name="Ana M. Duarte"),
    ),
    "speaker_edits.add_alias": (
        lambda w: w.ana,
        lambda w, ana: speaker_edits.add_alias(ana, actor=w.actor, name="The Bridge Builder"),
    ),
    "speaker_edits.remove_alias": (
        lambda w: speaker_edits.add_alias(w.ana, actor=w.actor, name="The Bridge Builder"),
        lambda w, alias: speaker_edits.remove_alias(alias, actor=w.actor),
    ),
    "splitting.split_speaker": (
        lambda w: speaker_edits.add_alias(w.ana, actor=w.actor, name="Anabel Duarte"),
        lambda w, alias: splitting.split_speaker(w.ana, aliases=[alias], actor=w.actor, reason="Two."),
    ),
    "splitting.undo_split": (
        lambda w: splitting.split_speaker(
            w.ana,
            aliases=[speaker_edits.add_alias(w.ana, actor=w.actor, name="Anabel Duarte")],
            actor=w.actor,
            reason="Two.",
        ),
        lambda w, split: splitting.undo_split(split, actor=w.actor, reason="One."),
    ),
    "tags.make_tag": (lambda w: None, lambda w, _: tags.make_tag("Budget", actor=w.actor)),
    "tags.edit_tag": (lambda w: w.tag, lambda w, tag: tags.edit_tag(tag, actor=w.actor, name="Money")),
    "tags.delete_tag": (lambda w: w.tag, lambda w, tag: tags.delete_tag(tag, actor=w.actor)),
    "tags.tag_claims": (lambda w: w.tag, lambda w, tag: tags.tag_claims([w.claim], actor=w.actor, tags=[tag])),
    "tags.untag_claims": (
        lambda w: tags.tag_claims([w.claim], actor=w.mira, tags=[w.tag]),
        lambda w, _: tags.untag_claims([w.claim], actor=w.actor, tags=[w.tag]),
    ),
    "takedown.take_down_text": (
        lambda w: None,
        lambda w, _: takedown.take_down_text(
            w.article, actor=w.actor, code="legal_order", reason="Ordered.", keep_quotes=False
        ),
    ),
    "verification.add_note": (lambda w: None, lambda w, _: verification.add_note(w.claim, author=w.actor, text="A.")),
    "verification.edit_note": (
        lambda w: w.note,
        lambda w, note: verification.edit_note(note, actor=w.actor, text="B."),
    ),
    "verification.record_verdict": (
        lambda w: w.true,
        lambda w, rating: verification.record_verdict(w.claim, author=w.actor, rating=rating),
    ),
    "verification.edit_verdict": (
        lambda w: w.draft,
        lambda w, verdict: verification.edit_verdict(verdict, actor=w.actor, summary="It opened."),
    ),
    "verification.publish_verdict": (
        lambda w: w.draft,
        lambda w, verdict: verification.publish_verdict(verdict, reviewer=w.actor),
    ),
    "verification.withdraw_verdict": (
        lambda w: w.published,
        lambda w, verdict: verification.withdraw_verdict(verdict, actor=w.actor, reason="Wrong."),
    ),
    "verification.set_review_status": (
        lambda w: None,
        lambda w, _: verification.set_review_status([w.claim], actor=w.actor, status="in_review"),
    ),
    "verification.assign": (
        lambda w: w.mira,
        lambda w, mira: verification.assign([w.claim], actor=w.actor, assignee=mira),
    ),
    "webhooks.create_webhook": (
        lambda w: None,
        lambda w, _: webhooks.create_webhook(actor=w.actor, name="Press", url=HOOK, events=["verdict.published"]),
    ),
    "webhooks.edit_webhook": (
        lambda w: w.hook,
        lambda w, hook: webhooks.edit_webhook(hook, actor=w.actor, name="Radio"),
    ),
    "webhooks.renew_secret": (lambda w: w.hook, lambda w, hook: webhooks.renew_secret(hook, actor=w.actor)),
    "webhooks.delete_webhook": (lambda w: w.hook, lambda w, hook: webhooks.delete_webhook(hook, actor=w.actor)),
}
