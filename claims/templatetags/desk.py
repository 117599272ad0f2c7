"""What the start page shows to whoever is logged in."""

from typing import Any

from django import template
from django.template import RequestContext

from claims.admin import start

register = template.Library()


@register.simple_tag(takes_context=True)
def start_page(context: RequestContext) -> dict[str, Any]:
    """Heaps, saved filters and charts; see `claims.admin.start`."""
    return start.start_page(context["request"])
