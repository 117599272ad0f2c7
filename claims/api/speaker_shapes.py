"""Speakers as the API shows them."""

from collections import defaultdict

from django.db.models import F

from claims.api.access import claims_for
from claims.api.survivors import absorbed_by
from claims.models import Speaker, SpeakerAlias, SpeakerExternalId
from sources.api.reading import Row, Rows, Shape
from sources.api.selection import field
from sources.api.statements import AnyOf, Slot, Statement, statements


class SpeakerShape(Shape):
    """A speaker with all names and the ids that were merged into it."""

    model = Speaker
    fields = {
        "id": field("id"),
        "name": field("name"),
        "slug": field("slug"),
        "kind": field("kind"),
        "aliases": field("id", make="aliases_of", needs="gather_aliases"),
        "merged_from": field("id", make="merged_into", needs="gather_merged"),
        "created_at": field("created_at"),
        "modified_at": field("modified_at"),
        "claims_url": field("id", make="claims_address"),
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at, self.claims_at = self.address("speaker-list"), self.address("claim-list")
        return super().build(rows)

    def gather_aliases(self, rows: Rows) -> None:
        """All names of the page's speakers, in the order in which they were met."""
        self.aliases: dict[int, list[str]] = defaultdict(list)
        statement = statements.get("aliases of speakers", _aliases_of_speakers)
        for pk, name in statement.rows({"ids": self.column(rows, "id")}):
            self.aliases[pk].append(name)

    def gather_merged(self, rows: Rows) -> None:
        """The speakers that were merged into those of the page."""
        self.merged = absorbed_by(self.column(rows, "id"))

    def aliases_of(self, pk: int) -> list[str]:
        return self.aliases.get(pk, [])

    def merged_into(self, pk: int) -> list[int]:
        return self.merged[pk]

    def claims_address(self, pk: int) -> str:
        return f"{self.claims_at}?speaker={pk}"

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"


def _aliases_of_speakers() -> Statement:
    named = SpeakerAlias.objects.filter(AnyOf(F("speaker_id"), Slot("ids"))).order_by("id")
    return Statement(named.values_list("speaker_id", "name"))


class SpeakerDetailShape(SpeakerShape):
    """As in lists, with the number of claims, which costs a count, and what the desk knows of the speaker elsewhere."""

    fields = SpeakerShape.fields | {
        "claims_count": field("id", make="count_of"),
        "external_ids": field("id", make="external_ids_of"),
    }

    def count_of(self, pk: int) -> int:
        """Claims of depth 0."""
        return int(claims_for(self.request).filter(depth=0, links__speaker_id=pk).count())

    def external_ids_of(self, pk: int) -> list[Row]:
        """Wikidata's item, and pages about them."""
        rows = SpeakerExternalId.objects.filter(speaker_id=pk).order_by("-scheme", "id")
        return [{"scheme": row.scheme, "value": row.value, "url": row.url} for row in rows]
