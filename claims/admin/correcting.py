"""What an editor corrects on a claim's page: checked as a form, done by `claims.services.corrections`.

The stretches of text come from the page's script as pairs of code points; the services check them against the text, so
nothing is trusted here. An empty field leaves a value as it is. Like the other forms of the page these carry what the
editor saw, and the page comes back with everything typed and selected where somebody else was first.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import QueryDict

from claims.errors import Conflict, InvalidValue
from claims.models import Claim, ClaimSpeaker, Correction, Speaker
from claims.services import corrections
from claims.services.correction_rows import version_of
from claims.services.speaker_choices import SpeakerChoice

ROLES = ("content", "cue", "mention")
_SOURCES = [("named", "named below"), ("unnamed", "not named: the words in the text"), ("none", "nobody")]
_UNDECIDED = (Claim.SpeakerStatus.AMBIGUOUS, Claim.SpeakerStatus.UNRESOLVED)
_SEEN = ("kind", "act", "source", "version")
_NAMES = {"span": "what was said", "mention": "who said it, in words", "added": "added", "rejected": "rejected"}


class SpeakerSelect(AutocompleteSelectMultiple):
    """The admin's autocomplete, showing the speakers that the page has loaded already without asking for them again."""

    known: Mapping[int, str] = {}

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> list[Any]:
        if not set(value) <= {str(pk) for pk in self.known}:
            return super().optgroups(name, value, attr)
        options = [
            self.create_option(name, pk, label, True, index)
            for index, (pk, label) in enumerate(self.known.items())
            if str(pk) in value
        ]
        return [(None, options, 0)]


class StretchesField(forms.CharField):
    """Stretches of the article's text, as the script writes them: `[[12, 40], …]`. None where nothing was selected."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=2_000)

    def clean(self, value: Any) -> list[Any] | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            spans = json.loads(text)
        except (ValueError, RecursionError):
            spans = None
        if not isinstance(spans, list) or not all(isinstance(span, list) for span in spans):
            raise forms.ValidationError("Select the words in the article's text.")
        return spans


class _ClaimFields(forms.Form):
    """What both a correction and a new claim consist of."""

    marker = "kind"
    content, cue, mention = StretchesField(), StretchesField(), StretchesField()
    kind = forms.ChoiceField(required=False, choices=Claim.Kind.choices)
    act = forms.ChoiceField(choices=Claim.Act.choices)
    source = forms.ChoiceField(choices=_SOURCES, label="Who says it", required=False)
    speakers = forms.ModelMultipleChoiceField(Speaker.objects.all(), required=False, label="Speakers")
    new_name = forms.CharField(required=False, max_length=300, label="or a new name")
    new_kind = forms.ChoiceField(required=False, choices=Speaker.Kind.choices, label="Kind of new speaker")
    reason = forms.CharField(required=False, max_length=500, label="Why")

    def __init__(self, data: QueryDict | None, *, prefix: str, admin_site: Any, **options: Any) -> None:
        sent = data is not None and f"{prefix}-{self.marker}" in data
        super().__init__(data if sent else None, prefix=prefix, **options)
        widget = SpeakerSelect(Claim._meta.get_field("speakers"), admin_site)
        widget.choices = self.fields["speakers"].choices
        self.fields["speakers"].widget = widget

    def choices(self, claim: Claim | None = None) -> list[SpeakerChoice]:
        """The speakers chosen, those stored first."""
        values = self.cleaned_data
        if values["source"] == "none":
            return []
        if values["source"] == "unnamed":
            words = claim.mention_text if claim else ""
            return [SpeakerChoice(words=words)]
        chosen = [SpeakerChoice(speaker=speaker) for speaker in values["speakers"]]
        if values["new_name"].strip():
            chosen.append(SpeakerChoice(name=values["new_name"], kind=values["new_kind"] or Speaker.Kind.PERSON))
        return chosen


def _read_seen(data: QueryDict | None, name: str) -> dict[str, Any]:
    """What the page said when the editor opened it; nothing where the browser did not send it as it was."""
    try:
        seen = json.loads(data.get(name, "") if data is not None else "")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(seen, dict) or not isinstance(seen.get("speakers"), list):
        return {}
    words = {key: value for key, value in seen.items() if key in _SEEN and isinstance(value, str)}
    return words | {"speakers": [str(one) for one in seen["speakers"]]}


class CorrectionForm(_ClaimFields):
    """Corrections of the claim that the page shows."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None, *, claim: Claim, links: Sequence[ClaimSpeaker], version: str, admin_site: Any
    ) -> None:
        named = {link.speaker_id: str(link.speaker) for link in links if link.speaker}
        source = {"unnamed": "unnamed", "none": "none"}
        self.now = {
            "kind": claim.kind,
            "act": claim.act,
            "source": "" if claim.speaker_status in _UNDECIDED else source.get(claim.speaker_status, "named"),
            "speakers": [str(pk) for pk in named],
            "version": version,
        }
        seen = json.dumps(self.now)
        # What the editor changed is told from what the editor saw, not from what somebody else made of it since.
        initial = {**self.now, **_read_seen(data, "fix-seen")}
        self.version = initial.pop("version")
        initial |= {"new_kind": Speaker.Kind.PERSON, "seen": seen}
        super().__init__(data, prefix="fix", admin_site=admin_site, initial=initial)
        if claim.speaker_status in _UNDECIDED or initial["source"] == "":
            self.fields["source"].choices = [("", f"not decided ({claim.get_speaker_status_display()})"), *_SOURCES]
        self.fields["speakers"].widget.known = named
        self.claim, self.links = claim, links

    def renew(self) -> None:
        """After somebody else was first: keeps what was changed here, shows theirs beside it, and may be sent again."""
        data = self.data.copy()
        for name in {"kind", "act", "source", "speakers"} - set(self.changed_data):
            value = self.now[name]
            data.setlist(self.add_prefix(name), value if isinstance(value, list) else [value])
        data[self.add_prefix("seen")] = json.dumps(self.now)
        self.data = data

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        wants = {"speakers", "new_name"} & set(self.changed_data)
        if wants and not values.get("source"):
            values["source"] = "named"
        names = values.get("speakers") or values.get("new_name", "").strip()
        if values.get("source") == "named" and (wants or "source" in self.changed_data) and not names:
            self.add_error("speakers", "Choose the speaker, or say that nobody is named.")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        """Corrects what the editor changed."""
        values, changed = self.cleaned_data, set(self.changed_data)
        wanted: dict[str, Any] = {name: values[name] for name in ROLES if values[name] is not None}
        wanted |= {name: values[name] for name in ("kind", "act") if name in changed}
        if changed & {"source", "speakers", "new_name"}:
            speakers = self.choices(self.claim)
            if values["source"] == "unnamed" and values["mention"] is not None:
                text = self.claim.article.text
                speakers = [SpeakerChoice(words=" … ".join(text[s:e] for s, e in values["mention"]))]
            wanted["speakers"] = speakers
        if not wanted:
            return
        made = corrections.correct_claim(self.claim, actor=actor, reason=values["reason"], seen=self.version, **wanted)
        for row in made:
            yield f"{_NAMES.get(row.field, row.get_field_display().lower())} corrected"


class MissedForm(_ClaimFields):
    """A claim that the engine missed."""

    def __init__(self, data: QueryDict | None, *, claim: Claim, admin_site: Any) -> None:
        initial = {"act": Claim.Act.STATEMENT, "source": "named", "new_kind": Speaker.Kind.PERSON}
        super().__init__(data, prefix="missed", admin_site=admin_site, initial=initial)
        self.fields["kind"].choices = [("", "by its quotation marks"), *Claim.Kind.choices]
        self.claim = claim

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("content") is None and set(self.changed_data) - {"source", "new_kind", "act", "kind"}:
            self.add_error("content", "Select in the article what was said.")
        return values

    def store(self, actor: Any) -> Iterator[str]:
        """Adds the claim, if one was selected."""
        values = self.cleaned_data
        if values["content"] is None:
            return
        text = self.claim.article.text
        speakers = self.choices()
        if values["source"] == "unnamed":
            words = " … ".join(text[s:e] for s, e in values["mention"] or [])
            if not words:
                raise InvalidValue("Select the words that say who it is, or choose “nobody”.", field="speakers")
            speakers = [SpeakerChoice(words=words)]
        elif values["source"] == "named" and not speakers:
            raise InvalidValue("Choose the speaker of the new claim, or say that nobody is named.", field="speakers")
        added = corrections.add_missed_claim(
            self.claim.article,
            actor=actor,
            content=values["content"],
            cue=values["cue"] or [],
            mention=values["mention"] or [],
            speakers=speakers,
            kind=values["kind"],
            act=values["act"],
            reason=values["reason"],
        )
        yield f"claim {added.pk} added"


class Correcting:
    """All that one editor may correct on one claim's page.

    Attributes:
        fix: Corrections of the claim.
        missed: A claim to add.
        undoable: The correction that "undo" takes back, if any.
    """

    def __init__(
        self,
        claim: Claim,
        user: Any,
        *,
        links: Sequence[ClaimSpeaker],
        rows: Sequence[Correction],
        data: QueryDict | None,
        admin_site: Any,
    ) -> None:
        self.claim, self.user, self.links, self.data = claim, user, links, data
        version = version_of(claim, rows[0].pk if rows else None)
        self.fix = CorrectionForm(data, claim=claim, links=links, version=version, admin_site=admin_site)
        self.missed = MissedForm(data, claim=claim, admin_site=admin_site)
        standing = [row for row in rows if not row.is_undone and row.field != Correction.Field.UNDONE]
        self.undoable = standing[0] if standing else None
        self.corrected = {row.field for row in standing}

    def is_valid(self) -> bool:
        """Whether all that was sent can be tried; each form keeps its own errors."""
        outcomes = [form.is_valid() for form in (self.fix, self.missed) if form.is_bound]
        return all(outcomes)

    def renew(self) -> None:
        """Makes the page that comes back after a refusal one that may be sent again."""
        if self.fix.is_bound:
            self.fix.renew()

    def store(self) -> list[str]:
        """Stores everything, in the caller's transaction.

        Returns:
            What was done, in words.

        Raises:
            ClaimError: a service refused.
        """
        done = [line for form in (self.fix, self.missed) if form.is_bound for line in form.store(self.user)]
        return done + list(self._press_buttons())

    def _press_buttons(self) -> Iterator[str]:
        data = self.data if self.data is not None else {}
        claim, actor, reason = self.claim, self.user, str(data.get("fix-reason", ""))
        # A correction saved with the same click has renewed the version: then it was held to what was seen.
        is_alone = not (self.fix.is_bound and self._has_corrected())
        seen = self.fix.version if is_alone else ""
        if "_accept" in data:
            if corrections.accept_claim(claim, actor=actor, reason=reason, seen=seen):
                yield "accepted as it stands"
        elif "_reject" in data:
            if corrections.reject_claim(claim, actor=actor, reason=reason, seen=seen):
                yield "rejected: no claim"
        elif "_undo" in data:
            corrections.undo_correction(claim, actor=actor, reason=reason, seen=seen)
            yield "last correction undone"
        elif "_confirm" in data:
            speakers = self._confirmed(str(data["_confirm"]))
            corrections.correct_speakers(claim, actor=actor, speakers=speakers, reason=reason, seen=seen)
            yield "speaker confirmed"
        elif "_finish" in data:
            corrections.finish_article(claim.article, actor=actor)
            yield "article reviewed to the end"
        elif "_reopen" in data:
            corrections.reopen_article(claim.article, actor=actor)
            yield "article open again"

    def _has_corrected(self) -> bool:
        values = self.fix.cleaned_data
        return any(values[name] is not None for name in ROLES) or bool(
            {"kind", "act", "source", "speakers", "new_name"} & set(self.fix.changed_data)
        )

    def _confirmed(self, chosen: str) -> list[SpeakerChoice]:
        """The claim's speakers with one candidate put where the engine was not sure."""
        position, _, index = chosen.partition(":")
        choices, found = [], False
        for link in self.links:
            choice = SpeakerChoice(speaker=link.speaker, words=link.words)
            if str(link.position) == position and index.isdecimal() and int(index) < len(link.candidates):
                candidate, found = link.candidates[int(index)], True
                speaker = Speaker.objects.filter(pk=candidate["speaker"]).first() if candidate["speaker"] else None
                choice = SpeakerChoice(speaker=speaker, name=candidate["name"], words=link.words)
            choices.append(choice)
        if not found:
            raise Conflict("That candidate is no longer here: reload the page.")
        return choices


def engine_facts(claim: Claim) -> dict[str, str]:
    """In words, by corrected field, what the engine says of it."""
    text, facts = claim.article.text, {}
    for field, value in (claim.engine_values or {}).items():
        if value is None:
            facts[field] = "not found"
        elif field == Correction.Field.SPEAKER:
            words = ", ".join(link["name"] or link["words"] for link in value["links"])
            facts[field] = f"{words or 'nobody'} ({value['status']}{value['reason'] and ', '}{value['reason']})"
        elif isinstance(value, str):
            facts[field] = value
        else:
            spans = value["spans"] if isinstance(value, dict) else value
            facts[field] = " … ".join(text[start:end] for start, end in spans) or "none"
    return facts
