"""Rules about the files themselves."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

# In pieces, so that this file passes its own test.
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"))]
REGISTRIES += [".".join(parts) for parts in (("unpkg", "com"), ("jsdelivr", "net"), ("cdnjs", "cloudflare"))]
PIN = re.compile(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+( +#.*)?")
LARGEST = 1_000_000  # bytes; the engine's model is no text


def _tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        return [path for path in ROOT.rglob("*") if not {".venv", "var", "__pycache__"} & set(path.parts)]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_package_registry() -> None:
    files = [path for path in _tracked() if path.is_file() and path.stat().st_size < LARGEST]
    assert len(files) > 50
    found = []
    for path in files:
        text = path.read_bytes().decode(errors="replace").lower()
        found += [f"{path.relative_to(ROOT)}: {name}" for name in REGISTRIES if name in text]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-celery.txt", "requirements-dev.txt"])
def test_every_version_is_exact_and_stands_once(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="ascii").splitlines()
    pins = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert [line for line in pins if not PIN.fullmatch(line)] == []
    names = [re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in pins]
    assert len(names) == len(set(names)) > 8


def test_no_secret_and_no_database_is_tracked() -> None:
    names = {path.name for path in _tracked()} if (ROOT / ".git").exists() else set()
    assert not {name for name in names if name == ".env" or name.endswith((".sqlite3", ".pem"))}


def test_the_readme_names_every_variable_of_the_environment() -> None:
    settings = (ROOT / "claimtrack" / "settings.py").read_text(encoding="utf-8")
    names = re.findall(r"""(?:env\.(?:text|boolean|integer|words|choice)|_rate)\(\s*"([A-Z_]+)\"""", settings)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(names) > 15
    assert [name for name in names if f"`{name}`" not in readme] == []
