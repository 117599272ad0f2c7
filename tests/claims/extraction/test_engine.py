import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from claims.extraction import ENGINE_VERSION, Engine, Extraction, ExtractionError, Span, extract
from claims.extraction.attributions import _after_others
from claims.extraction.engine import CODE_VERSION, DEFAULT_MODEL, MODEL_FORMAT

ROOT = Path(__file__).resolve().parents[3]

STORIES = [
    (
        "direct, then he",
        "Arvid Lundgaard closed the harbour on Monday.\n\n“The quay is cracked and nobody may walk on it,” he said.",
        [("The quay is cracked and nobody may walk on it", "said", "he", "direct")],
    ),
    (
        "split by the cue is one claim",
        "“The quay is cracked,” Maren Osei said, “and nobody may walk on it before the engineers have been there.”",
        [
            (
                "The quay is cracked,” … “and nobody may walk on it before the engineers have been there",
                "said",
                "Maren Osei",
                "direct",
            )
        ],
    ),
    (
        "indirect",
        "Maren Osei told reporters on Tuesday that the ferry would sail again in the spring.",
        [("that the ferry would sail again in the spring", "told", "Maren Osei", "indirect")],
    ),
    (
        "mixed",
        "The minister said that the plan was “a bad joke” and would be withdrawn.",
        [("that the plan was “a bad joke” and would be withdrawn", "said", "The minister", "mixed")],
    ),
    (
        "according to",
        "The ferry had no working radio, according to a report by the harbour police.",
        [("The ferry had no working radio", "according to", "a report by the harbour police", "indirect")],
    ),
    (
        "but narration is no claim",
        "The ferry left the harbour at noon. It carried forty passengers and a cargo of salt. The sea was calm.",
        [],
    ),
]


def _joined(extraction: Extraction, spans: tuple) -> str:
    return " … ".join(extraction.text[start:end] for start, end in spans)


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES])
def test_stories(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    extraction = extract(text)
    found = [
        (
            _joined(extraction, c.content).strip("“”,."),
            _joined(extraction, c.cue),
            _joined(extraction, c.mention),
            c.kind,
        )
        for c in extraction.claims
    ]
    assert found == expected


def test_a_claim_after_long_padding_is_found_as_without_it() -> None:
    padding = "The ferry left the harbour at noon with forty passengers and a cargo of salt.\n\n" * 1200
    story = STORIES[1][1] + "\n\n" + STORIES[2][1]
    alone, behind = extract(story), extract(padding + story)
    assert len(padding) > 60_000  # more than one section
    assert [(c.kind, _joined(alone, c.content), _joined(alone, c.mention)) for c in alone.claims] == [
        (c.kind, _joined(behind, c.content), _joined(behind, c.mention)) for c in behind.claims
    ]


def test_what_crosses_a_section_is_found_once() -> None:
    filler = "The ferry left the harbour at noon with forty passengers and a cargo of salt.\n\n"
    story = STORIES[0][1] + "\n\n"
    for shift in range(-2, 3):
        text = filler * (60_000 // len(filler) + shift) + story + filler * 100
        extraction = extract(text)
        found = [_joined(extraction, claim.content) for claim in extraction.claims]
        assert found == ["“The quay is cracked and nobody may walk on it,”"]


NARROWED = [
    ("points back", "a letter from Osei to Lundgaard, the latter’s sister, Maren,", "the latter’s sister, Maren,"),
    ("straight apostrophe", "Osei and Lundgaard, the former's aide,", "the former's aide,"),
    ("nothing before it", "the latter’s sister", "the latter’s sister"),
    ("but not an ordinary possessive", "Osei, Lundgaard’s sister,", "Osei, Lundgaard’s sister,"),
]


@pytest.mark.parametrize(("mention", "expected"), [row[1:] for row in NARROWED], ids=[row[0] for row in NARROWED])
def test_a_mention_begins_where_it_points_back(mention: str, expected: str) -> None:
    text = f"Then {mention} said so."
    span = _after_others(text, Span(5 + 100, 5 + 100 + len(mention)), 100)
    assert text[span.start - 100 : span.end - 100] == expected


def test_the_same_text_has_the_same_answer() -> None:
    text = "\n\n".join(row[1] for row in STORIES)
    assert extract(text) == extract(text)


LANGUAGES = [
    ("told that it is English", "en", True),
    ("told that nobody can tell", "und", True),
    ("told that it is German", "de", False),
]


@pytest.mark.parametrize(("language", "any_claims"), [row[1:] for row in LANGUAGES], ids=[row[0] for row in LANGUAGES])
def test_language_decides_whether_a_text_is_read(language: str, any_claims: bool) -> None:
    extraction = extract(STORIES[0][1], language=language)
    assert bool(extraction.claims) is any_claims
    assert extraction.language == language


def test_another_language_gives_no_claims() -> None:
    extraction = extract(
        "„Die Brücke ist sicher“, sagte der Bürgermeister am Montag, und die Leute können wieder hinüber. " * 4
    )
    assert extraction.claims == ()
    assert extraction.language != "en"


def test_version_names_code_and_model() -> None:
    digest = json.loads((DEFAULT_MODEL / "meta.json").read_text())["sha256"]
    assert f"{CODE_VERSION}+{digest[:8]}" == ENGINE_VERSION == extract("").engine_version


def test_two_model_directories_are_two_engines(tmp_path: Path) -> None:
    other = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, other)
    (other / "meta.json").write_text(json.dumps({"format": MODEL_FORMAT, "sha256": "0123456789" * 6 + "abcd"}))
    engine = Engine(other)
    assert engine.version == f"{CODE_VERSION}+01234567" != ENGINE_VERSION
    assert engine.extract(STORIES[0][1]).claims == extract(STORIES[0][1]).claims


BROKEN = [
    ("no description", "meta.json", None),
    ("description is no JSON", "meta.json", b"{"),
    ("another format", "meta.json", b'{"format": 99, "sha256": "00"}'),
    ("no network", "model.onnx", None),
    ("no linking network", "links.onnx", None),
    ("damaged network", "model.onnx", b"not a network"),
    ("damaged head", "head.npz", b"not an archive"),
    ("damaged tokenizer", "tokenizer.json", b"{}"),
]


@pytest.mark.parametrize(("name", "content"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_model_is_named(tmp_path: Path, name: str, content: bytes | None) -> None:
    shutil.copytree(DEFAULT_MODEL, tmp_path / "model")
    broken = tmp_path / "model" / name
    broken.unlink()
    if content is not None:
        broken.write_bytes(content)
    with pytest.raises(ExtractionError, match=name):
        Engine(tmp_path / "model").extract(STORIES[0][1])


def test_the_engine_runs_where_django_cannot_be_imported() -> None:
    code = (
        "import sys\n"
        "for name in ('django', 'rest_framework', 'torch', 'onnx'): sys.modules[name] = None\n"
        "from claims.extraction import extract\n"
        "print(len(extract(sys.argv[1]).claims))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, STORIES[0][1]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "1"


def test_threads_share_one_model_and_agree() -> None:
    engine = Engine()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(engine.extract, [STORIES[1][1]] * 8))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].claims
