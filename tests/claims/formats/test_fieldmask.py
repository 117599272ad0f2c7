"""Field masks: what is kept of an answer."""

import pytest

from claims.formats.fieldmask import BadMask, apply_mask, parse_mask

ANSWER = {"claims": [{"text": "a", "claimReview": [{"url": "u", "title": "t"}]}], "nextPageToken": "x"}

MASKS = {
    "one name": ("nextPageToken", {"nextPageToken": "x"}),
    "two": ("claims,nextPageToken", ANSWER),
    "a path": ("claims/text", {"claims": [{"text": "a"}]}),
    "a group": ("claims(text,claimReview/url)", {"claims": [{"text": "a", "claimReview": [{"url": "u"}]}]}),
    "a group within a path": ("claims/claimReview(title)", {"claims": [{"claimReview": [{"title": "t"}]}]}),
    "all": ("*", ANSWER),
    "all of one": ("claims/*", {"claims": ANSWER["claims"]}),
    "blanks": ("claims ( text ) , nextPageToken", {"claims": [{"text": "a"}], "nextPageToken": "x"}),
    "what is not there": ("claims/claimant", {"claims": [{}]}),
}


@pytest.mark.parametrize(("mask", "expected"), MASKS.values(), ids=list(MASKS))
def test_masks(mask: str, expected: dict) -> None:
    assert apply_mask(ANSWER, parse_mask(mask)) == expected


@pytest.mark.parametrize(
    "mask", ["", ",", "a,", "a/", "a(b", "a)b", "a(b))", "()", "a[b]", "é", "a" * 501, "(" * 500, "a(" * 250]
)
def test_but_not_these(mask: str) -> None:
    with pytest.raises(BadMask):
        parse_mask(mask)
