"""A retrained model takes the shipped one's place only where it is better."""

from pathlib import Path

import pytest

from claims.extraction.training.evaluate import compare, install, verdict

SHIPPED = {"attributed@0.5": 0.76, "attributed@0.8": 0.70}


@pytest.mark.parametrize(
    ("figures", "gain", "words"),
    [
        pytest.param({"attributed@0.5": 0.77, "attributed@0.8": 0.70}, 0.007, "better than the shipped", id="better"),
        pytest.param(
            {"attributed@0.5": 0.75, "attributed@0.8": 0.71}, -0.004, "not better", id="worse-where-it-counts"
        ),
        pytest.param(SHIPPED, 0.0, "not better", id="equal"),
    ],
)
def test_the_gain_is_that_of_what_tuning_maximises(figures: dict[str, float], gain: float, words: str) -> None:
    assert compare(figures, SHIPPED) == pytest.approx(gain)
    assert verdict(compare(figures, SHIPPED)).startswith(words)


def test_a_model_is_put_whole_in_the_place_of_another(tmp_path: Path) -> None:
    new, shipped = tmp_path / "work" / "model", tmp_path / "model"
    for folder, names in ((new, ("model.onnx", "meta.json")), (shipped, ("model.onnx", "meta.json", "left-over"))):
        folder.mkdir(parents=True)
        for name in names:
            (folder / name).write_text(folder.parent.name)
    install(new, shipped)
    assert sorted(path.name for path in shipped.iterdir()) == ["meta.json", "model.onnx"]
    assert (shipped / "meta.json").read_text() == "work"
    assert new.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("model.")] == []
