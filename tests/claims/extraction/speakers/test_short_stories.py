"""Short stories in which people and institutions speak again and again under other descriptions.

`stories.txt` has a paragraph for each: the story with its mentions in square brackets, what is said in braces where it
matters, " / " for a paragraph break; then "=" and the full names of those meant, "-" for nobody.
"""

from pathlib import Path

import pytest

from tests.claims.extraction.speakers.marked import names

STORIES = [
    (story.replace(" / ", "\n\n"), [None if who == "-" else who for who in answer.split("; ")])
    for paragraph in Path(__file__).with_name("stories.txt").read_text("utf-8").strip().split("\n\n")
    for story, answer in [paragraph.split("\n= ")]
]


@pytest.mark.parametrize(("story", "expected"), STORIES, ids=[story[:50] for story, _ in STORIES])
def test_everybody_in_a_short_story_is_named(story: str, expected: list[str | None]) -> None:
    assert names(story) == expected


def test_there_are_many_stories() -> None:
    assert len(STORIES) > 90
