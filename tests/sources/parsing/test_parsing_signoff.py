import pytest

from sources.parsing.signoff import read_signoff

BODY = "The bridge is safe, she said."


@pytest.mark.parametrize(
    ("tail", "agency"),
    [
        pytest.param("\n\n--IANS\n\nmr/dan", "IANS", id="dashes and initials"),
        pytest.param("\n\n-- ANI", "ANI", id="dashes and blank"),
        pytest.param("\n\n—Reuters", "Reuters", id="em dash"),
        pytest.param("\n\n(PTI)", "PTI", id="brackets"),
        pytest.param("\n(IANS/ANI)", "IANS/ANI", id="two agencies, no blank line"),
        pytest.param("\n\n--NWA", "NWA", id="unlisted capitals after dashes"),
        pytest.param("\n\nPTI SKL ANB ANB", "PTI", id="agency and initials on one line"),
        pytest.param("\n\n- Reuters.", "Reuters", id="hyphen and full stop"),
        pytest.param("\n\n—Newsline\n\nabc/xyz/", "Newsline", id="unlisted name, vouched for by initials"),
        pytest.param("\n\nmr/dan\n\n--IANS", "IANS", id="initials before the agency"),
        pytest.param(" (ANI)", "ANI", id="in the last paragraph"),
        pytest.param(" --IANS\n\nmr/dan", "IANS", id="in the last paragraph, then initials"),
        pytest.param("\n\n--IANS\n\n(ab/cd)", "IANS", id="initials in brackets"),
        pytest.param("\n\n(Reporting by Ada Quill in Northfield; editing by B. Doe)", "", id="credits"),
        pytest.param("\n\n--IANS\n\n###", "IANS", id="end mark"),
        pytest.param("\n\n-30-", "", id="end mark alone"),
    ],
)
def test_signoffs(tail: str, agency: str) -> None:
    found = read_signoff(BODY + tail, 0, vouched=False, agency="")
    assert found is not None
    assert BODY.startswith((BODY + tail)[: found.start].strip())
    assert (BODY + tail)[: found.start].strip() == BODY
    assert found.agency == agency


WEAK = [
    pytest.param("\n\n—Shakespeare", id="a name after a dash"),
    pytest.param("\n\nmr/dan", id="initials"),
    pytest.param("\n\n(ab/cd)", id="initials in brackets"),
    pytest.param("\n\n(Reporting by Ada Quill)", id="credits of one"),
    pytest.param("\n\n—Northfield News Agency", id="an unlisted agency"),
    pytest.param("\n\n(NWA)", id="unlisted capitals in brackets"),
    pytest.param("\n\nENDS", id="an end mark that is a word"),
]


@pytest.mark.parametrize("tail", WEAK)
def test_weak_signs_count_where_the_head_vouches_for_them(tail: str) -> None:
    found = read_signoff(BODY + tail, 0, vouched=True, agency="")
    assert found is not None
    assert (BODY + tail)[: found.start].strip() == BODY


@pytest.mark.parametrize("tail", WEAK)
def test_but_not_when_nothing_vouches_for_them(tail: str) -> None:
    assert read_signoff(BODY + tail, 0, vouched=False, agency="") is None


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("\n\nand/or", id="and/or"),
        pytest.param("\n\nhe/she", id="he/she"),
        pytest.param("\n\nkm/h", id="km/h"),
        pytest.param("\n\n(and/or)", id="and/or in brackets"),
        pytest.param("\n\nReporting by Ada Quill led to the inquiry.", id="a sentence about reporting"),
        pytest.param("\n\n--IANS and others wrote it, she said.", id="a sentence after dashes"),
        pytest.param("\n\n— Jane Roe contributed to this report", id="a credit"),
        pytest.param("\n\n- Jane Roe.", id="a name with a full stop"),
        pytest.param("\n\n(The mayor declined.)", id="a bracketed sentence"),
        pytest.param(" He works for the agency (IANS", id="an open bracket"),
        pytest.param("", id="nothing"),
    ],
)
def test_but_not_when_it_is_prose(tail: str) -> None:
    assert read_signoff(BODY + tail, 0, vouched=True, agency="") is None


def test_an_inline_acronym_is_kept_unless_listed_or_repeated() -> None:
    text = BODY + " (NIA)"
    assert read_signoff(text, 0, vouched=False, agency="") is None
    assert read_signoff(text, 0, vouched=True, agency="NIA") is not None


def test_dashes_in_the_middle_stay() -> None:
    assert read_signoff("--IANS\n\n" + BODY, 0, vouched=True, agency="") is None


def test_credits_name_the_reporters() -> None:
    found = read_signoff(BODY + "\n\n(Reporting by Ada Quill; editing by B. Doe)\n\n--NWA", 0, vouched=False, agency="")
    assert found is not None
    assert (found.agency, found.reporters) == ("NWA", "Ada Quill")
