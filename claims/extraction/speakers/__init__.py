"""Who speaks: from the mentions of one article to the fullest names in its text.

One verb, `name_speakers`. The steps are `tokens` (words), `names` (capitalised runs), `clusters` (which names
are one bearer), `roles` (what the text says about them), `mentions` (the shape of a mention), `pronouns` and
`nominals` (whom it means), `resolve` (the walk through the article). Cross-article identity is another
question and lives in `claims.extraction.identity`.
"""

from claims.extraction.speakers.resolve import name_speakers

__all__ = ["name_speakers"]
