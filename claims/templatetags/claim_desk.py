"""What the templates of a claim's page need: notes as safe HTML, and the history in words."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from claims.admin.ledger import Entry, entries
from claims.formats.markdown import safe_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """A note's Markdown as HTML that was cleaned."""
    return mark_safe(safe_html(text or ""))  # noqa: S308  (`safe_html` is the one place that answers for it)


@register.simple_tag
def history_of(desk: Any) -> list[Entry]:
    """The newest changes of a claim, in words."""
    return entries(desk.changes, people=desk.choices.people, ratings=desk.choices.ratings)
