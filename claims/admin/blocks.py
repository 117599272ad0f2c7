"""What the forms of a claim's page have in common.

One page, one save, one transaction: either everything that was typed is stored, or nothing, and the page comes back
with it. Each form that edits an existing value carries what the editor saw; where somebody else changed it meanwhile,
the save is refused instead of overwriting.
"""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from claims.errors import Conflict

_MEANWHILE = "Somebody changed {what} while this page was open. Your text is kept below: reload to see theirs."


class Block(forms.Form):
    """A part of the page; bound only where the browser sent it, so that what a role does not see is not touched."""

    marker = ""
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, prefix: str, **options: Any) -> None:
        sent = data is not None and f"{prefix}-{self.marker}" in data
        super().__init__(data if sent else None, prefix=prefix, **options)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs.update(rows=3)

    @property
    def is_touched(self) -> bool:
        """Whether the editor changed anything."""
        return bool(set(self.changed_data) - {"seen"})

    def refuse_stale(self, now: str, what: str) -> None:
        """Stops where the row is no longer what the editor saw.

        Raises:
            Conflict: it changed meanwhile.
        """
        if self.cleaned_data["seen"] and self.cleaned_data["seen"] != now:
            raise Conflict(_MEANWHILE.format(what=what))

    def store(self, actor: Any) -> Iterator[str]:
        """Has the services do what was sent; yields what was done, in words."""
        raise NotImplementedError


def version(row: Any) -> str:
    """What an editor saw of a row, for `refuse_stale`."""
    return row.modified_at.isoformat()
