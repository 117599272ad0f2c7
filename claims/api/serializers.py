"""What is written, checked; and what is read, for the API's description.

The read serializers never run on a request; a test holds them against what the shapes really give.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.models import Claim, Note, Rating, Speaker, SpeakerExternalId, Verdict
from sources.api.serializers import AnswerSerializer, SourceBriefSerializer
from sources.api.strict import StrictSerializer, SuggestingChoiceField, SuggestingCode, nearest
from sources.models import Article

# --- Read ------------------------------------------------------------------------------------------------------------


class SpanSerializer(serializers.Serializer):
    """A stretch of the article's text."""

    start = serializers.IntegerField(help_text="First code point.")
    end = serializers.IntegerField(help_text="Behind the last code point.")
    quote = serializers.CharField(help_text="text[start:end]")


class WordsSerializer(serializers.Serializer):
    """Words of the article and where they stand."""

    text = serializers.CharField()
    spans = SpanSerializer(many=True)


class SpeakerBriefSerializer(serializers.Serializer):
    """A speaker where something else refers to it."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class RatingBriefSerializer(serializers.Serializer):
    """A rating where something else refers to it."""

    slug = serializers.CharField()
    label = serializers.CharField()
    value = serializers.IntegerField(allow_null=True, help_text="Grows with truth; null where no number applies.")
    colour = serializers.CharField(help_text="#rrggbb")


class PublishedVerdictSerializer(serializers.Serializer):
    """What the desk found, published."""

    id = serializers.IntegerField()
    rating = RatingBriefSerializer()
    summary = serializers.CharField()
    published_at = serializers.DateTimeField()
    url = serializers.URLField()


class ArticleBriefSerializer(serializers.Serializer):
    """An article where a claim refers to it."""

    id = serializers.IntegerField()
    headline = serializers.CharField()
    url = serializers.CharField(help_text="Where it was published; empty if unknown.")
    source = SourceBriefSerializer()
    published_on = serializers.DateField(allow_null=True)


class ClaimSerializer(AnswerSerializer):
    """One attributed statement in one article."""

    id = serializers.IntegerField()
    text = serializers.CharField(help_text="Its quotes, joined by “ … ”.")
    spans = SpanSerializer(many=True)
    kind = serializers.ChoiceField(choices=Claim.Kind.choices)
    act = serializers.ChoiceField(choices=Claim.Act.choices)
    cue = WordsSerializer(help_text="The words that attribute.")
    mention = WordsSerializer(help_text="The words by which the article names the speaker there.")
    speakers = SpeakerBriefSerializer(many=True, help_text="Empty where nobody is named.")
    speaker_status = serializers.ChoiceField(choices=Claim.SpeakerStatus.choices)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    article = ArticleBriefSerializer()
    context = serializers.CharField(help_text="The sentences around it.")
    said_on = serializers.DateField(allow_null=True)
    review_status = serializers.ChoiceField(choices=Claim.ReviewStatus.choices)
    verdict = PublishedVerdictSerializer(allow_null=True)
    within = serializers.IntegerField(allow_null=True, help_text="Id of the claim that it stands in.")
    relayed_by = SpeakerBriefSerializer(many=True, help_text="The speakers of that claim.")
    depth = serializers.IntegerField(help_text="0: said directly. 1: said within another claim.")
    engine = serializers.CharField(
        allow_null=True, help_text="Newest engine version that found it; null where only an editor did."
    )
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    url = serializers.URLField()
    highlight = serializers.CharField(help_text="Only with `search`: HTML, the words found within <mark>.")


class SpeakerSerializer(AnswerSerializer, SpeakerBriefSerializer):
    """One to whom claims are attributed."""

    kind = serializers.ChoiceField(choices=Speaker.Kind.choices)
    aliases = serializers.ListField(child=serializers.CharField(), help_text="All names met or added.")
    merged_from = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Ids that were merged into this speaker; they go on working.",
    )
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    claims_url = serializers.URLField()
    url = serializers.URLField()
    highlight = serializers.CharField(help_text="Only with `search`: HTML, the words found within <mark>.")


class ExternalIdSerializer(serializers.Serializer):
    """The same one elsewhere."""

    scheme = serializers.ChoiceField(choices=SpeakerExternalId.Scheme.choices)
    value = serializers.CharField(help_text="Wikidata's Q-number, or an address.")
    url = serializers.URLField()


class SpeakerDetailSerializer(SpeakerSerializer):
    """A speaker with the number of claims, and where else the speaker is known."""

    claims_count = serializers.IntegerField(help_text="Claims of depth 0.")
    external_ids = ExternalIdSerializer(many=True)


class AuthorSerializer(serializers.Serializer):
    """Who signed."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="May be empty for readers without a token.")


@extend_schema_field({"oneOf": [{"type": "integer"}, {"$ref": "#/components/schemas/Claim"}]})
class AboutField(serializers.IntegerField):
    """The id of a claim, or the claim itself where `expand=claim` asks for it."""


class NoteSerializer(AnswerSerializer):
    """A signed note."""

    id = serializers.IntegerField()
    claim = AboutField(help_text="Its id; with `expand=claim` the claim itself.")
    claim_url = serializers.URLField()
    kind = serializers.ChoiceField(choices=Note.Kind.choices)
    text = serializers.CharField()
    is_public = serializers.BooleanField()
    author = AuthorSerializer()
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    url = serializers.URLField()


class VerdictSerializer(AnswerSerializer):
    """What the desk found."""

    id = serializers.IntegerField()
    claim = AboutField(help_text="Its id; with `expand=claim` the claim itself.")
    claim_url = serializers.URLField()
    rating = RatingBriefSerializer()
    summary = serializers.CharField()
    state = serializers.ChoiceField(choices=Verdict.State.choices)
    author = AuthorSerializer()
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    url = serializers.URLField()
    reason = serializers.CharField(required=False, help_text="Inside the desk only.")
    reviewer = AuthorSerializer(required=False, allow_null=True, help_text="Inside the desk only.")
    supersedes = serializers.IntegerField(required=False, allow_null=True, help_text="Inside the desk only.")


class ScaleBriefSerializer(serializers.Serializer):
    """A scale where a rating refers to it."""

    slug = serializers.CharField()
    name = serializers.CharField()


class RatingSerializer(AnswerSerializer, RatingBriefSerializer):
    """One step of a scale."""

    id = serializers.IntegerField()
    order = serializers.IntegerField()
    scale = ScaleBriefSerializer()
    url = serializers.URLField()


class RunSerializer(serializers.Serializer):
    """One pass of the engine over an article."""

    id = serializers.IntegerField()
    engine = serializers.CharField()
    created_at = serializers.DateTimeField()


class ArticleSerializer(AnswerSerializer):
    """One text as published at one time by one outlet."""

    id = serializers.IntegerField()
    url = serializers.CharField(help_text="Where it was published; empty if unknown.")
    headline = serializers.CharField()
    byline = serializers.CharField()
    dateline_place = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    language = serializers.CharField(help_text="As found; `und` where it could not be told.")
    source = SourceBriefSerializer()
    external_id = serializers.CharField(help_text="The `id` under which it was handed in.")
    text_sha256 = serializers.CharField()
    text_withheld = serializers.ChoiceField(
        choices=Article.Withheld.choices, allow_null=True, help_text="Why the text was taken down; null: it was not."
    )
    supersedes = serializers.IntegerField(allow_null=True, help_text="The version before it at the same address.")
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    claims_url = serializers.URLField()
    highlight = serializers.CharField(help_text="Only with `search`: HTML, the words found within <mark>.")


class ArticleDetailSerializer(ArticleSerializer):
    """An article with its text."""

    text = serializers.CharField(
        allow_null=True, help_text="Null where it was taken down, or where texts are not public and no token is given."
    )
    runs = RunSerializer(many=True)


class PostedArticleSerializer(ArticleDetailSerializer):
    """An article with its text and all its claims, relayed ones included."""

    claims = ClaimSerializer(many=True)


# --- Written ---------------------------------------------------------------------------------------------------------


@extend_schema_field({"type": "integer"})
class ClaimField(serializers.Field):
    """The id of a claim that the writer may see."""

    def to_internal_value(self, data: Any) -> Claim:
        if not isinstance(data, int) or isinstance(data, bool):
            raise serializers.ValidationError("Give the claim's id as a number.", "invalid")
        claim = self.context["claims"].filter(pk=data).first() if 0 < data < 2**63 else None
        if claim is None:
            raise serializers.ValidationError(f"There is no claim {data} here.", "does_not_exist")
        return claim


@extend_schema_field({"type": "string"})
class RatingField(serializers.Field):
    """The slug of a rating."""

    def to_internal_value(self, data: Any) -> Rating:
        ratings = {rating.slug: rating for rating in Rating.objects.order_by("order")}
        if isinstance(data, str) and data in ratings:
            return ratings[data]
        message = f"“{str(data)[:100]}” is no rating; valid are {', '.join(ratings)}."
        raise serializers.ValidationError(message, SuggestingCode("invalid_choice", nearest(str(data), ratings)))


class NoteEditSerializer(StrictSerializer):
    """What may be changed in one's own note."""

    kind = SuggestingChoiceField(choices=Note.Kind.choices, required=False)
    text = serializers.CharField(max_length=20_000, required=False)
    is_public = serializers.BooleanField(required=False)


class NoteWriteSerializer(NoteEditSerializer):
    """A new note."""

    claim = ClaimField()
    text = serializers.CharField(max_length=20_000)


_OPEN = [Verdict.State.DRAFT, Verdict.State.PROPOSED]


class VerdictWriteSerializer(StrictSerializer):
    """A new verdict: a draft, or a proposal for publication."""

    claim = ClaimField()
    rating = RatingField()
    summary = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    state = SuggestingChoiceField(choices=_OPEN, required=False)


class VerdictEditSerializer(StrictSerializer):
    """What may be changed: all of one's own draft or proposal; else the state, by those who publish."""

    rating = RatingField(required=False)
    summary = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    state = SuggestingChoiceField(
        choices=[*_OPEN, Verdict.State.PUBLISHED, Verdict.State.WITHDRAWN],
        required=False,
        help_text="`published` and `withdrawn` stand alone, with a reason where a published verdict ends.",
    )
    reason = serializers.CharField(max_length=2_000, allow_blank=True, required=False)


class ArticleWriteSerializer(serializers.Serializer):
    """An article handed in, as `text` or as `html`; what is not given is read from the text or page itself.

    Describes the body only: `sources.parsing` checks it, for HTTP and for the command line alike.
    """

    text = serializers.CharField(required=False, help_text="Plain text or wire copy.")
    html = serializers.CharField(required=False, help_text="A page; its article is taken out.")
    url = serializers.URLField(required=False, max_length=2000)
    source = serializers.CharField(required=False, max_length=200, help_text="Name of the outlet.")
    headline = serializers.CharField(required=False, max_length=500)
    byline = serializers.CharField(required=False, max_length=300)
    published_on = serializers.DateField(required=False, help_text="Not later than tomorrow.")
    id = serializers.CharField(required=False, max_length=200, help_text="Your own identifier.")
