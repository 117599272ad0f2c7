"""What an outlet looks like, for the API's description."""

from rest_framework import serializers

from sources.models import Source


class SourceBriefSerializer(serializers.Serializer):
    """An outlet where something else refers to it."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class SourceSerializer(SourceBriefSerializer):
    """An outlet."""

    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    domain = serializers.CharField(help_text="Empty if unknown.")
    language = serializers.CharField(help_text="BCP 47; empty if unknown.")
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    url = serializers.URLField()
