"""What a row looks like that is read, and an outlet, for the API's description."""

from rest_framework import serializers

from sources.models import Source


class AnswerSerializer(serializers.Serializer):
    """A row as it is read, of which `fields` and `omit` may leave out any part."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """The declared fields, none of them required."""
        fields = super().get_fields()
        for one in fields.values():
            one.required = False
        return fields


class SourceBriefSerializer(serializers.Serializer):
    """An outlet where something else refers to it."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()


class SourceSerializer(AnswerSerializer, SourceBriefSerializer):
    """An outlet."""

    kind = serializers.ChoiceField(choices=Source.Kind.choices)
    domain = serializers.CharField(help_text="Empty if unknown.")
    language = serializers.CharField(help_text="BCP 47; empty if unknown.")
    created_at = serializers.DateTimeField()
    modified_at = serializers.DateTimeField()
    url = serializers.URLField()
