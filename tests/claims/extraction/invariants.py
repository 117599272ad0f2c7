"""What holds of every extraction, whatever the text."""

from itertools import pairwise

from claims.extraction import Extraction


def check(extraction: Extraction) -> None:
    """Assert that spans lie in the text, in order and disjoint, and that probabilities are some."""
    text, last = extraction.text, -1
    for claim in extraction.claims:
        assert claim.content
        assert claim.content[0].start >= last
        last = claim.content[0].start
        for role in (claim.content, claim.cue, claim.mention):
            for start, end in role:
                assert 0 <= start < end <= len(text)
                assert text[start:end] == text[start:end].strip()
            assert list(role) == sorted(role)
            assert all(one.end <= other.start for one, other in pairwise(role))
        assert 0 <= claim.confidence <= 1
        assert claim.speaker is None or 0 <= claim.speaker.confidence <= 1
    for told in extraction.relayed:
        assert 0 <= told.within < len(extraction.claims)
        around = extraction.claims[told.within].content
        assert all(any(a <= s < e <= b for a, b in around) for s, e in told.content)
    spans = sorted(span for claim in extraction.claims for span in claim.content)
    assert all(one.end <= other.start for one, other in pairwise(spans))
