"""Names that a split took from a speaker; asked wherever an article would give a speaker a name."""

from collections.abc import Collection

from claims.models import BarredName


def barred_names(speaker_ids: Collection[int], keys: Collection[str]) -> set[tuple[int, str]]:
    """Which of these names articles may not give to which of these speakers; one query."""
    rows = BarredName.objects.filter(speaker__in=speaker_ids, key__in=keys)
    return set(rows.values_list("speaker_id", "key"))
