"""Incremental sync: whoever polls ends with exactly the server's state, whatever was done in between."""

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from rest_framework.test import APIClient

from claims.errors import ClaimError
from claims.models import (
    Claim,
    ClaimSpeaker,
    Evidence,
    EvidenceLink,
    ExtractionRun,
    Note,
    Rating,
    Speaker,
    SpeakerMerge,
    Verdict,
)
from claims.services.evidence import add_evidence, link_evidence
from claims.services.merging import merge_speakers, undo_merge
from claims.services.speaker_edits import add_alias, edit_speaker, remove_alias
from claims.services.verification import (
    add_note,
    edit_note,
    publish_verdict,
    record_verdict,
    set_review_status,
    withdraw_verdict,
)
from sources.models import Article, Source
from tests.claims.api.syncing import START, Copy, poll, state
from tests.claims.factories import make_claim, make_speaker, make_token, make_user

# On PostgreSQL nothing of an open transaction is settled, so these must end theirs.
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
ROWS = (
    *(EvidenceLink, Evidence, Note, Verdict, ClaimSpeaker, Claim),
    *(SpeakerMerge, Speaker, ExtractionRun, Article, Source),
)


class Desk(RuleBasedStateMachine):
    """Editors at work, and three who keep copies."""

    def __init__(self) -> None:
        super().__init__()
        Verdict.objects.update(supersedes=None)
        Speaker.objects.update(merged_into=None)
        for model in ROWS:
            model.objects.all().delete()
        self.actor = make_user("desk admin")
        self.readers: dict[str, APIClient] = {
            "public": APIClient(),
            "desk": APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token('fact-checker', scope='read')}"),
            "admin": APIClient(HTTP_AUTHORIZATION=f"Bearer {make_token(user=self.actor)}"),
        }
        self.copies: dict[str, Copy] = {}
        self.urls: dict[str, str] = {}

    @initialize()
    def begin(self) -> None:
        for name, client in self.readers.items():
            self.copies[name] = state(client)
            self.urls[name] = poll(client, START, self.copies[name])[0]
        for _ in range(2):
            make_claim(make_speaker())

    def _pick(self, model: Any, number: int) -> Any:
        rows = list((model if isinstance(model, QuerySet) else model.objects).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def _try(self, action: Callable[[], Any]) -> None:
        with contextlib.suppress(ClaimError):  # refused: nothing happened, which is a state too
            action()

    number = st.integers(0, 30)

    @rule(number=number, joint=st.booleans(), relayed=st.booleans())
    def article(self, number: int, joint: bool, relayed: bool) -> None:
        speakers = [self._pick(Speaker.objects.filter(merged_into=None), number)] if Speaker.objects.exists() else []
        claim = make_claim(*(one for one in (*speakers, make_speaker() if joint else None) if one))
        if relayed:
            make_claim(article=claim.article, within=claim)

    @rule(number=number, hide=st.booleans(), name=st.sampled_from(["Ada Quill", "Noor Haddad", "Per Lund"]))
    def speaker(self, number: int, hide: bool, name: str) -> None:
        if one := self._pick(Speaker, number):
            self._try(lambda: edit_speaker(one, actor=self.actor, is_hidden=hide, name=name))

    @rule(number=number, name=st.sampled_from(["Quill", "Dr Haddad", "Lund"]), take=st.booleans())
    def alias(self, number: int, name: str, take: bool) -> None:
        one = self._pick(Speaker, number)
        if one and take and (alias := one.aliases.first()):
            self._try(lambda: remove_alias(alias, actor=self.actor))
        elif one:
            self._try(lambda: add_alias(one, actor=self.actor, name=name))

    @rule(first=number, second=number)
    def merge(self, first: int, second: int) -> None:
        one, two = self._pick(Speaker, first), self._pick(Speaker, second)
        if one and two:
            self._try(lambda: merge_speakers(one, into=two, actor=self.actor, reason="One."))

    @rule(number=number)
    def undo(self, number: int) -> None:
        if one := self._pick(SpeakerMerge, number):
            self._try(lambda: undo_merge(one, actor=self.actor, reason="Two."))

    @rule(number=number, status=st.sampled_from(Claim.ReviewStatus.values))
    def status(self, number: int, status: str) -> None:
        if one := self._pick(Claim, number):
            set_review_status([one], actor=self.actor, status=status)

    @rule(number=number, current=st.booleans())
    def engine(self, number: int, current: bool) -> None:
        if one := self._pick(Claim, number):
            Claim.objects.filter(pk=one.pk).update(is_current=current)

    @rule(number=number, public=st.booleans(), edit=st.booleans())
    def note(self, number: int, public: bool, edit: bool) -> None:
        if edit and (one := self._pick(Note, number)):
            edit_note(one, actor=self.actor, is_public=public, text=f"Text {number}")
        elif claim := self._pick(Claim, number):
            add_note(claim, author=self.actor, text="Look.", is_public=public)

    @rule(number=number, reuse=st.booleans())
    def evidence(self, number: int, reuse: bool) -> None:
        if claim := self._pick(Claim, number):
            if reuse and (one := self._pick(Evidence, number)):
                self._try(lambda: link_evidence(one, claim=claim, actor=self.actor))
            else:
                add_evidence(claim, author=self.actor, url=f"https://office.example/{number}")

    @rule(number=number, rating=st.sampled_from(["true", "false"]))
    def verdict(self, number: int, rating: str) -> None:
        if claim := self._pick(Claim, number):
            record_verdict(claim, author=self.actor, rating=Rating.objects.get(slug=rating), state="proposed")

    @rule(number=number, withdraw=st.booleans())
    def publish(self, number: int, withdraw: bool) -> None:
        one = self._pick(Verdict, number)
        if one and withdraw:
            self._try(lambda: withdraw_verdict(one, actor=self.actor, reason="No."))
        elif one:
            self._try(lambda: publish_verdict(one, reviewer=self.actor, reason="Yes."))

    @rule(number=number, name=st.sampled_from(["Valley Post", "Coast Wire"]))
    def outlet(self, number: int, name: str) -> None:
        if one := self._pick(Source, number):
            Source.objects.filter(pk=one.pk).update(name=name)

    @rule(label=st.sampled_from(["False", "Untrue"]))
    def rating(self, label: str) -> None:
        Rating.objects.filter(slug="false").update(label=label)

    @rule(name=st.sampled_from(["Ada", "Bo"]))
    def editor(self, name: str) -> None:
        User.objects.filter(pk=self.actor.pk).update(first_name=name)

    @rule(reader=st.sampled_from(["public", "desk", "admin"]))
    def reader_polls(self, reader: str) -> None:
        if reader in self.urls:
            self.urls[reader] = poll(self.readers[reader], self.urls[reader], self.copies[reader])[0]
            assert self.copies[reader] == state(self.readers[reader])

    @invariant()
    def _groups_stay(self) -> None:
        assert Group.objects.exists()

    def teardown(self) -> None:
        for reader in self.urls:
            self.reader_polls(reader)


def test_whoever_polls_ends_with_the_servers_state(settings: Any) -> None:
    settings.THROTTLE_ANON = settings.THROTTLE_TOKEN = ""
    run_state_machine_as_test(Desk, settings=FEW)


FEW = settings(
    max_examples=6,
    stateful_step_count=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each step asks the server: shrinking would take minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
