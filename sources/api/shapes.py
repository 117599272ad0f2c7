"""Outlets as the API shows them."""

from collections.abc import Sequence

from sources.api.rows import Row, Shape


class SourceShape(Shape):
    """An outlet."""

    columns = ("id", "name", "slug", "kind", "domain", "language", "created_at", "modified_at")

    def build(self, rows: Sequence[Row]) -> list[Row]:
        base = self.address("source-list")
        return [row | {"url": f"{base}{row['id']}/"} for row in rows]
