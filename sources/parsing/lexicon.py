"""Closed word lists of wire copy: months, agencies, labels that look like places. Lower-case, unique, sorted.

An agency that is missing here is still recognised where the copy itself vouches for it (dateline, desk initials,
capitals); being listed only lets a sign-off stand alone. So keep the list to names that mean nothing else.
"""

from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}

WEEKDAYS: Final = frozenset({"friday", "monday", "saturday", "sunday", "thursday", "tuesday", "wednesday"})

AGENCIES: Final = frozenset(
    {
        *("aap", "afp", "agence france-presse", "agerpres", "anadolu", "anadolu agency", "ani", "ansa", "antara"),
        *("ap", "associated press", "azertac", "belga", "bernama", "bloomberg", "bss", "bta", "canadian press"),
        *("cnn", "ctk", "dpa", "efe", "hina", "ians", "interfax", "inter press service", "irna", "isna", "itar-tass"),
        *("jiji", "jiji press", "kna", "kuna", "kyodo", "kyodo news", "lusa", "mti", "ntb", "pa media", "pap"),
        *("press association", "press trust of india", "pti", "ptinews", "reuters", "ritzau", "sana", "sapa", "tanjug"),
        *("tass", "the associated press", "the canadian press", "thomson reuters foundation", "ukrinform", "unb"),
        *("uni", "upi", "wafa", "wam", "xinhua", "yonhap", "yonhap news"),
    }
)

LABELS: Final = frozenset(
    {
        *(
            "advisory",
            "alert",
            "analysis",
            "attention",
            "background",
            "breaking",
            "breaking news",
            "bulletin",
            "clarification",
        ),
        *("comment", "commentary", "corrected", "correction", "developing", "disclaimer", "editorial", "eds", "essay"),
        *("exclusive", "explained", "explainer", "fact check", "factbox", "feature", "flash", "graphic", "headlines"),
        *(
            "important",
            "interview",
            "just in",
            "latest",
            "live",
            "look",
            "must read",
            "must watch",
            "new",
            "news",
            "note",
        ),
        *(
            "obituary",
            "opinion",
            "photo",
            "photos",
            "pictures",
            "podcast",
            "poll",
            "profile",
            "quiz",
            "recap",
            "retraction",
        ),
        *(
            "review",
            "spoiler alert",
            "spotlight",
            "summary",
            "survey",
            "timeline",
            "top news",
            "top stories",
            "trending",
        ),
        *("update", "updated", "urgent", "video", "warning", "watch", "weather"),
    }
)
"""What stands in capitals before a dash and is no place."""

BODIES: Final = frozenset(
    {
        *(
            "asean",
            "brics",
            "cdc",
            "cia",
            "eu",
            "fao",
            "fbi",
            "fda",
            "fema",
            "fifa",
            "gop",
            "iaea",
            "icc",
            "ilo",
            "imf",
        ),
        *("nasa", "nato", "oecd", "opec", "osce", "uefa", "un", "unesco", "unhcr", "unicef", "who", "wto"),
    }
)
"""Organisations whose acronym may open a sentence before a dash."""

NOT_PLACES: Final = frozenset(
    {
        *(
            "a",
            "after",
            "all",
            "although",
            "an",
            "and",
            "as",
            "at",
            "because",
            "before",
            "between",
            "but",
            "by",
            "date",
        ),
        *("dear", "during", "each", "every", "few", "for", "from", "he", "her", "his", "how", "i", "if", "in", "into"),
        *(
            "it",
            "its",
            "last",
            "many",
            "more",
            "most",
            "mr",
            "mrs",
            "ms",
            "my",
            "next",
            "no",
            "not",
            "of",
            "on",
            "once",
        ),
        *(
            "our",
            "over",
            "president",
            "prime",
            "published",
            "she",
            "since",
            "so",
            "some",
            "that",
            "the",
            "their",
            "then",
        ),
        *("there", "these", "they", "this", "those", "to", "today", "under", "until", "updated", "upon", "we", "what"),
        *("when", "where", "while", "who", "why", "with", "yesterday", "you"),
    }
)
"""First words of a sentence; a place that begins so is lost rather than a sentence beheaded (but see The Hague)."""

PLACE_CONNECTORS: Final = frozenset(
    {
        "al",
        "am",
        "and",
        "au",
        "da",
        "das",
        "de",
        "del",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "la",
        "le",
        "of",
        "sur",
        "the",
        "upon",
        "van",
    }
)

NOT_INITIALS: Final = frozenset(
    {
        *("a", "ac", "am", "and", "any", "as", "b", "both", "c", "day", "dc", "down", "east", "h", "he", "her", "him"),
        *(
            "his",
            "hr",
            "in",
            "ip",
            "it",
            "its",
            "km",
            "m",
            "n",
            "new",
            "no",
            "not",
            "o",
            "off",
            "old",
            "on",
            "one",
            "or",
        ),
        *("out", "over", "pass", "per", "pm", "s", "sec", "she", "tcp", "the", "them", "they", "two", "up", "us", "v"),
        *("vs", "w", "west", "with", "yes", "you"),
    }
)
"""Words that are joined by a slash in ordinary prose: "and/or", "he/she", "km/h", "n/a", "w/o"."""
