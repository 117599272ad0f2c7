"""Words in a claim's text.

The simple form: every word must occur, case aside, in any order. Whatever the user types is only words; there is no
syntax that could fail. Kept apart from the filters so that full-text search can take its place behind the same call.
"""

import re

from django.db.models import Q, QuerySet

MAX_WORDS = 20
MAX_LENGTH = 300


def with_words(queryset: QuerySet, field: str, text: str) -> QuerySet:
    """Rows whose `field` has all words of `text`."""
    wanted = Q()
    for word in text.split()[:MAX_WORDS]:
        # SQLite's LIKE knows the case of ASCII letters only; its regular expressions are Python's and know all.
        wanted &= Q(**{f"{field}__icontains": word}) if word.isascii() else Q(**{f"{field}__iregex": re.escape(word)})
    return queryset.filter(wanted)
