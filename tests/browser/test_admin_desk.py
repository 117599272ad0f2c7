"""An editor's work in a real browser: filter, read the claim in its place, note, verdict, publish, merge and undo.

The fixtures fail a test on any script error, any line on the console (a violation of the Content-Security-Policy shows
there) and any request to another host.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import Claim, Note, Speaker, SpeakerMerge, Verdict
from tests.claims.factories import make_article, make_claim, make_speaker

TEXT = (
    "The mill at Halm stays shut.\n\nIlse <b>Marrow</b>, who runs it, said “the dam 🌊 cracked in March”. "
    "She hoped it would be mended.\n\nTomas Vell, the mayor, denied that anybody had asked him."
)


# Visible fields and buttons that neither a label, nor a text, nor an attribute names.
UNNAMED_CONTROLS = """
[...document.querySelectorAll('#content input, #content select, #content textarea, #content button, #content a')]
  .filter((one) => one.type !== 'hidden' && one.checkVisibility())
  .filter((one) => !(one.labels && one.labels.length) && !one.textContent.trim() && !one.value)
  .filter((one) => !['aria-label', 'aria-labelledby', 'title'].some((name) => one.getAttribute(name)))
  .map((one) => one.outerHTML.slice(0, 120))
"""


def place(text: str, quote: str) -> list[dict[str, Any]]:
    start = text.index(quote)
    return [{"start": start, "end": start + len(quote), "quote": quote}]


@pytest.fixture
def story(transactional_db: None) -> dict[str, Any]:
    """One article with three claims of two speakers, one of whom has a double."""
    article = make_article(text=TEXT, headline="Mill shut", published_on=date(2026, 3, 2))
    ilse, tomas = make_speaker("Ilse Marrow"), make_speaker("Tomas Vell")
    double = make_speaker("I. Marrow-Halm")

    def claim(speaker: Speaker, content: str, cue: str, mention: str, **values: Any) -> Claim:
        start = TEXT.index(content)
        spans = {"spans": place(TEXT, content), "cue_spans": place(TEXT, cue), "mention_spans": place(TEXT, mention)}
        return make_claim(speaker, article=article, text=content, start=start, **spans, **values)

    return {
        "ilse": ilse,
        "double": double,
        "dam": claim(ilse, "“the dam 🌊 cracked in March”", "said", "Ilse <b>Marrow</b>", kind="direct"),
        "hope": claim(ilse, "it would be mended", "hoped", "She", act="attitude"),
        "denial": claim(tomas, "that anybody had asked him", "denied", "Tomas Vell"),
        "elsewhere": make_claim(double, text="the harvest is in", said_on=date(2026, 2, 1)),
    }


def test_an_editor_filters_by_speaker_and_reads_the_claim_in_its_place(
    story: dict[str, Any], editor_page: Page, screenshot: Callable[[Page, str], Path]
) -> None:
    page = editor_page
    page.goto("/admin/")
    page.get_by_role("link", name=re.compile("new$")).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(4)

    page.locator("[data-filter-title=speaker] .select2-selection").click()
    page.locator(".select2-search__field").fill("marrow")
    page.locator(".select2-results__option", has_text="Ilse Marrow").click()
    expect(page).to_have_url(re.compile(f"speaker={story['ilse'].pk}"))
    expect(page).to_have_url(re.compile("review_status__exact=new"))
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    screenshot(page, "claim-list")

    page.get_by_role("link", name="“the dam 🌊 cracked in March”").click()
    text = page.locator(".ct-text")
    expect(text.locator("mark.ct-content")).to_have_text("“the dam 🌊 cracked in March”")
    expect(text.locator("mark.ct-cue")).to_have_text("said")
    expect(text.locator("mark.ct-mention")).to_have_text("Ilse <b>Marrow</b>")
    expect(text.locator("mark.ct-content")).to_be_in_viewport()
    styles = [
        text.locator(f"mark.{name}").evaluate("mark => getComputedStyle(mark).textDecorationLine + mark.offsetHeight")
        for name in ("ct-content", "ct-cue", "ct-mention")
    ]
    assert styles[1].startswith("underline")
    assert styles[2].startswith("underline")
    screenshot(page, "claim-page")
    text.get_by_role("link", name="it would be mended").click()
    expect(page.locator("h1")).to_have_text("it would be mended")


def test_a_note_and_a_verdict_are_written_and_another_editor_publishes(
    story: dict[str, Any], make_user: Callable[..., User], page_for: Callable[..., Page]
) -> None:
    mira, ravi = make_user("mira", "fact-checker"), make_user("ravi", "reviewer")
    path = f"/admin/claims/claim/{story['dam'].pk}/change/"
    page = page_for(mira)
    page.goto(path)
    page.get_by_role("button", name="Me", exact=True).click()
    page.get_by_label("Status").select_option("in_review")
    page.get_by_label("Rating").select_option("Mostly false")
    page.get_by_label("Summary").fill("It cracked in April.\nThe <i>log</i> says so.")
    page.get_by_label("As", exact=True).select_option("proposed")
    page.get_by_label("Text of the note").fill("Asked the dam keeper.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("note added")
    expect(page.locator(".ct-main .ct-history")).to_contain_text("mira wrote a verdict")
    assert Claim.objects.get(pk=story["dam"].pk).assignee == mira
    assert (Note.objects.get().author, Verdict.objects.get().author) == (mira, mira)
    assert page.get_by_role("button", name="Publish").count() == 0

    other = page_for(ravi)
    other.goto(path)
    expect(other.locator(".ct-verdict-proposed")).to_contain_text("The <i>log</i> says so.")
    other.get_by_role("button", name="Publish").click()
    expect(other.locator(".ct-verdict-published")).to_contain_text("published")
    verdict = Verdict.objects.get()
    assert (verdict.state, verdict.reviewer) == ("published", ravi)

    other.get_by_text("Withdraw…").click()
    other.get_by_label("Why is it withdrawn?").fill("The log was of another dam.")
    other.get_by_label("Why is it withdrawn?").press("Enter")  # the button beside it, not Save
    expect(other.locator(".ct-verdict-withdrawn")).to_contain_text("The log was of another dam.")


def test_keys_save_and_go_on_through_the_list(story: dict[str, Any], editor_page: Page) -> None:
    page = editor_page
    page.goto(f"/admin/claims/claim/?speaker={story['ilse'].pk}")
    page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
    first = page.locator("h1").inner_text()
    page.get_by_label("Text of the note").fill("Seen.")
    page.get_by_label("Text of the note").press("Control+Shift+Enter")
    expect(page.locator("h1")).not_to_have_text(first)
    assert Note.objects.get().claim.text == first
    page.locator(".ct-skip").click()
    expect(page.locator(".messagelist")).to_contain_text("last claim")
    expect(page).to_have_url(re.compile(f"speaker={story['ilse'].pk}"))


def test_what_was_typed_survives_a_change_by_somebody_else(
    story: dict[str, Any], make_user: Callable[..., User], page_for: Callable[..., Page], watch: Any
) -> None:
    path = f"/admin/claims/claim/{story['dam'].pk}/change/"
    first, second = page_for(make_user("mira", "fact-checker")), page_for(make_user("ravi", "reviewer"))
    first.goto(path)
    second.goto(path)
    second.get_by_label("Status").select_option("second_check")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".messagelist")).to_contain_text("Saved")
    first.get_by_label("Status").select_option("done")
    first.get_by_label("Text of the note").fill("All in order.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_role("alert")).to_contain_text("Somebody changed")
    expect(first.get_by_label("Text of the note")).to_have_value("All in order.")
    assert Claim.objects.get(pk=story["dam"].pk).review_status == "second_check"
    watch.forgive("409")


def test_two_speakers_are_merged_and_parted_again(story: dict[str, Any], editor_page: Page) -> None:
    page, claim = editor_page, story["elsewhere"]
    page.goto("/admin/claims/speaker/?q=marrow")
    for row in page.locator("#result_list tbody tr").all():
        row.locator("input.action-select").check()
    page.locator("select[name=action]").select_option("merge")
    page.get_by_role("button", name="Go").click()
    page.get_by_label("Ilse Marrow").check()
    page.get_by_label("Why are they the same?").fill("The miller signs both ways.")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator(".messagelist")).to_contain_text("merged into Ilse Marrow")
    expect(page.locator("#claims")).to_contain_text("the harvest is in")
    assert list(claim.speakers.all()) == [story["ilse"]]

    page.get_by_label("Why undo it?").fill("Two sisters.")
    page.get_by_role("button", name="Undo merge").click()
    expect(page.locator(".messagelist")).to_contain_text("of its own again")
    expect(page.locator("#claims")).not_to_contain_text("the harvest is in")
    assert list(claim.speakers.all()) == [story["double"]]
    assert SpeakerMerge.objects.get().undo_reason == "Two sisters."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 800])
def test_pages_fit_their_window(
    scheme: str,
    width: int,
    story: dict[str, Any],
    make_user: Callable[..., User],
    page_for: Callable[..., Page],
    screenshot: Callable[[Page, str], Path],
) -> None:
    page = page_for(make_user(), viewport={"width": width, "height": 900}, color_scheme=scheme)
    pages = {
        "start": "/admin/",
        "list": "/admin/claims/claim/",
        "claim": f"/admin/claims/claim/{story['dam'].pk}/change/",
        "article": f"/admin/sources/article/{story['dam'].article_id}/change/",
        "speaker": f"/admin/claims/speaker/{story['ilse'].pk}/change/",
        "add": "/admin/sources/article/add/",
    }
    for name, path in pages.items():
        page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{name} is {beyond} pixels wider than its window"
        unnamed = page.evaluate(UNNAMED_CONTROLS)
        assert not unnamed, f"{name} has fields without a name for a screen reader: {unnamed}"
        if name == "list":
            clipped = page.evaluate(
                "(() => { const r = document.querySelector('.results'); return r.scrollWidth - r.clientWidth; })()"
            )
            assert clipped <= 0, f"the list hides {clipped} pixels of its columns"
        screenshot(page, f"{name}-{width}-{scheme}")
