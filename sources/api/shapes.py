"""Outlets as the API shows them."""

from sources.api.reading import Row, Rows, Shape
from sources.api.selection import field
from sources.models import Source


class SourceShape(Shape):
    """An outlet."""

    model = Source
    fields = {
        **{name: field(name) for name in ("id", "name", "slug", "kind", "domain", "language")},
        **{name: field(name) for name in ("created_at", "modified_at")},
        "url": field("id", make="own_address"),
    }

    def build(self, rows: Rows) -> list[Row]:
        self.own_at = self.address("source-list")
        return super().build(rows)

    def own_address(self, pk: int) -> str:
        return f"{self.own_at}{pk}/"
