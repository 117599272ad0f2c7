"""An editor's day in a real browser, from logging in to a published verdict that is changed again.

Two editors, one claim, four eyes: the first filters, corrects the words, adds a note and evidence and proposes a
verdict; the second rates it blind, disagrees, agrees and publishes; the API shows it; then it is changed with a
reason, and both find everything in the history.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from claims.models import Claim, EvidenceLink, Rating, Scale, SecondOpinion, Tag, Verdict
from claims.services.evidence import add_evidence
from claims.services.second_checks import decide_opinion, give_opinion
from claims.services.tags import make_tag, tag_claims
from claims.services.verification import add_note, edit_note, record_verdict
from claims.services.wording import text_key
from tests.browser.test_accessibility import violations
from tests.browser.test_admin_desk import UNNAMED_CONTROLS, place
from tests.browser.test_corrections import drag, save, toolbar
from tests.claims.factories import make_article, make_claim, make_speaker, make_verdict

PASSWORD = "a-long-password-1"
TEXT = (
    "The mill at Halm stays shut, its owners say.\n\n"
    "“The dam at Halm cracked in March after the flood,” Ilse Marrow said on Friday. She asked the town for help.\n\n"
    "Tomas Vell, the mayor, denied that anybody had asked him for money."
)
WORDS = "“The dam at Halm cracked in March after the flood,”"
SUMMARY = "It cracked in April: the keeper’s log has the day."


@pytest.fixture
def story(transactional_db: None) -> dict[str, Any]:
    """A claim whose last words the engine cut off, another of the same speaker, and the same words elsewhere."""
    Scale.objects.update(needs_second_check=True)
    ilse, tomas = make_speaker("Ilse Marrow"), make_speaker("Tomas Vell")
    article = make_article(text=TEXT, headline="Dam cracked")
    dam = make_claim(
        ilse,
        article=article,
        text=WORDS[:26],
        spans=place(TEXT, WORDS[:26]),
        start=TEXT.index(WORDS),
        cue_spans=place(TEXT, "said"),
        mention_spans=place(TEXT, "Ilse Marrow"),
        mention_text="Ilse Marrow",
        kind="direct",
    )
    denial = "that anybody had asked him for money"
    make_claim(
        tomas,
        article=article,
        text=denial,
        spans=place(TEXT, denial),
        start=TEXT.index(denial),
        cue_text="denied",
        cue_spans=place(TEXT, "denied"),
    )
    same = make_claim(ilse, article=make_article(headline="Flood"), text=WORDS, text_key=text_key(WORDS))
    return {"dam": dam, "ilse": ilse, "same": same}


def log_in(page: Page, user: User) -> None:
    page.goto("/admin/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def panel(page: Page, name: str) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=name, exact=False)).first


def test_an_editors_day(
    story: dict[str, Any],
    make_user: Callable[..., User],
    new_page: Callable[..., Page],
    screenshot: Callable[[Page, str], Path],
    watch: Any,
) -> None:
    mira = make_user("mira", "fact-checker", password=PASSWORD)
    ravi = make_user("ravi", "reviewer", password=PASSWORD)
    claim, path = story["dam"], f"/admin/claims/claim/{story['dam'].pk}/change/"

    page = new_page()
    log_in(page, mira)
    find_the_claim(page, story["ilse"])
    correct_the_words(page, claim)
    propose_a_verdict(page)
    verdict = Verdict.objects.get(claim=claim)
    assert (verdict.state, verdict.author) == ("proposed", mira)
    assert EvidenceLink.objects.get(claim=claim).stance == "refutes"
    screenshot(page, "day-proposed")

    other = new_page()
    log_in(other, ravi)
    other.goto(path)
    rate_disagree_agree_publish(other, verdict, screenshot)
    watch.forgive("409")
    verdict.refresh_from_db()
    assert (verdict.state, verdict.reviewer) == ("published", ravi)

    reader = new_page()
    seen = reader.request.get(f"/api/v1/claims/{claim.pk}/").json()
    assert (seen["verdict"]["rating"]["label"], seen["verdict"]["summary"]) == ("Mostly false", SUMMARY)
    assert seen["text"] == WORDS
    assert reader.request.get("/api/v1/verdicts/?state=published&rating=false").json()["results"] == []

    change_with_a_reason(page, path)
    second = Verdict.objects.get(claim=claim, state="proposed")
    other.goto(path)
    other.get_by_label("Your rating").select_option("False")
    other.get_by_role("button", name="Rate", exact=True).click()
    other.get_by_role("button", name="Agree", exact=True).click()
    other.locator(f"#publish-{second.pk}").click()
    expect(other.locator(f"#verdict-{second.pk}")).to_contain_text("published")
    seen = reader.request.get(f"/api/v1/claims/{claim.pk}/").json()
    assert seen["verdict"]["rating"]["label"] == "False"

    for one in (page, other):
        one.goto(path)
        expect(one.locator(f"#verdict-{verdict.pk}")).to_contain_text("Superseded")
        expect(one.locator(f"#verdict-{verdict.pk}")).to_contain_text(SUMMARY)
        history = panel(one, "History")
        for words in (
            "mira wrote a verdict",
            "ravi rated the proposed verdict",
            "ravi decided on the proposed verdict",
            "ravi published a verdict",
            "ravi superseded a verdict",
            "A second log was found.",
            "mira used evidence",
            "mira added a note",
        ):
            expect(history).to_contain_text(words)
    screenshot(other, "day-history")


def find_the_claim(page: Page, ilse: Any) -> None:
    page.goto("/admin/claims/claim/")
    page.locator("[data-filter-title=speaker] .select2-selection").click()
    page.locator(".select2-search__field").fill("marrow")
    page.locator(".select2-results__option", has_text=ilse.name).click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.locator("#result_list").get_by_role("link", name="The dam at Halm", exact=False).last.click()


def correct_the_words(page: Page, claim: Claim) -> None:
    expect(page.locator(".ct-text mark.ct-content")).to_have_text(claim.text)
    drag(page, "“The dam", "the flood,”")
    toolbar(page, "This claim", "what was said")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    assert Claim.objects.get(pk=claim.pk).text == WORDS


def propose_a_verdict(page: Page) -> None:
    evidence = panel(page, "Evidence")
    evidence.get_by_label("Address").first.fill("https://dam.example/log?utm_source=mail")
    evidence.get_by_label("Stance").first.select_option("Refutes")
    evidence.get_by_label("Title").first.fill("The keeper’s log")
    evidence.get_by_label("Passage").first.fill("3 April: a crack of two fingers in the north wall.")
    page.get_by_label("Text of the note").fill("Asked the **keeper**; see the [log](https://dam.example/log).")
    page.get_by_label("Rating", exact=True).select_option("Mostly false")
    page.get_by_label("Summary").fill(SUMMARY)
    page.get_by_label("As", exact=True).select_option("proposed")
    page.get_by_label("Add", exact=True).fill("Dams, Halm")
    page.get_by_label("Found a primary source").check()
    page.get_by_label("Status", exact=True).select_option("second_check")
    save(page)
    message = page.locator(".messagelist")
    for words in (
        "second check",
        "evidence added",
        "tags changed",
        "checklist changed",
        "verdict proposed",
        "note added",
    ):
        expect(message).to_contain_text(words)
    expect(page.locator(".ct-words strong", has_text="keeper")).to_be_visible()
    expect(evidence.get_by_role("link", name="The keeper’s log")).to_have_attribute("href", "https://dam.example/log")


def rate_disagree_agree_publish(page: Page, verdict: Verdict, screenshot: Callable[[Page, str], Path]) -> None:
    expect(page.locator("body")).not_to_contain_text(SUMMARY)
    assert page.locator(".ct-stance-refutes").count() == 0
    expect(panel(page, "Verdict")).to_contain_text("This scale asks for a second check")
    screenshot(page, "day-sealed")
    page.get_by_label("Your rating").select_option("Half true")
    page.get_by_role("button", name="Rate", exact=True).click()
    box = page.locator(f"#verdict-{verdict.pk}")
    expect(box).to_contain_text(SUMMARY)
    expect(box).to_contain_text("ravi rated Half true")

    opinion = SecondOpinion.objects.get(verdict=verdict)
    comment = box.locator(f"#comment-{opinion.pk}")
    comment.fill("The log may be of another dam.")
    box.get_by_role("button", name="Disagree").click()
    expect(box).to_contain_text("disagrees")
    screenshot(page, "day-dissent")
    box.locator(f"#publish-{verdict.pk}").click()
    expect(page.get_by_role("alert")).to_contain_text("asks for a second check")
    box.locator(f"#comment-{opinion.pk}").fill("It names the dam on page 1.")
    box.get_by_role("button", name="Agree", exact=True).click()
    expect(box.locator(".ct-opinion")).to_contain_text("agrees")
    box.locator(f"#publish-{verdict.pk}").click()
    expect(box).to_contain_text("checked by ravi")


def change_with_a_reason(page: Page, path: str) -> None:
    page.goto(path)
    verdicts = panel(page, "Verdict")
    expect(verdicts).to_contain_text("It names the dam on page 1.")
    verdicts.get_by_label("Rating", exact=True).select_option("False")
    verdicts.get_by_label("Summary").fill("It cracked in May.")
    verdicts.get_by_label("As", exact=True).select_option("proposed")
    save(page)
    expect(verdicts).to_contain_text("say why in a sentence")
    verdicts.get_by_label("Why does it replace the published one?").fill("A second log was found.")
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("verdict proposed")


@pytest.fixture
def full(story: dict[str, Any], make_user: Callable[..., User]) -> dict[str, Any]:
    """The claim with everything on it that a page can show."""
    claim, mira, ravi = story["same"], make_user("mira", "fact-checker"), make_user("ravi", "reviewer")
    note = add_note(claim, author=mira, text="It is *said* twice:\n\n- here\n- in **Flood**", kind="question")
    edit_note(
        note, actor=mira, text="It is *said* three times:\n\n- here\n- in **Flood**\n- [there](https://a.example)"
    )
    passage = "3 April: a crack of two fingers in the north wall, seen from the boat."
    add_evidence(claim, author=mira, url="https://dam.example/log", title="The keeper’s log", passage=passage)
    add_evidence(claim, author=mira, url="https://met.example/floods/2026/a-rather-long-address", stance="refutes")
    tag_claims([claim], actor=mira, tags=[make_tag("Dams", actor=mira, colour="#1a7f37"), make_tag("Halm", actor=mira)])
    true, false = (Rating.objects.get(slug=slug) for slug in ("true", "mostly-false"))
    verdict = record_verdict(claim, author=mira, rating=false, summary=SUMMARY, state="proposed")
    opinion = give_opinion(verdict, reviewer=ravi, rating=true)
    decide_opinion(opinion, actor=ravi, decision="disagrees", comment="The log may be of another dam.")
    make_verdict(claim, rating="false", summary="An older one.", author=mira, state="withdrawn", reason="Wrong dam.")
    twin = make_claim(story["ilse"], text=WORDS, text_key=claim.text_key, mention_text="Marrow")
    make_verdict(twin, rating="misleading")
    return {"claim": claim, "mira": mira, "ravi": ravi}


def pages_of(full: dict[str, Any]) -> dict[str, str]:
    link = EvidenceLink.objects.all()[0]
    return {
        "claim": f"/admin/claims/claim/{full['claim'].pk}/change/",
        "evidence": f"/admin/claims/evidence/{link.evidence_id}/change/",
        "evidence-list": "/admin/claims/evidence/",
        "tags": "/admin/claims/tag/",
        "agreement": "/admin/claims/verdict/agreement/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_full_pages_have_no_serious_violation(
    scheme: str, full: dict[str, Any], make_user: Callable[..., User], page_for: Callable[..., Page]
) -> None:
    seen_by = {"who rated": full["ravi"], "who is to rate": make_user("vera")}
    found = []
    for who, user in seen_by.items():
        page = page_for(user, color_scheme=scheme, bypass_csp=True)  # axe writes styles to measure by
        for name, path in pages_of(full).items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            found += [f"{who}, {name}: {problem}" for problem in violations(page)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 800])
def test_the_full_page_fits_its_window(
    scheme: str, width: int, full: dict[str, Any], page_for: Callable[..., Page], screenshot: Callable[..., Path]
) -> None:
    page = page_for(full["ravi"], viewport={"width": width, "height": 900}, color_scheme=scheme)
    assert Tag.objects.count() == 2
    for name, path in pages_of(full).items():
        page.goto(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{name} is {beyond} pixels wider than its window"
        unnamed = page.evaluate(UNNAMED_CONTROLS)
        assert not unnamed, f"{name} has fields without a name for a screen reader: {unnamed}"
        screenshot(page, f"desk-{name}-{width}-{scheme}")
