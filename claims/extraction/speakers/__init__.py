"""Who speaks: from the mentions of one article to the fullest names in its text.

One class, `Cast`, and `name_speakers` for who asks once. The steps: `tokens` (words), `runs` and `names`
(capitalised runs and what they are), `bearers` and `clusters` (which names are one), `roles` and `hints` (what the
text says about them), `mentions` and `groups` (the shape of a mention), `owners`, `pronouns`, `institutions` and
`nominals` (whom it means), `scene` (the state of the walk), `resolve` (the walk). Cross-article identity is
another question: `claims.extraction.identity`.
"""

from claims.extraction.speakers.resolve import Cast, name_speakers

__all__ = ["Cast", "name_speakers"]
