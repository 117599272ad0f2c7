"""The written-out loop gives what its parts say."""

from typing import Any

import pytest

from sources.api.building import builder


class _Shape:
    def words(self, text: str, spans: Any) -> dict[str, Any]:
        return {"text": text, "spans": spans}


FIELDS = {"id": ("", [0]), "cue": ("words", [1, 2]), "again": ("", [1])}


@pytest.mark.parametrize(
    ("made", "converters", "rows", "answers"),
    [
        pytest.param({"id": ("", [0])}, {}, [(1,), (2,)], [{"id": 1}, {"id": 2}], id="one column"),
        pytest.param({"day": ("", [0])}, {0: str.upper}, [("a",), (None,)], [{"day": "A"}, {"day": None}], id="none"),
        pytest.param(
            FIELDS,
            {2: list},
            [(1, "said", "ab")],
            [{"id": 1, "cue": {"text": "said", "spans": ["a", "b"]}, "again": "said"}],
            id="made of several",
        ),
        pytest.param(
            {"it's": ("", [1])}, {}, [(1, 2, 3)], [{"it's": 2}], id="columns of no field, a name with a quote"
        ),
    ],
)
def test_builder(made: Any, converters: Any, rows: list[Any], answers: list[Any]) -> None:
    assert builder(made, converters, len(rows[0]))(_Shape(), rows) == answers
