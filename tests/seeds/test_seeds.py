"""The sample articles and their answers: complete, true to the text, up to date. No test here runs the engine."""

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"


def load(name):
    """A module of seeds/, which is no package."""
    spec = importlib.util.spec_from_file_location(f"seeds_{name}", SEEDS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


annotations = load("annotations")
build_expected = load("build_expected")
EXPECTED = json.loads((SEEDS / "expected.json").read_text("utf-8"))["articles"]
BY_ID = pytest.mark.parametrize("entry", EXPECTED, ids=[e["id"] for e in EXPECTED])
PARTS = ("tuning", "held_out")


@pytest.fixture(scope="module")
def bodies():
    found = {}
    for path in sorted((SEEDS / "articles").iterdir()):
        for row, article in build_expected.bodies_of(path).items():
            found[path.name + (f"#{row}" if row else "")] = article
    return found


def rows_with_spans(entry):
    return [*entry["claims"], *entry["relayed"]]


# --- the whole ---


def test_expected_json_is_up_to_date():
    run = subprocess.run(
        [sys.executable, str(SEEDS / "build_expected.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_every_article_has_answers_and_every_answer_an_article(bodies):
    assert sorted(bodies) == [e["id"] for e in EXPECTED]


def test_there_are_forty_articles_of_them_twenty_held_out():
    parts = Counter(e["split"] for e in EXPECTED)
    assert set(parts) == set(PARTS)
    assert len(EXPECTED) >= 40
    assert parts["held_out"] >= 20


def test_all_formats_occur_in_both_parts():
    formats = {(e["split"], Path(e["id"].partition("#")[0]).suffix) for e in EXPECTED}
    assert formats == {(part, suffix) for part in PARTS for suffix in (".txt", ".html", ".jsonl")}


def test_no_text_stands_twice():
    assert len({e["text_sha256"] for e in EXPECTED}) == len(EXPECTED)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_shows_every_act_kind_type_and_status(part):
    claims = [c for e in EXPECTED if e["split"] == part for c in e["claims"]]
    speakers = [c["speaker"] for c in claims if c["speaker"]]
    assert {c["act"] for c in claims} == set(annotations.ACTS)
    assert {c["kind"] for c in claims} == set(annotations.KINDS)
    assert {s["type"] for s in speakers} >= {"person", "organisation", "document", "unnamed"}
    assert {s["status"] for s in speakers} == set(annotations.STATUSES)
    assert any(c["speaker"] is None for c in claims)
    assert any(s["members"] for s in speakers)
    assert any(e["relayed"] for e in EXPECTED if e["split"] == part)
    assert any(not e["claims"] for e in EXPECTED if e["split"] == part), "an article of mere narration"


def test_speakers_return_across_articles_of_both_parts():
    seen = {}
    for entry in EXPECTED:
        for claim in entry["claims"]:
            speaker = claim["speaker"]
            if speaker and speaker["status"] == "resolved" and speaker["type"] == "person":
                for name in speaker["members"] or [speaker["name"]]:
                    seen.setdefault(name, set()).add((entry["split"], entry["id"]))
    returning = [n for n, where in seen.items() if {s for s, _ in where} == set(PARTS)]
    assert len(returning) >= 8


@BY_ID
def test_readme_tells_the_part_of_each_article(entry):
    lines = [x for x in (SEEDS / "README.md").read_text("utf-8").splitlines() if x.startswith(f"| `{entry['id']}` |")]
    assert len(lines) == 1
    assert f"| {entry['split']} |" in lines[0]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("2026-03-30-san-telmo-trial.txt", "cp1252"), ("2026-06-28-radio-ferry.txt", "utf-16")],
    ids=["Windows-1252, not UTF-8", "UTF-16 with byte order mark, not UTF-8"],
)
def test_old_encodings_are_kept_in_the_file_and_read_in_the_body(bodies, name, encoding):
    data = (SEEDS / "articles" / name).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert bodies[name].text.split("\n")[-1].strip() in data.decode(encoding).replace("\r\n", "\n")


# --- each article ---


@BY_ID
def test_body_is_the_annotated_one(entry, bodies):
    article = bodies[entry["id"]]
    assert hashlib.sha256(article.text.encode()).hexdigest() == entry["text_sha256"]
    assert 100 <= len(article.text.split()) <= 1200
    assert entry["published_on"] is not None
    assert "2025-01-01" <= entry["published_on"] <= "2026-11-20"


@BY_ID
def test_every_text_is_its_slice_of_the_body(entry, bodies):
    text = bodies[entry["id"]].text
    for row in rows_with_spans(entry):
        assert row["text"] == [text[s:e] for s, e in row["content"]]
        assert all(quote and quote == quote.strip() for quote in row["text"])


@BY_ID
def test_roles_of_a_claim_do_not_overlap_and_claims_do_not_cross(entry):
    contents = sorted((*span, n) for n, c in enumerate(entry["claims"]) for span in c["content"])
    assert all(left[1] <= right[0] for left, right in pairwise(contents))
    for claim in entry["claims"]:
        roles = sorted([*claim["content"], *claim["cue"], *claim["mention"]])
        assert all(left[1] <= right[0] for left, right in pairwise(roles))


@BY_ID
def test_claims_stand_in_text_order_each_with_a_cue(entry):
    assert [c["content"] for c in entry["claims"]] == sorted(c["content"] for c in entry["claims"])
    assert all(c["cue"] for c in entry["claims"])


@BY_ID
def test_relayed_claims_lie_inside_their_claim(entry):
    for row in entry["relayed"]:
        outer = entry["claims"][row["within"]]["content"]
        assert all(any(s <= a and b <= e for s, e in outer) for a, b in row["content"])


@BY_ID
def test_speaker_names_are_words_of_the_text(entry, bodies):
    words = set(re.findall(r"\w+", bodies[entry["id"]].text))
    for row in rows_with_spans(entry):
        speaker = row["speaker"]
        if speaker is None or speaker["status"] == "unnamed":
            continue
        assert speaker["type"] in annotations.TYPES
        names = speaker.get("candidates") or speaker["members"] or [speaker["name"]]
        assert all(set(re.findall(r"\w+", name)) <= words for name in names)


@BY_ID
def test_a_speaker_is_null_only_without_source_words(entry):
    for claim in entry["claims"]:
        assert (claim["speaker"] is None) == (not claim["mention"])


@pytest.mark.skipif(not (ROOT.parent / "shared" / "articles").is_dir(), reason="../shared is not there")
def test_no_sentence_is_taken_from_the_real_wire_story(bodies):
    real = " ".join(p.read_text("utf-8") for p in (ROOT.parent / "shared" / "articles").glob("*.txt"))
    runs = {" ".join(w) for t in [real.lower().split()] for w in zip(*(t[i:] for i in range(8)), strict=False)}
    for entry, article in bodies.items():
        words = article.text.lower().split()
        copied = [r for w in zip(*(words[i:] for i in range(8)), strict=False) if (r := " ".join(w)) in runs]
        assert not copied, entry


# --- the notation ---

TEXT = "Ann Boe said that rain fell. “It fell,” she said. He said no.\n\nShe said that sun shone."


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("that rain fell", "that rain fell"),
        ("that rain ~ she", "that rain fell. “It fell,” she"),
        ("She said", "She said"),
        ("she #1", "she"),
        ("said {no}", "no"),
    ],
    ids=["words", "first to last", "case counts", "first place", "only the bracket"],
)
def test_words_name_one_stretch(quoted, found):
    start, end = annotations.Body(TEXT).stretch(quoted)
    assert TEXT[start:end] == found


@pytest.mark.parametrize(
    ("quoted", "message"),
    [
        ("that snow fell", "not in the body"),
        ("said", "4 places"),
        ("said #5", "only 4 places"),
        ("rain ~ shone", "not in the body"),
        ("rai", "not in the body"),
    ],
    ids=["missing", "ambiguous", "too high an ordinal", "not over a paragraph", "not part of a word"],
)
def test_words_that_do_not_fit_are_refused(quoted, message):
    with pytest.raises(annotations.AnnotationError, match=message):
        annotations.Body(TEXT).stretch(quoted)


def test_attribution_is_sought_beside_the_content_first():
    body = annotations.Body(TEXT)
    content = [body.stretch("that sun shone")]
    mention, cue = annotations.attribution(body, ["{She} [said]"], content)
    assert [TEXT[s:e] for s, e in (*mention, *cue)] == ["She", "said"]


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["“It fell,”", "“Hard.”"], "direct"),
        (["“It fell. It"], "direct"),
        (['"It fell," and'], "mixed"),
        (["''It fell''"], "direct"),
        (["« It fell »"], "direct"),
        (["„It fell“"], "direct"),
        (["‘It’s wet,’"], "direct"),
        (["that it’s the boys’ rain"], "indirect"),
        (["that “it” fell"], "mixed"),
    ],
    ids=[
        "curly",
        "unclosed",
        "straight and a word",
        "doubled",
        "guillemets",
        "low",
        "single",
        "apostrophes",
        "partial",
    ],
)
def test_kind_follows_from_the_quotation_marks(texts, kind):
    assert annotations.kind_of(texts) == kind


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ({"c": "that rain fell", "a": "{Ann Boe} [said]", "by": "X"}, "not in the cast"),
        ({"c": "that rain fell", "a": "{Ann Boe} [said]", "by": "-"}, "disagree"),
        ({"c": "that rain fell", "a": "{Ann Boe} [said]", "by": "A", "act": "oath"}, "none of the known"),
        ({"c": "that rain fell", "a": "{Ann Boe} [said]", "by": "A", "ackt": "topic"}, "unknown fields"),
    ],
    ids=["speaker", "null speaker with a mention", "act", "field"],
)
def test_a_faulty_annotation_names_the_article(claim, message):
    with pytest.raises(annotations.AnnotationError, match=rf"x\.txt: .*{message}"):
        annotations.rows_of(TEXT, {"file": "x.txt", "speakers": {"A": "Ann Boe"}, "claims": [claim]})


# --- the export for scorers ---


@pytest.mark.parametrize("part", PARTS)
def test_export_has_one_speaker_for_each_attribution(part, tmp_path):
    export = load("export_gold")
    assert export.main([part, str(tmp_path)]) == 0
    files = {p.stem: [json.loads(line) for line in p.read_text("utf-8").splitlines()] for p in tmp_path.iterdir()}
    ids = [e["id"] for e in EXPECTED if e["split"] == part]
    assert all([row["id"] for row in rows] == ids for rows in files.values())
    for gold, who in zip(files["gold"], files["speakers"], strict=True):
        assert [s["index"] for s in who["speakers"]] == list(range(len(gold["attributions"])))
        assert all(bool(s["name"]) == (s["type"] not in ("none", "unnamed")) for s in who["speakers"])


def test_export_refuses_an_unknown_part(tmp_path, capsys):
    assert load("export_gold").main(["dev", str(tmp_path)]) == 2
    assert "tuning|held_out" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
