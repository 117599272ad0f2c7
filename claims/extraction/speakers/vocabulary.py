"""The word lists of the speaker rules, loaded once, and the closed classes too small for a file."""

from claims.extraction.lexicons import load, word_set

CALENDAR = load("calendar")
COMPANIES = load("company_words")
DEMONYMS = load("demonyms")
EITHER = load("first_names_either")
FEMALE = load("first_names_female")
MALE = load("first_names_male")
FIRST_NAMES = MALE | FEMALE | EITHER
ORGANISATION_HEADS = load("organisation_heads")
PARTICLES = load("particles")
PLACES = load("places")
POLICY = load("policy_words")
SENTENCE_WORDS = load("sentence_words")
STATES = load("state_abbreviations")
THINGS = load("thing_heads")
TITLES = load("titles")
UNNAMED = load("unnamed_heads")

SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "jnr", "snr"))
COMPANY_SUFFIXES = frozenset(("inc", "llc", "ltd", "plc", "corp", "llp"))
REGNAL = frozenset(("king", "queen", "prince", "princess", "pope", "emperor", "sultan", "emir", "sheikh"))
MEMBERS = frozenset(("republican", "democrat", "conservative", "liberal", "libertarian", "socialist", "independent"))
"""Members of parties, whom papers name by their state ("the Ohio Republican")."""
PARTIES = MEMBERS | frozenset(("democratic", "gop", "labor", "labour", "tory"))
OFFICES = word_set(
    "state defense defence education labor labour commerce energy treasury transportation transport agriculture "
    "interior health foreign public finance justice affairs security trade housing"
)
"""What a secretary or minister is "of", in lower case before a name ("secretary of state Ana Sol")."""
