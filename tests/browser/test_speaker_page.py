"""A speaker's page in a real browser: external ids, a wrong name split off and given back, likely doubles merged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from claims.models import ClaimSpeaker, Speaker, SpeakerMerge, SpeakerSplit
from tests.claims.factories import make_claim, make_speaker, make_verdict


@pytest.fixture
def marrow(transactional_db: None) -> dict[str, Any]:
    """A speaker who bears a cousin's name, with claims through both, and a likely double."""
    speaker, double = make_speaker("Ilse Marrow", "Ilsa Marrow"), make_speaker("Ilse B. Marrow")
    for number in range(8):
        claim = make_claim(speaker, text=f"the dam cracked {number} times")
        ClaimSpeaker.objects.filter(claim=claim).update(key="ilse marrow" if number < 6 else "ilsa marrow")
        if number < 6:
            make_verdict(claim, rating="false" if number < 4 else "true")
    make_claim(double, text="the harvest is in")
    return {"speaker": speaker, "double": double, "path": f"/admin/claims/speaker/{speaker.pk}/change/"}


def test_figures_and_external_ids(
    marrow: dict[str, Any], editor_page: Page, screenshot: Callable[[Page, str], Path]
) -> None:
    page = editor_page
    page.goto(marrow["path"])
    expect(page.get_by_role("img", name="Published verdicts")).to_be_visible()
    expect(page.locator(".ct-figure").nth(1)).to_contain_text("6 of 8 claims have a published verdict")
    page.get_by_label("Add", exact=True).fill("https://www.wikidata.org/wiki/Q1001")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Q1001")).to_be_visible()
    page.get_by_label("Add", exact=True).fill("Marrow")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Give a Wikidata number")
    screenshot(page, "speaker")
    page.get_by_role("button", name="Take Q1001 off").click()
    expect(page.get_by_role("link", name="Q1001")).to_have_count(0)


def test_a_wrong_name_is_split_off_and_given_back(marrow: dict[str, Any], editor_page: Page) -> None:
    page = editor_page
    page.goto(marrow["path"])
    page.get_by_role("link", name="Split a wrong name off…").click()
    page.get_by_label("Ilsa Marrow", exact=True).check()
    page.get_by_text("Pick its claims").nth(1).click()
    page.get_by_label("the dam cracked 7 times").uncheck()
    page.get_by_label("Why are they two?").fill("Her cousin runs the upper mill.")
    page.get_by_role("button", name="Split off").click()
    expect(page.locator(".messagelist")).to_contain_text("now Ilsa Marrow, with 1 claims")
    expect(page.locator("#claims")).to_contain_text("the dam cracked 6 times")
    expect(page.locator("#claims")).not_to_contain_text("the dam cracked 7 times")
    cousin = Speaker.objects.get(slug="ilsa-marrow")

    page.get_by_label("Why undo it?").fill("One woman, two spellings.")
    page.get_by_role("button", name="Undo split").click()
    expect(page.locator(".messagelist")).to_contain_text("has its names and claims back")
    expect(page.locator("#claims")).to_contain_text("the dam cracked 6 times")
    assert SpeakerSplit.objects.get().undo_reason == "One woman, two spellings."
    page.goto(f"/admin/claims/speaker/{cousin.pk}/change/")
    expect(page.locator(".ct-note-bar")).to_contain_text("Merged into Ilse Marrow")


def test_a_likely_double_is_merged_from_the_page_and_parted_again(marrow: dict[str, Any], editor_page: Page) -> None:
    page = editor_page
    page.goto(marrow["path"])
    expect(page.locator("#likely")).to_contain_text("the same but for a middle name")
    page.get_by_role("button", name="Merge with Ilse B. Marrow…").click()
    page.get_by_label("Ilse Marrow", exact=False).first.check()
    page.get_by_label("Why are they the same?").fill("She signs both ways.")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator("#claims")).to_contain_text("the harvest is in")
    page.get_by_label("Why undo it?").fill("Two women.")
    page.get_by_role("button", name="Undo merge").click()
    expect(page.locator("#claims")).not_to_contain_text("the harvest is in")
    expect(page.locator("#likely")).to_contain_text("Ilse B. Marrow")
    assert SpeakerMerge.objects.get().undo_reason == "Two women."
