"""Datelines, bylines and bullets are no part of a statement; labels of speakers and headlines are no datelines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.extraction import Engine
from claims.extraction.furniture import without_furniture

LONG = "The court on Monday stayed the order and asked the state to file a reply in a week."

DATELINES = [
    f"NEW DELHI: {LONG}",
    f"Mumbai: {LONG}",
    f"PATNA, Feb 3 (PTI): {LONG}",
    f"Lahore (APP): {LONG}",
    f"State loses in court\n\nKampala: {LONG}",
    f"OLKERIA: {LONG} Nobody in Olkeria had asked for it.",
    f"  \n\nTEZPUR: {LONG}",
    f"LONDON — {LONG}",
    f"LONDON (Reuters) - {LONG}",
    f"NEW DELHI, Jan 2 (IANS) {LONG}",
    f"ACCRA, Ghana, Jan. 4 -- {LONG}",
    f"Nairobi, Kenya – {LONG}",
    f"(CNN) — {LONG}",
    f"Norfield — {LONG}",
    f"Kasere (wna/dpa) - {LONG}",
    f"By Ann Marlow, Staff Writer\n\n{LONG}",
    f"State loses in court\nBy Ann Marlow\nTEZPUR — {LONG}",
    f"• {LONG}",
    f"12. {LONG}",
]
OTHERS = [
    LONG,
    "",
    "New Delhi: no comment",
    f"Marlow: {LONG}",
    f"MARLOW: {LONG} Later, Marlow said more.",
    f"Ann Marlow: {LONG}",
    f"ANN MARLOW: {LONG}",
    f"MINISTER: {LONG}",
    f"{LONG}\n\n{LONG}\n\n{LONG}\n\nMumbai: {LONG}",
    f"Ann Norfield — {LONG}",
    f"Norfield – {LONG}",
    f"London (Reuters) {LONG[:20]}",
    f"“{LONG}”\n— Ann Marlow",
    f"{LONG} (no) and so on",
    f"[ab] {LONG}",
    f"- No.\n- {LONG[:9]}",
    f"2016. {LONG}",
    f"The bridge at Mumbai: {LONG}",
]


@pytest.mark.parametrize("text", DATELINES)
def test_furniture_is_blanked(text: str) -> None:
    shown = without_furniture(text)

    assert len(shown) == len(text)
    assert shown.endswith(LONG + text.split(LONG)[1])
    assert not set(":—–-•()[]") & set(shown)


@pytest.mark.parametrize("initials", ["[rw/lm]\n", "(ab)", " [ae/rw/lm] "])
def test_initials_at_the_end_are_blanked(initials: str) -> None:
    text = f"{LONG} {initials}"
    assert without_furniture(text) == LONG.ljust(len(text.rstrip())) + text[len(text.rstrip()) :]


@pytest.mark.parametrize("text", OTHERS)
def test_anything_else_stays(text: str) -> None:
    assert without_furniture(text) == text


@given(st.text(alphabet="ABab: ,.\n()-’“0", max_size=80))
def test_offsets_never_move(text: str) -> None:
    shown = without_furniture(text)

    assert len(shown) == len(text)
    assert all(new in (old, " ") for old, new in zip(text, shown, strict=True))


def test_who_speaks_behind_a_dateline_is_found(engine: Engine) -> None:
    text = "MUMBAI: The bank will buy its rival in a deal worth ₹400 crore, chairman Ivo Brandt said on Saturday."

    (claim,) = engine.extract(text).claims

    assert claim.speaker is not None
    assert claim.speaker.name == "Ivo Brandt"
    assert text[claim.content[0].start :].startswith("The bank")


def test_the_labels_of_a_transcript_stay_speakers(engine: Engine) -> None:
    text = f"SELVA: {LONG}\n\nBRANDT: No, it did not.\n\nSELVA: It did.\n"

    speakers = [claim.speaker.name for claim in engine.extract(text).claims if claim.speaker]

    assert speakers == ["Selva", "Brandt", "Selva"]
