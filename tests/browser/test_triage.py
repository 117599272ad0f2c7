"""The triage list in a browser: filters by name, actions over all that match, the queue, the keys, the start page."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import Change, Claim, Look, SavedFilter, Tag
from tests.claims.factories import make_article, make_claim, make_speaker


@pytest.fixture
def heap(transactional_db: None) -> list[Claim]:
    """Sixty claims of two speakers, more than a page; one of them by nobody known."""
    article = make_article(headline="Mill shut", published_on=date(2026, 3, 2))
    ilse, tomas = make_speaker("Ilse Marrow"), make_speaker("Tomas Vell")
    claims = [
        make_claim(tomas if number % 3 else ilse, article=article, text=f"the dam cracked {number} times", start=number)
        for number in range(59)
    ]
    return [*claims, make_claim(article=article, text="nobody knows", speaker_status="unresolved", start=99)]


def rows(page: Page) -> Any:
    return page.locator("#result_list tbody tr")


def run_over_all(page: Page, action: str) -> None:
    page.locator("#action-toggle").check()
    page.get_by_role("button", name="Select all that match").click()
    page.locator("select[name=action]").select_option(action)
    page.get_by_role("button", name="Go").click()


def test_a_selection_is_saved_by_name_and_found_again_on_the_start_page(
    heap: list[Claim], editor_page: Page, screenshot: Callable[[Page, str], Path]
) -> None:
    page = editor_page
    page.goto("/admin/claims/claim/?desk=unresolved")
    expect(rows(page)).to_have_count(1)
    page.get_by_text("Save this selection…").click()
    page.get_by_label("Name").fill("Who was that?")
    page.get_by_label("for everybody").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as “Who was that?”")
    expect(page.locator(".ct-saved [aria-current]")).to_have_text("Who was that?")
    assert SavedFilter.objects.get().is_shared

    page.goto("/admin/")
    page.get_by_role("link", name="1 Who was that?").click()
    expect(rows(page)).to_have_count(1)
    expect(page.locator(".ct-saved [aria-current]")).to_have_text("Who was that?")
    screenshot(page, "saved-filter")

    page.get_by_role("link", name="Manage").click()
    page.get_by_label("Name of the filter Who was that?").fill("Unknown")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("“Unknown” is saved")


def test_an_action_over_all_that_match_asks_with_the_number_and_tells_what_it_did(
    heap: list[Claim], editor_page: Page, screenshot: Callable[[Page, str], Path]
) -> None:
    page = editor_page
    page.goto("/admin/claims/claim/?speaker_status__exact=resolved")
    expect(rows(page)).to_have_count(50)
    run_over_all(page, "change_status")
    expect(page.locator(".ct-lead")).to_contain_text("59 claims are meant: all that match")
    screenshot(page, "action")
    page.get_by_label("Status").select_option("in_review")
    page.get_by_label("Why").fill("The story runs tomorrow.")
    page.get_by_role("button", name="Set the review status").click()
    expect(page.locator(".messagelist")).to_contain_text("59 claims are now “in review”")
    assert Claim.objects.filter(review_status="in_review").count() == 59
    assert Change.objects.filter(reason="The story runs tomorrow.").count() == 59

    Tag.objects.create(name="flood", key="flood")
    page.goto("/admin/claims/claim/?speaker_status__exact=resolved")
    run_over_all(page, "add_tags")
    page.get_by_label("flood").check()
    page.get_by_role("button", name="Tag claims").click()
    expect(page.locator(".messagelist")).to_contain_text("59 claims are now tagged “flood”")
    page.locator("[data-filter-title=tag] select").select_option(label="flood")
    expect(page).to_have_url(re.compile("tag="))
    expect(rows(page)).to_have_count(50)


def test_a_long_run_goes_on_by_itself(heap: list[Claim], editor_page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.services.bulk.BATCH", 20)
    monkeypatch.setattr("claims.services.bulk.change_in_batches.__kwdefaults__", {"seconds": 0.0})
    page = editor_page
    page.goto("/admin/claims/claim/")
    run_over_all(page, "mark_as_seen")
    page.get_by_role("button", name="Mark claims as seen").click()
    expect(page.locator(".messagelist")).to_contain_text("60 claims are now marked as seen by you")
    assert Look.objects.count() == 60


def test_an_export_of_all_that_match_is_downloaded(heap: list[Claim], editor_page: Page) -> None:
    page = editor_page
    page.goto("/admin/claims/claim/")
    page.locator("#action-toggle").check()
    page.get_by_role("button", name="Select all that match").click()
    page.locator("select[name=action]").select_option("export_csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Go").click()
    assert download.value.suggested_filename == "desk-claims.csv"
    assert len(Path(download.value.path()).read_text(encoding="utf-8").splitlines()) == 61


def test_the_queue_follows_the_lists_own_order(heap: list[Claim], editor_page: Page) -> None:
    for number, claim in enumerate(heap):
        Claim.objects.filter(pk=claim.pk).update(confidence=(number * 37 % 60) / 60)
    page = editor_page
    page.goto("/admin/claims/claim/")
    page.locator("th.column-sureness a").first.click()
    expect(page).to_have_url(re.compile("o="))
    listed = [text.split("\n")[0] for text in page.locator("#result_list th.field-quote").all_inner_texts()]
    page.get_by_role("link", name=listed[0], exact=True).click()
    for text in listed[1:4]:
        page.locator(".ct-skip").click()
        expect(page.locator("h1")).to_have_text(text)
    page.go_back()
    expect(page.locator("h1")).to_have_text(listed[2])


def test_opening_a_claim_counts_as_looking_at_it(heap: list[Claim], editor_page: Page) -> None:
    page = editor_page
    with page.expect_response(re.compile("/seen/")) as answer:
        page.goto(f"/admin/claims/claim/{heap[0].pk}/change/")
    assert answer.value.status == 204
    assert Look.objects.get().claim == heap[0]
    Claim.objects.get(pk=heap[0].pk).save()
    page.goto("/admin/")
    page.get_by_role("link", name="1 changed since I looked").click()
    expect(rows(page)).to_have_count(1)


def test_the_list_is_worked_by_keys(heap: list[Claim], editor_page: Page) -> None:
    page = editor_page
    page.goto("/admin/claims/claim/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Keys of this list")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows(page).nth(1)).to_have_class(re.compile("ct-current"))
    page.keyboard.press("x")
    expect(page.locator(".action-counter")).to_contain_text("1 of 50")
    page.keyboard.press("/")
    page.keyboard.type("jx")  # typed into the search field, not read as keys
    expect(page.locator("#searchbar")).to_have_value("jx")
    page.locator("#searchbar").blur()
    text = rows(page).nth(0).locator("th a").inner_text()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(text)


def test_a_claims_page_is_worked_by_keys(heap: list[Claim], editor_page: Page) -> None:
    page = editor_page
    page.goto("/admin/claims/claim/")
    rows(page).first.locator("th a").click()
    page.wait_for_url("**/change/**")  # loaded, and with it what listens to keys
    first = page.locator("h1").inner_text()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("save and go to the next claim of the list")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("t")
    page.keyboard.type("nl?")  # a note, not keys
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("h1")).not_to_have_text(first)
    claim = Claim.objects.get(text=first)
    assert (claim.notes.get().text, str(claim.assignee)) == ("nl?", "vera")
    second = page.locator("h1").inner_text()
    page.wait_for_load_state()  # what listens to keys is there
    page.keyboard.press("n")
    expect(page.locator("h1")).not_to_have_text(second)
    page.keyboard.press("l")
    expect(rows(page)).to_have_count(50)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 800])
def test_lists_and_questions_fit_their_window(
    scheme: str,
    width: int,
    heap: list[Claim],
    make_user: Callable[..., User],
    page_for: Callable[..., Page],
    screenshot: Callable[[Page, str], Path],
) -> None:
    page = page_for(make_user(), viewport={"width": width, "height": 900}, color_scheme=scheme)
    speaker = heap[0].links.get().speaker_id
    pages = {
        "start": "/admin/",
        "list": "/admin/claims/claim/",
        "filters": "/admin/claims/claim/filters/",
        "split": f"/admin/claims/speaker/{speaker}/split/",
        "speaker": f"/admin/claims/speaker/{speaker}/change/",
    }
    for name, path in pages.items():
        page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{name} is {beyond} pixels wider than its window"
        screenshot(page, f"{name}-{width}-{scheme}")
    if width == 800:
        page.goto(pages["list"])
        top = rows(page).first.bounding_box()["y"]
        assert top < 700, f"the first claim stands {top} pixels below the top"
