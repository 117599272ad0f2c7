"""The API's benchmark runs from beginning to end, and its answers are compared, on a few rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.api import same
from benchmarks.api_data import World

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = 2_000


def test_it_measures_and_compares_on_sqlite() -> None:
    options = ["--rows", str(ROWS), "--databases", "sqlite", "--rounds", "1", "--seconds", "0.05"]
    command = [sys.executable, "-m", "benchmarks.api", *options]
    environment = {**os.environ, "ENV_FILE": os.devnull}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    figures = json.loads(done.stdout)["sqlite"]
    assert figures["tables"]["claims_claim"] == ROWS
    assert "link_by_speaker" in figures["indexes"]["claims_claimspeaker"]
    assert set(figures["questions"]) == {"frequent", "middling", "rare", "newest", "search", "facets", "deep"}
    for question in figures["questions"].values():
        assert {"ours", "ours_token", "floor"} <= set(question["systems"])
        assert all(one["per_second"] > 0 for one in question["systems"].values())
    assert figures["questions"]["frequent"]["compared"]["floor"] == "whole"
    assert figures["questions"]["frequent"]["rows"] == 50


def test_an_answer_that_differs_ends_it() -> None:
    ours = {"results": [{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]}
    other = {"results": [{"id": 1, "text": "a"}, {"id": 2, "text": "B"}]}
    bodies = {"ours": json.dumps(ours).encode(), "floor": json.dumps(ours).encode()}
    assert same({"path": "/"}, bodies) == {"ours": "whole", "floor": "whole"}
    with pytest.raises(SystemExit, match="floor answers / otherwise"):
        same({"path": "/"}, bodies | {"floor": json.dumps(other).encode()})


class TestWorld:
    def test_it_is_the_same_each_time(self) -> None:
        assert [*World(300).claim_rows()] == [*World(300).claim_rows()]
        assert [*World(300).link_rows()] == [*World(300).link_rows()]

    def test_shares_follow_zipf(self) -> None:
        world = World(20_000)
        counts: dict[int, int] = {}
        for link in world.link_rows():
            counts[link["speaker"]] = counts.get(link["speaker"], 0) + 1
        most, second = counts[world.speaker_of_rank[0]], counts[world.speaker_of_rank[1]]
        assert max(counts.values()) == most
        assert 1.8 < most / second < 2.6  # 2 to the power of 1.1
