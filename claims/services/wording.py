"""The key under which claims with the same words find each other, in whatever article they stand.

Equal after case, accents' composition, punctuation and space are set aside, as quotation collections count repeats; no
similarity. A claim of few words has no key: "it was a mistake" is said of everything, and a list of strangers would
teach editors to ignore the list. `text_key` is stored with each claim, so a change here needs a migration that
rewrites the keys. Whoever writes `Claim.text` writes `text_key` with it.
"""

import hashlib
import unicodedata

FEWEST_WORDS = 5
KEY_LENGTH = 32  # half of a SHA-256 in hexadecimal: 128 bits


def text_key(text: str) -> str:
    """The key of a claim's text; empty where it has too few words to stand for itself."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = folded.replace("'", "").replace("’", "")
    words = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in folded).split()
    if len(words) < FEWEST_WORDS:
        return ""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:KEY_LENGTH]
