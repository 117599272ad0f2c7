"""Notes in Markdown, as HTML that is safe to show to anybody.

CommonMark with struck-out words; raw HTML is shown as the text it is, of images only the words stay, and what comes out
is cleaned once more against a list of allowed elements, so that neither program alone has to be right. Links lead to
http, https and mail addresses only, and tell search engines and the other side nothing.

Do not show an editor's text in any other way, and do not allow `style`, `class` or `id`: a note must not be able to
dress up as a part of the page. Do not enable tables: their missing cells are filled up, and 20,000 characters become
680,000 in a second.
"""

from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

MOST_CHARACTERS = 20_000  # what a note may have at most
_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_REL = "nofollow noopener noreferrer"
_SHIFT = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}  # a page has its own first headings


def _words_of_image(renderer: object, tokens: Sequence[Token], position: int, options: Any, environment: Any) -> str:
    return escapeHtml(tokens[position].content)


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
_parser.add_render_rule("image", _words_of_image)


def safe_html(text: str) -> str:
    """A note's Markdown as HTML; of a text beyond `MOST_CHARACTERS` only the beginning."""
    tokens = _parser.parse(text[:MOST_CHARACTERS])
    for token in tokens:
        token.tag = _SHIFT.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=_absolute, url_schemes=_SCHEMES, link_rel=_REL
    )


def _absolute(element: str, attribute: str, value: str) -> str | None:
    """Drops addresses within this site: "log out" is no link to hide in a note."""
    if attribute == "href" and value.partition(":")[0].lower() not in _SCHEMES:
        return None
    return value
