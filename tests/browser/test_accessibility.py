"""Every page of the desk for those who see little, or use no mouse: axe-core's rules, and the keyboard.

axe-core comes with a package of the test environment; nothing is loaded from elsewhere. Colours differ between light
and dark, so every page is looked at in both.
"""

from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page

from claims.services.articles import process_article
from sources.models import Article
from sources.parsing import ParsedArticle
from tests.claims.factories import make_claim, make_note, make_speaker, make_verdict

MOST_STOPS = 400
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations'], preload: false});
  return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) =>
    `${one.id}: ${one.nodes.slice(0, 4).map((node) => node.html.slice(0, 140) + ' ' +
      (node.any.concat(node.all, node.none)[0]?.message ?? '')).join(' | ')}`);
}"""

STORY = """The mill at Halm stays shut, the council said on Monday.

Ilse Marrow, who runs the mill, said the dam had cracked in March. "Nobody asked us," Marrow said. She hoped it would be
mended. Tomas Vell, the mayor, denied that anybody had asked him. A senior official said money was short."""


def store(text: str) -> Article:
    given = {"source_name": "The Kestrel", "headline": "Mill shut", "url": "https://kestrel.example/mill"}
    return process_article(ParsedArticle(text, published_on=date(2026, 3, 2), **given)).article  # type: ignore[arg-type]


@pytest.fixture
def desk(transactional_db: None) -> dict[str, str]:
    """Two versions of a story with work on a claim, and the pages of all that."""
    store(STORY)
    article = store(STORY.replace("March", "April"))
    article.runs.update(engine_version="0.0.1")
    claim = article.claims.filter(speakers__name="Ilse Marrow").order_by("pk").first()
    assert claim is not None
    make_note(claim, text="Called her; see the *log*.")
    make_verdict(claim, summary="It cracked in April.")
    make_claim(make_speaker("I. Marrow"), text="the harvest is in")
    speaker = claim.speakers.get()
    return {
        "start page": "/admin/",
        "triage list": "/admin/claims/claim/",
        "claim page": f"/admin/claims/claim/{claim.pk}/change/",
        "speakers": "/admin/claims/speaker/",
        "speaker page": f"/admin/claims/speaker/{speaker.pk}/change/",
        "articles": "/admin/sources/article/",
        "article page": f"/admin/sources/article/{article.pk}/change/",
        "add article": "/admin/sources/article/add/",
        "versions": f"/admin/sources/article/{article.pk}/compare/",
        "preview": f"/admin/sources/article/{article.pk}/reextract/",
        "taking down": f"/admin/sources/article/{article.pk}/takedown/",
        "erasing": f"/admin/claims/erasure/speaker/{speaker.pk}/",
        "turning the second factor on": "/admin/second-factor/enrol/",
    }


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    return page.evaluate(RUN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_violation(
    scheme: str,
    desk: dict[str, str],
    make_user: Callable[..., User],
    page_for: Callable[..., Page],
    new_page: Callable[..., Page],
) -> None:
    vera = make_user()
    page = page_for(vera, color_scheme=scheme, bypass_csp=True)  # axe writes styles to measure by
    found = {}
    for name, path in desk.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, name
        found[name] = violations(page)
    visitor = new_page(color_scheme=scheme, bypass_csp=True)
    visitor.goto("/admin/login/")
    found["log-in"] = violations(visitor)
    TOTPDevice.objects.create(user=vera, name="telephone", confirmed=True)
    page.goto("/admin/")
    assert page.url.partition("?")[0].endswith("/admin/second-factor/")
    found["second factor"] = violations(page)
    lines = [f"{name}: {problem}" for name, problems in found.items() for problem in problems]
    assert not lines, "\n".join(lines)


# Everything that a mouse could use, but for what only repeats another stop and the other buttons of a radio group.
CONTROLS = """() => {
  const seen = new Set();
  const all = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex]')];
  return all.filter((one) => one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
      && !one.disabled && one.type !== 'hidden' && one.tabIndex >= 0 && one.getClientRects().length)
    .filter((one) => one.type !== 'radio' || !seen.has(one.name) && seen.add(one.name))
    .map((one, number) => { one.dataset.stop = number; return one.outerHTML.slice(0, 120); });
}"""
# What the focus changes in the look of an element, compared with the same element without it.
FOCUSED = """(known) => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const stop = (one.type === 'radio'
    ? document.querySelector(`[name="${one.name}"][data-stop]`)?.dataset.stop : one.dataset.stop) ?? one.outerHTML;
  // A field of a date has several stops, and taking the focus away would begin it anew.
  if (known.includes(stop)) return {stop, visible: true};
  const look = (element) => { const style = getComputedStyle(element);
    return [style.outlineStyle + style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor,
      style.backgroundColor, style.textDecorationLine, style.textDecorationThickness, style.color].join(';'); };
  const around = (element) => [element, element.parentElement, element.closest('.select2-container')]
    .filter(Boolean).map(look).join('|');
  const withFocus = around(one);
  one.blur();
  const without = around(one);
  one.focus();
  return {stop, visible: withFocus !== without, html: one.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize("name", ["triage list", "claim page", "article page", "taking down"])
def test_everything_is_reached_by_the_tab_key_and_shows_it(name: str, desk: dict[str, str], editor_page: Page) -> None:
    page = editor_page
    page.emulate_media(reduced_motion="reduce")
    page.goto(desk[name])
    controls = page.evaluate(CONTROLS)
    reached: list[str] = []
    hidden = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED, reached)
        if focused is None or (len(reached) > 1 and focused["stop"] == reached[0]):
            break
        if not focused["visible"]:
            hidden.append(focused["html"])
        if focused["stop"] not in reached:
            reached.append(focused["stop"])
    missed = [html for number, html in enumerate(controls) if str(number) not in reached]
    assert not missed, "never reached:\n" + "\n".join(missed)
    assert not hidden, "the focus is not seen on:\n" + "\n".join(hidden)
