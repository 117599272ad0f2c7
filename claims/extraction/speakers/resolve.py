"""From the mentions of one article to references by name: the walk through the text.

Mentions are resolved in text order, because who spoke last decides what "she" means. A mention inside another
one's quotation takes the quotation's speaker for "I" and "we", so that one is resolved first.

Every rule answers with a reason, a confidence and its candidates; this module only turns answers into
references and holds no rule of its own about names.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from claims.extraction.lexicons import word_set
from claims.extraction.speakers.bearers import Bearer, gender_of_titles
from claims.extraction.speakers.bylines import author_of
from claims.extraction.speakers.clusters import build_directory
from claims.extraction.speakers.descriptions import read_roles
from claims.extraction.speakers.groups import names_in_group, resolve_family
from claims.extraction.speakers.institutions import find_polls
from claims.extraction.speakers.interviews import resolve_turn
from claims.extraction.speakers.leads import named_after_lead
from claims.extraction.speakers.letters import author_in_text, signatures
from claims.extraction.speakers.mention import Mention, NameIndex
from claims.extraction.speakers.mentions import PLURAL_SELF, RELATIVE, SELF, read_mention
from claims.extraction.speakers.names import find_names
from claims.extraction.speakers.nominals import resolve_nominal
from claims.extraction.speakers.pronouns import Range, gender_of, resolve_pronoun
from claims.extraction.speakers.scene import Answer, Ranked, Scene, named
from claims.extraction.speakers.sharing import fitting_bearers
from claims.extraction.speakers.surnames import resolve_shared
from claims.extraction.speakers.tokens import Words, read_words
from claims.extraction.values import Attribution, Candidate, Span, SpeakerReference, SpeakerStatus, SpeakerType

_MAX_DEPTH = 3  # quotations inside quotations that are followed
_MAX_CANDIDATES = 4
_SURE_OF_GENDER = 0.85  # confidence from which "he" tells that whom it means is a man
_DOUBT = 0.7  # share of a rule's own doubt that the names on dev bear out: .054 calibration error without, .036 with it
_UNNAMED_CONFIDENCE = 0.75  # three in four of the unnamed without a surer rule have no name in the gold either
_NOUN_OPENERS = word_set("the a an his her their its this these those some many")


def name_speakers(text: str, attributions: Sequence[Attribution]) -> list[SpeakerReference | None]:
    """Names the speaker of each attribution by the fullest name in the text; see `Cast.name`."""
    return Cast(text).name(attributions)


class Cast:
    """Who an article names, read once and asked as often as needed."""

    def __init__(self, text: str, byline: str = "", quotes: Sequence[Span] | None = None) -> None:
        """Remember the text; it is read at the first question that has a mention in it.

        Args:
            text: The article.
            byline: Who wrote it, as printed; whom "I" means outside of quotations.
            quotes: Its `quote_spans`, where the caller has them.
        """
        self._text = text
        self._quotes = quotes
        self._byline = byline

    @cached_property
    def _scene(self) -> Scene:
        words = read_words(self._text, self._quotes)
        directory = build_directory(words, find_names(words))
        relations = read_roles(directory)
        by_head: dict[str, list[Bearer]] = {}
        for bearer in directory.bearers:
            for head in bearer.heads:
                by_head.setdefault(head, []).append(bearer)
        by_word: dict[str, list[Bearer]] = {}
        for bearer in directory.bearers:
            if len(bearer.key) > 1 and bearer.type != "person" and not bearer.place:
                for word in dict.fromkeys(bearer.key):
                    by_word.setdefault(word, []).append(bearer)
        persons = [one for one in directory.bearers if one.type == "person" and not one.place]
        persons.sort(key=lambda one: (-len(one.places), one.number))
        index = NameIndex.of(directory.names)
        scene = Scene(words, directory, index, relations, by_head, by_word, persons)
        find_polls(scene)
        scene.author = author_of(self._byline, directory) or author_in_text(directory, index)
        scene.letters = signatures(directory)
        return scene

    def name(self, attributions: Sequence[Attribution]) -> list[SpeakerReference | None]:
        """Names the speaker of each attribution by the fullest name in the text.

        Args:
            attributions: Attributions of the article; spans are code points into its text.

        Returns:
            One reference per attribution, in the same order; None where the attribution has no mention.
        """
        if not any(attribution.mention for attribution in attributions):
            return [None for _ in attributions]
        answers = _Walk(replace(self._scene, said=[]), attributions).run()
        return [
            None if answer is None else _reference(answer, _words_of(self._text, attribution.mention))
            for answer, attribution in zip(answers, attributions, strict=True)
        ]


class _Walk:
    """One pass over the mentions of one article."""

    def __init__(self, scene: Scene, attributions: Sequence[Attribution]) -> None:
        self.scene = scene
        self.attributions = attributions
        self.spoke: Counter[int] = Counter()
        self.answers: dict[int, Answer | None] = {}
        self.quotes = sorted(
            (span.start, span.end, number)
            for number, attribution in enumerate(attributions)
            for span in attribution.content
        )

    def run(self) -> list[Answer | None]:
        order = sorted(range(len(self.attributions)), key=self._position)
        for number in order:
            self._answer(number, 0)
        return [self.answers.get(number) for number in range(len(self.attributions))]

    def _position(self, number: int) -> int:
        attribution = self.attributions[number]
        spans = attribution.mention or attribution.content
        return spans[0].start if spans else 0

    def _answer(self, number: int, depth: int) -> Answer | None:
        if number in self.answers:
            return self.answers[number]
        attribution = self.attributions[number]
        self.answers[number] = None
        if not attribution.mention:
            return None
        answer = None
        at = 0
        for span in attribution.mention:
            first, stop = self.scene.words.within(span)
            if first >= stop:
                continue
            found = self._resolve(number, first, stop - 1, depth)
            if answer is None or (answer.bearer is None and found.bearer is not None and not answer.parts):
                answer, at = found, first
        self.answers[number] = answer
        if answer is not None:
            self.scene.note(at, answer, relative=self.scene.words.low[at] in RELATIVE)
            for part in answer.parts or [answer]:
                if part.bearer is not None:
                    self.spoke[part.bearer.number] += 1
        return answer

    def _resolve(self, number: int, first: int, last: int, depth: int) -> Answer:
        scene = self.scene
        mention = read_mention(scene.words, scene.index, first, last)
        own = [scene.words.within(span) for span in self.attributions[number].content]
        writer = frozenset((scene.author.number,)) if scene.author is not None else frozenset()
        scene.quoting = self._quoting(number, first, depth) if scene.words.quoted[first] else writer
        answer = self._resolve_shape(number, mention, own, depth)
        return self._with_members(answer, first, last) if answer.reason == "group" else answer

    def _with_members(self, answer: Answer, first: int, last: int) -> Answer:
        """Names the members that a group's own words list: all of them, or some for a later "they"."""
        positions, whole = names_in_group(self.scene.words, self.scene.index, first, last)
        parts = [named(self.scene.bearers_at(position), "listed", 0.8) for position in positions]
        if not parts or any(part.bearer is None for part in parts):
            return answer
        if whole:
            joint = _joint(parts)
            joint.words = _text(self.scene.words, first, last)
            return joint
        if all(part.bearer is not None and part.bearer.may_be_person for part in parts):
            answer.examples = parts
        return answer

    def _resolve_shape(self, number: int, mention: Mention, own: Sequence[Range], depth: int) -> Answer:
        scene = self.scene
        turn = resolve_turn(scene, mention)
        if turn is not None:
            return turn
        if mention.shape == "joint":
            parts = [self._resolve_shape(number, part, own, depth) for part in mention.parts]
            return _joint(parts)
        if mention.shape == "pronoun":
            if mention.pronoun in SELF:
                return self._first_person(number, mention, depth)
            answer = resolve_pronoun(scene, mention, own)
            if answer.bearer is not None and answer.confidence >= _SURE_OF_GENDER:
                answer.bearer.gender = answer.bearer.gender or gender_of(mention.pronoun)
            if answer.reason == "pronoun-without-antecedent":
                return named_after_lead(scene, mention.first, gender_of(mention.pronoun)) or answer
            return self._noun_before(mention, own, answer) if answer.reason == "relative-noun" else answer
        if mention.shape == "name":
            return self._named(mention, own)
        if mention.shape == "nominal":
            return resolve_nominal(scene, mention, own)
        return Answer("unnamed", reason="no-noun")

    def _noun_before(self, mention: Mention, own: Sequence[Range], answer: Answer) -> Answer:
        """Resolves the noun phrase that a relative pronoun takes up ("the Omani government, which")."""
        words = self.scene.words
        last = mention.first - 1
        if words.low[last] in ("of", "to", "with", "for", "from"):
            last -= 1
        first = last
        while first > 0 and last - first < 6 and not words.first[first] and words.low[first] not in _NOUN_OPENERS:
            first -= 1
        if last < 0 or (words.low[first] not in _NOUN_OPENERS and not words.first[first]):
            return Answer("unnamed", reason="relative-noun", words=answer.words)
        found = read_mention(words, self.scene.index, first, last)
        cut_short = found.last != last and words.low[found.last + 1] not in ("of", "for", "in", "at", "from")
        if found.shape != "nominal" or cut_short:
            return Answer("unnamed", reason="relative-noun", words=answer.words)
        resolved = resolve_nominal(self.scene, found, own)
        if mention.pronoun == "which" and resolved.bearer is not None and resolved.bearer.may_be_person:
            return Answer("unnamed", reason="relative-noun", words=answer.words)
        return resolved

    def _named(self, mention: Mention, own: Sequence[Range]) -> Answer:
        bearers = self.scene.bearers_at(mention.name)
        name = self.scene.directory.names[mention.name]
        both = resolve_family(self.scene, name)
        if both is not None:
            both.words = _text(self.scene.words, mention.first, mention.last)
            return both
        family = len(bearers) == 1 and bearers[0].place and not name.place
        if family or (name.place and name.type != "organisation"):
            return Answer("unnamed", reason="group", words=_text(self.scene.words, mention.first, mention.last))
        full = len(name.key) > 1
        if not full and not name.titles:
            sharing = fitting_bearers(self.scene.directory, name.key[0])
            if len(sharing) > 1:
                return resolve_shared(self.scene, mention, own, sharing, self.spoke)
            bearers = sharing if len(bearers) > 1 and sharing else bearers
        if name.titles and len(bearers) > 1:
            gender = gender_of_titles(name.titles)
            fitting = [one for one in bearers if gender and one.gender == gender]
            running = self.scene.running(mention.first, bearers, sentences=1)
            bearers = fitting if len(fitting) == 1 else [running] if running else bearers
        answer = named(bearers, "full-name" if full else "short-name", 0.97 if full else 0.95)
        if answer.bearer is not None and not full and len(answer.bearer.key) == 1:
            answer.reason = "only-name"
        answer.words = _text(self.scene.words, mention.first, mention.last)
        return answer

    def _first_person(self, number: int, mention: Mention, depth: int) -> Answer:
        """Resolves "I" and "we": the speaker of the quotation around them, else the reporter."""
        words = self.scene.words
        start = words.start[mention.first]
        outer = self._enclosing(number, start) if depth < _MAX_DEPTH else -1
        if outer >= 0:
            answer = self._answer(outer, depth + 1)
            if answer is not None and answer.outcome != "lost":
                return Answer(
                    answer.outcome, answer.bearer, "first-person", answer.confidence * 0.95, answer.ranked, answer.parts
                )
        author = next(
            (one for first, stop, one in self.scene.letters if first <= mention.first < stop), self.scene.author
        )
        if author is not None and mention.pronoun not in PLURAL_SELF:
            return Answer("named", author, "byline", 0.85, [Ranked(author, 1.0, "byline")])
        return Answer("unnamed", reason="reporter", words=words.raw[mention.first])

    def _quoting(self, number: int, first: int, depth: int) -> frozenset[int]:
        """Returns who is quoted around a mention: in his own quotation, "he" is somebody else."""
        outer = self._enclosing(number, self.scene.words.start[first]) if depth < _MAX_DEPTH else -1
        answer = self._answer(outer, depth + 1) if outer >= 0 else None
        return frozenset((answer.bearer.number,)) if answer is not None and answer.bearer is not None else frozenset()

    def _enclosing(self, number: int, start: int) -> int:
        """Returns the attribution whose content holds the offset, or -1; looks at a bounded number of spans."""
        at = bisect_right(self.quotes, (start, len(self.scene.words.text) + 1, 0)) - 1
        looked = 0
        while at >= 0 and looked < 6:
            first, end, other = self.quotes[at]
            if other != number and first <= start < end:
                return other
            at, looked = at - 1, looked + 1
        return -1


def _joint(parts: list[Answer]) -> Answer:
    flat: list[Answer] = []
    for part in parts:
        flat.extend(part.parts or [part])
    kept: list[Answer] = []
    for part in flat:
        if part.bearer is None or all(part.bearer is not other.bearer for other in kept):
            kept.append(part)
    if len(kept) == 1:
        return kept[0]
    if all(part.outcome in ("unnamed", "document", "lost") for part in kept):
        return Answer("unnamed", reason="group", confidence=0.9)
    return Answer("named", None, "joint", min(part.confidence for part in kept), parts=kept)


def _text(words: Words, first: int, last: int) -> str:
    return " ".join(words.text[words.start[first] : words.end[last]].split())


def _words_of(text: str, spans: Sequence[Span]) -> str:
    return " … ".join(" ".join(text[span.start : span.end].split()) for span in spans)


def _reference(answer: Answer, words: str) -> SpeakerReference:
    if answer.parts:
        return _joint_reference(answer, words)
    candidates = tuple(
        Candidate(one.bearer.name, _type_of(one.bearer), round(one.score, 3), one.reason)
        for one in answer.ranked[:_MAX_CANDIDATES]
        if one.bearer.name
    )
    bearer = answer.bearer
    if answer.outcome == "named" and bearer is not None:
        kind = _type_of(bearer)
        status: SpeakerStatus = "unresolved" if kind == "person" and len(bearer.key) == 1 else "resolved"
        return SpeakerReference(
            status=status,
            name=bearer.name,
            type=kind,
            words=words,
            aliases=tuple(form for form in bearer.forms if form != bearer.name),
            roles=tuple(bearer.roles),
            confidence=_surer(answer.confidence),
            reason=answer.reason,
            candidates=candidates,
        )
    if answer.outcome == "ambiguous":
        return SpeakerReference(
            "ambiguous",
            None,
            "person",
            words,
            confidence=answer.confidence,
            reason=answer.reason,
            candidates=candidates,
        )
    sure = round(answer.confidence or _UNNAMED_CONFIDENCE, 3)
    if answer.outcome == "document":
        name = _bare(answer.words or words)
        return SpeakerReference("resolved", name, "document", words, confidence=sure, reason=answer.reason)
    if answer.outcome == "lost":
        return SpeakerReference("unresolved", None, "unknown", words, reason=answer.reason)
    return SpeakerReference("unnamed", None, "unnamed", words, confidence=sure, reason=answer.reason)


def _joint_reference(answer: Answer, words: str) -> SpeakerReference:
    members = tuple(_reference(part, part.words or (part.bearer.name if part.bearer else "")) for part in answer.parts)
    if not any(member.name for member in members):
        return SpeakerReference("unnamed", None, "unnamed", words, reason=answer.reason)
    statuses = {member.status for member in members}
    status: SpeakerStatus = (
        "ambiguous" if "ambiguous" in statuses else "unresolved" if "unresolved" in statuses else "resolved"
    )
    return SpeakerReference(
        status=status,
        name=" & ".join(member.name or _bare(member.words) for member in members),
        type="person" if any(member.type == "person" for member in members) else "organisation",
        words=words,
        members=members,
        confidence=_surer(answer.confidence),
        reason=answer.reason,
    )


def _surer(confidence: float) -> float:
    """Returns what is stated for a name: the rules are right more often than each says of itself."""
    return round(1 - _DOUBT * (1 - confidence), 3)


def _bare(words: str) -> str:
    """Returns words without the determiner that ties them to this text ("his aides", "the report")."""
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in ("his", "her", "their", "my", "our", "the", "a", "an", "its") else words


def _type_of(bearer: Bearer) -> SpeakerType:
    kind = bearer.type
    if kind == "unknown":
        return "person"
    return kind
