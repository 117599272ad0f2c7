"""Notes as safe HTML: what Markdown does, and what nobody can do with it."""

import re
import time

import pytest

from claims.formats.markdown import MOST_CHARACTERS, safe_html

DOES = [
    pytest.param("Asked **twice**.", "<p>Asked <strong>twice</strong>.</p>", id="strong"),
    pytest.param("one\ntwo", "<p>one<br>\ntwo</p>", id="a line break stays one"),
    pytest.param("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", id="list"),
    pytest.param("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>", id="quotation"),
    pytest.param("~~no~~", "<p><s>no</s></p>", id="struck out"),
    pytest.param("# Big\n## Less", "<h3>Big</h3>\n<h4>Less</h4>", id="headings below those of the page"),
    pytest.param(
        "[log](https://dam.example/a?b=1&c=2)",
        '<p><a href="https://dam.example/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">log</a></p>',
        id="link",
    ),
    pytest.param("![a *map*](https://dam.example/m.png)", "<p>a *map*</p>", id="an image is its words"),
    pytest.param("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>", id="signs"),
    pytest.param("", "", id="nothing"),
]


@pytest.mark.parametrize(("text", "html"), DOES)
def test_what_it_does(text: str, html: str) -> None:
    assert safe_html(text).strip() == html


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
    "![x](javascript:alert(1))",
    '![" onerror="alert(1)](https://a.example)',
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<a href="https://a.example" style="position:fixed" class="ct-danger" id="claim-form">x</a>',
    "<form action=https://a.example><button>x</button></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=https://a.example>",
    "<!--><script>alert(1)</script>-->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<p\n\nonclick=alert(1)>",
]
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z0-9]+)([^>]*)>")
_SAFE = {"p", "br", "a", "code", "pre", "em", "strong", "s", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6"}
_LINK = re.compile(r'( href="(https?|mailto):[^"]*"| title="[^"]*"| rel="nofollow noopener noreferrer")*')


@pytest.mark.parametrize("text", ATTACKS)
def test_what_nobody_can_do(text: str) -> None:
    html = safe_html(text)
    for name, attributes in _TAG.findall(html):
        assert name in _SAFE, html
        if name == "a" and attributes:
            assert _LINK.fullmatch(attributes), html
            assert "nofollow noopener" in attributes
        elif name != "a":
            assert not attributes.strip(), html
    assert "<!--" not in html


@pytest.mark.parametrize("piece", ["[", "*", "> ", "- ", "`a", "~~a", "[a](", "<a ", "![", "&", "|a\n|-\n"])
def test_long_nonsense_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    html = safe_html(piece * (MOST_CHARACTERS // len(piece)))
    assert time.perf_counter() - started < 2
    assert len(html) < 12 * MOST_CHARACTERS


def test_of_a_text_too_long_the_beginning_is_shown() -> None:
    assert safe_html("a" * MOST_CHARACTERS + "<b>") == f"<p>{'a' * MOST_CHARACTERS}</p>\n"
