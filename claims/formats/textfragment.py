"""A link into the original page that scrolls to a claim's words and marks them (`#:~:text=`).

Written as the draft standard "URL Fragment Text Directives" asks: `[prefix-,]start[,end][,-suffix]`, each term in
percent-encoding, where `-`, `,` and `&` are encoded too, since they separate. A browser matches whole words, white
space aside, and one term never across two blocks of the page; so a long quote, or one over several paragraphs, is given
by its first and last words. A short quote gets the words around it, to be found in the right place. Do not put more
into the link than it needs: every further word is one that the page may write differently.
"""

from collections.abc import Sequence
from urllib.parse import quote as percent_encode

from claims.formats.values import Quote

MAX_WHOLE = 300
"""Code points up to which a quote is given whole; the draft's own advice for the range form is "long snippets"."""

_EDGE_WORDS = 5  # of a range, on each side
_FEW_WORDS = 5  # with fewer, a quote is likely to stand elsewhere in the page too
_CONTEXT_WORDS = 3
_DIRECTIVE = ":~:"


def text_fragment_link(url: str, quotes: Sequence[Quote]) -> str:
    """The page's address with a directive for each quote.

    Args:
        url: Where the article was published; a fragment of its own is kept, a directive in it is replaced.
        quotes: The claim's spans; those of nothing but white space are left out.

    Returns:
        The link; empty without an address, and the address alone without quotes.
    """
    if not url:
        return ""
    page, _, fragment = url.partition("#")
    fragment = fragment.partition(_DIRECTIVE)[0]
    directives = "&".join(f"text={directive}" for quote in quotes if (directive := _directive(quote)))
    if not directives:
        return f"{page}#{fragment}" if fragment else page
    return f"{page}#{fragment}{_DIRECTIVE}{directives}"


def _directive(quote: Quote) -> str:
    blocks = [words for line in quote.exact.splitlines() if (words := line.split())]
    if not blocks:
        return ""
    first, last = blocks[0], blocks[-1]
    whole = " ".join(first)
    if len(blocks) == 1 and (len(whole) <= MAX_WHOLE or len(first) <= 2 * _EDGE_WORDS):
        terms = [_encoded(first)]
    else:
        terms = [_encoded(first[:_EDGE_WORDS]), _encoded(last[-_EDGE_WORDS:])]
    if len(blocks) == 1 and len(first) < _FEW_WORDS:
        if before := _words_before(quote):
            terms.insert(0, f"{_encoded(before)}-")
        if after := _words_behind(quote):
            terms.append(f"-{_encoded(after)}")
    return ",".join(terms)


def _words_before(quote: Quote) -> list[str]:
    """The last words of the prefix that stand whole in it, in the quote's own line."""
    if not _is_apart(quote.prefix[-1:], quote.exact[:1]):
        return []
    line = quote.prefix.rpartition("\n")[2]
    may_be_cut = line == quote.prefix and not line[:1].isspace()
    return line.split()[1 if may_be_cut else 0 :][-_CONTEXT_WORDS:]


def _words_behind(quote: Quote) -> list[str]:
    """The first words of the suffix that stand whole in it, in the quote's own line."""
    if not _is_apart(quote.exact[-1:], quote.suffix[:1]):
        return []
    line = quote.suffix.partition("\n")[0]
    may_be_cut = line == quote.suffix and not line[-1:].isspace()
    return line.split()[: -1 if may_be_cut else None][:_CONTEXT_WORDS]


def _is_apart(left: str, right: str) -> bool:
    """Whether a word ends between two characters."""
    return not (left.isalnum() and right.isalnum())


def _encoded(words: Sequence[str]) -> str:
    return percent_encode(" ".join(words), safe="").replace("-", "%2D")
