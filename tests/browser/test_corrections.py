"""Correcting claims in a real browser: by mouse, by keyboard, with emoji and combining marks in the way."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import ArticleReview, Claim, Correction, Speaker
from claims.services.corrections import accept_claim, correct_claim, finish_article, reject_claim
from tests.browser.test_accessibility import violations
from tests.browser.test_admin_desk import UNNAMED_CONTROLS, place
from tests.claims.factories import make_article, make_claim, make_speaker

FIREFIGHTER = "\U0001f469\u200d\U0001f692"
TEXT = (
    f"The cafe\u0301 at Halm 🌊🌊 stays shut, {FIREFIGHTER} or not.\n\n"
    f"“The dam 🌊 cracked {FIREFIGHTER} in March,” Ilse Marrow said on Friday. “The cafe\u0301 doesn’t open again.”\n\n"
    "Tomas Vell, the mayor, denied that anybody had asked him."
)
DAM = f"“The dam 🌊 cracked {FIREFIGHTER} in March,”"

# Where on the screen the given words begin, or end.
WHERE = """([box, words, atEnd]) => {
  for (const paragraph of document.querySelectorAll(`${box} p`)) {
    let at = paragraph.textContent.indexOf(words);
    if (at < 0) { continue; }
    at += atEnd ? words.length - 1 : 0;
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (at < node.data.length) {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const rect = range.getBoundingClientRect();
        return [atEnd ? rect.right : rect.left, rect.top + rect.height / 2];
      }
      at -= node.data.length;
    }
  }
  throw new Error(`no ${words}`);
}"""


def drag(page: Page, first: str, last: str, *, inset: float = 1.0) -> None:
    page.locator("#ct-select").scroll_into_view_if_needed()
    start = page.evaluate(WHERE, ["#ct-select", first, False])
    end = page.evaluate(WHERE, ["#ct-select", last, True])
    page.mouse.move(start[0] + inset, start[1])
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(end[0] - inset, end[1], steps=4)
    page.mouse.up()
    expect(page.locator("#ct-toolbar")).to_be_visible()


def toolbar(page: Page, group: str, name: str) -> None:
    row = page.locator(".ct-toolbar-row", has=page.locator(f".ct-toolbar-name:text-is('{group}')"))
    row.get_by_role("button", name=name, exact=True).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.fixture
def story(transactional_db: None) -> dict[str, Any]:
    article = make_article(text=TEXT, headline="Dam cracked", published_on=date(2026, 3, 2))
    ilse, tomas = make_speaker("Ilse Marrow"), make_speaker("Tomas Vell")
    make_speaker("Ida Marrow-Finch")
    dam = make_claim(
        ilse,
        article=article,
        text="dam 🌊 cracked",
        spans=place(TEXT, "dam 🌊 cracked"),
        start=TEXT.index("dam 🌊"),
        cue_spans=place(TEXT, "said"),
        mention_spans=place(TEXT, "Ilse"),
        mention_text="Ilse",
        kind="direct",
    )
    denial = make_claim(
        article=article,
        text="that anybody had asked him",
        spans=place(TEXT, "that anybody had asked him"),
        start=TEXT.index("that anybody"),
        cue_text="denied",
        cue_spans=place(TEXT, "denied"),
        mention_spans=place(TEXT, "the mayor"),
        mention_text="the mayor",
        speaker_status="ambiguous",
        speaker_reason="shared-key",
    )
    denial.links.create(
        words="the mayor",
        candidates=[
            {"name": "Tomas Vell", "speaker": tomas.pk, "score": None, "reason": "shared-key"},
            {"name": "Ina Vell", "speaker": None, "score": 0.4, "reason": "surname"},
        ],
    )
    return {"dam": dam, "denial": denial, "ilse": ilse, "tomas": tomas, "article": article}


@pytest.fixture
def open_claim(make_user: Callable[..., User], page_for: Callable[..., Page]) -> Callable[..., Page]:
    def open_it(claim: Claim, name: str = "mira", **options: Any) -> Page:
        page = page_for(make_user(name, "fact-checker"), **options)
        page.goto(f"/admin/claims/claim/{claim.pk}/change/")
        return page

    return open_it


def test_words_are_corrected_with_the_mouse(story: dict[str, Any], open_claim: Callable[..., Page]) -> None:
    page, claim = open_claim(story["dam"]), story["dam"]
    drag(page, "“The dam", "in March,”")
    toolbar(page, "This claim", "what was said")
    pending = page.locator("#ct-pending")
    expect(pending).to_contain_text(DAM)
    drag(page, "lse Marr", "arro")  # half words become whole ones
    toolbar(page, "This claim", "who said it")
    expect(pending).to_contain_text("Ilse Marrow")
    drag(page, "on Friday", "on Friday")
    toolbar(page, "This claim", "cue")
    pending.get_by_role("button", name="Drop: Cue").click()
    expect(pending).not_to_contain_text("on Friday")
    page.get_by_label("Text of the note").fill("Cut too short.")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("what was said corrected")
    claim.refresh_from_db()
    assert (claim.text, claim.mention_text, claim.cue_text) == (DAM, "Ilse Marrow", "said")
    assert [TEXT[one["start"] : one["end"]] for one in claim.spans] == [DAM]
    assert claim.notes.get().text == "Cut too short."
    expect(page.locator(".ct-correct .ct-engine-says").first).to_contain_text("dam 🌊 cracked")

    page.get_by_role("button", name=re.compile("^Undo: what was said")).click()
    page.get_by_role("button", name=re.compile("^Undo: who said it")).click()
    expect(page.locator(".ct-correct .ct-engine-says")).to_have_count(0)
    claim.refresh_from_db()
    assert (claim.text, claim.engine_values) == ("dam 🌊 cracked", None)


def test_a_selection_over_cue_and_mention_leaves_them_out_and_a_stretch_can_be_added(
    story: dict[str, Any], open_claim: Callable[..., Page]
) -> None:
    page, claim = open_claim(story["dam"]), story["dam"]
    drag(page, "Ilse", "Marrow")
    toolbar(page, "This claim", "who said it")
    drag(page, "“The dam", "said")
    toolbar(page, "This claim", "what was said")
    drag(page, "“The cafe", "again.”")
    toolbar(page, "This claim", "+ and this")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    claim.refresh_from_db()
    assert [one["quote"] for one in claim.spans] == [DAM, "“The cafe\u0301 doesn’t open again.”"]


def test_words_are_corrected_with_the_keyboard(story: dict[str, Any], open_claim: Callable[..., Page]) -> None:
    page, claim = open_claim(story["dam"]), story["dam"]
    page.locator("#ct-select").focus()
    keys = page.keyboard
    keys.press("ArrowRight")  # the claim's first word
    for _ in range(12):
        keys.press("Shift+ArrowRight")
        if "March" in page.locator("#ct-toolbar-words").inner_text():
            break
    keys.press("Enter")
    expect(page.locator("#ct-toolbar button").first).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#ct-pending q")).to_have_text(re.compile("^dam 🌊 cracked .* in March"))
    expect(page.locator("#ct-select")).to_be_focused()
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.press("Escape")
    expect(page.locator("#ct-toolbar")).to_be_hidden()
    keys.press("Control+Enter")
    expect(page.locator(".messagelist")).to_contain_text("what was said corrected")
    claim.refresh_from_db()
    assert claim.text == f"dam 🌊 cracked {FIREFIGHTER} in March"


def test_a_speaker_is_chosen_by_autocomplete_and_a_new_one_named(
    story: dict[str, Any], open_claim: Callable[..., Page]
) -> None:
    page, claim = open_claim(story["dam"]), story["dam"]
    fields = page.locator(".ct-fields")
    fields.locator(".select2-selection").click()
    page.keyboard.type("vell")
    page.locator(".select2-results__option", has_text="Tomas Vell").click()
    fields.get_by_label("or a new name").fill("Ana Duarte")
    fields.get_by_label("Kind", exact=True).select_option("mixed")
    fields.get_by_label("Why").fill("All three signed.")
    page.get_by_role("button", name="Save corrections").click()
    expect(page.locator(".messagelist")).to_contain_text("speaker corrected")
    assert [str(link.speaker) for link in claim.links.all()] == ["Ilse Marrow", "Tomas Vell", "Ana Duarte"]
    assert Speaker.objects.get(name="Ana Duarte").kind == "person"
    assert Correction.objects.get(field="speaker").reason == "All three signed."
    expect(page.locator(".ct-byline")).to_contain_text("Ana Duarte")

    fields.get_by_label("Who says it").select_option("none")
    page.get_by_role("button", name="Save corrections").click()
    expect(page.locator(".ct-byline")).to_contain_text("Nobody named")


def test_a_candidate_is_confirmed_and_the_article_reviewed_to_its_end(
    story: dict[str, Any], open_claim: Callable[..., Page]
) -> None:
    page, claim = open_claim(story["denial"]), story["denial"]
    page.get_by_role("button", name="Confirm Tomas Vell as the speaker").click()
    expect(page.locator(".messagelist")).to_contain_text("speaker confirmed")
    claim.refresh_from_db()
    assert (claim.speaker_status, claim.speakers.get()) == ("resolved", story["tomas"])
    expect(page.locator(".ct-correct")).to_contain_text("ambiguous, shared-key")
    expect(page.locator(".ct-finish")).to_contain_text("1 claim of this article waits")

    page.get_by_role("link", name="dam 🌊 cracked").first.click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".messagelist")).to_contain_text("accepted")
    page.get_by_role("button", name=re.compile("Reviewed to the end")).click()
    expect(page.locator(".ct-finish")).to_contain_text("reviewed to the end")
    assert ArticleReview.objects.get().article == story["article"]


def test_a_missed_claim_is_added_and_another_rejected(
    story: dict[str, Any], open_claim: Callable[..., Page], screenshot: Callable[[Page, str], Path]
) -> None:
    page = open_claim(story["dam"])
    drag(page, "“The cafe", "again.”")
    screenshot(page, "correct-toolbar")
    toolbar(page, "New claim", "what was said")
    drag(page, "said", "said")
    toolbar(page, "New claim", "cue")
    drag(page, "Ilse", "Marrow")
    toolbar(page, "New claim", "who said it")
    missed = page.locator("#ct-missed")
    missed.locator(".select2-selection").click()
    page.keyboard.type("ilse")
    page.locator(".select2-results__option", has_text="Ilse Marrow").click()
    screenshot(page, "correct-new-claim")
    page.get_by_role("button", name="Add the claim").click()
    expect(page.locator(".messagelist")).to_contain_text(re.compile(r"claim \d+ added"))
    added = Claim.objects.get(run=None)
    assert (added.text, added.kind) == ("“The cafe\u0301 doesn’t open again.”", "direct")
    assert (added.cue_text, added.mention_text, added.speakers.get()) == ("said", "Ilse Marrow", story["ilse"])

    page.get_by_role("button", name="No claim").click()
    expect(page.locator(".messagelist")).to_contain_text("rejected")
    story["dam"].refresh_from_db()
    assert story["dam"].review_status == "not_a_claim"


def test_two_editors_of_one_claim_neither_loses_anything(
    story: dict[str, Any], open_claim: Callable[..., Page], watch: Any
) -> None:
    first, second = open_claim(story["dam"], "mira"), open_claim(story["dam"], "ravi")
    drag(first, "“The dam", "in March,”")
    toolbar(first, "This claim", "what was said")
    first.get_by_label("Text of the note").fill("Mine.")
    second.locator(".ct-fields").get_by_label("Act", exact=True).select_option("attitude")
    second.get_by_label("Text of the note").fill("Ravi’s.")
    save(second)
    expect(second.locator(".messagelist")).to_contain_text("act corrected")

    save(first)
    expect(first.get_by_role("alert")).to_contain_text("Somebody corrected this claim")
    expect(first.locator("#ct-pending")).to_contain_text(DAM)
    expect(first.get_by_label("Text of the note")).to_have_value("Mine.")
    story["dam"].refresh_from_db()
    assert (story["dam"].text, story["dam"].act) == ("dam 🌊 cracked", "attitude")
    watch.forgive("409")

    save(first)  # seen now, and sent again
    expect(first.locator(".messagelist")).to_contain_text("what was said corrected")
    story["dam"].refresh_from_db()
    assert (story["dam"].text, story["dam"].act) == (DAM, "attitude")
    assert {note.text for note in story["dam"].notes.all()} == {"Mine.", "Ravi’s."}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 800])
def test_the_corrected_claim_fits_its_window(
    scheme: str,
    width: int,
    story: dict[str, Any],
    make_user: Callable[..., User],
    open_claim: Callable[..., Page],
    screenshot: Callable[[Page, str], Path],
) -> None:
    start = TEXT.index(DAM)
    correct_claim(story["dam"], actor=make_user("ada"), content=[[start, start + len(DAM)]], act="attitude")
    window = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}  # axe's styles
    page = open_claim(story["dam"], **window)
    drag(page, "“The cafe", "again.”")
    toolbar(page, "New claim", "what was said")
    drag(page, "the mayor", "asked him")
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0, f"the page is {beyond} pixels wider than its window"
    assert not page.evaluate(UNNAMED_CONTROLS)
    screenshot(page, f"correct-{width}-{scheme}")
    assert not violations(page)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 800)])
def test_the_quality_page_fits_its_window(
    scheme: str,
    width: int,
    story: dict[str, Any],
    make_user: Callable[..., User],
    page_for: Callable[..., Page],
    screenshot: Callable[[Page, str], Path],
) -> None:
    mira = make_user("mira", "fact-checker")
    accept_claim(story["dam"], actor=mira)
    reject_claim(story["denial"], actor=mira)
    finish_article(story["article"], actor=mira)
    page = page_for(mira, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page.goto("/admin/claims/correction/")
    assert not violations(page)
    page.get_by_role("link", name="Quality of the engine").click()
    expect(page.locator(".ct-quality").first).to_contain_text("1 of 2")
    expect(page.locator(".ct-quality").first).to_contain_text("1 of 1")
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0, f"the page is {beyond} pixels wider than its window"
    screenshot(page, f"quality-{width}-{scheme}")
    assert not violations(page)
