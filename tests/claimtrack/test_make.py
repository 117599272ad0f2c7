"""The Makefile on machines that lack something: one line says what to install.

Each machine is a folder of programs that stands alone in PATH: the real tools by link, and stand-ins for Python, `id`
and apt-get. (GNU make ends with 2 whenever a recipe fails; the recipe itself ends with 1.)
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOLS = ("bash", "cat", "sha256sum", "ls", "env", "mkdir")
GOOD_PYTHON = "exit 0"
OLD_PYTHON = 'case "$*" in *version_info*) exit 1;; esac'
BARE_PYTHON = 'case "$*" in *ensurepip*) exit 1;; esac'
BROKEN = "exit 100"


class Machine:
    """A PATH with nothing in it but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for tool in TOOLS:
            self._link(tool)

    def _link(self, tool: str) -> None:
        found = shutil.which(tool)
        assert found, f"{tool} is not on this machine"
        (self.folder / tool).symlink_to(found)

    def add(self, name: str, script: str) -> None:
        program = self.folder / name
        program.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = shutil.which("make")
        assert program
        command = [program, "--no-print-directory", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env={"PATH": str(self.folder)}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "bin").mkdir()
    return Machine(tmp_path / "bin")


@pytest.mark.parametrize(
    ("pythons", "message"),
    [
        pytest.param({}, "claimtrack needs Python 3.11 or later: apt-get install python3 python3-venv", id="none"),
        pytest.param({"python3": OLD_PYTHON}, "claimtrack needs Python 3.11 or later", id="too-old"),
        pytest.param(
            {"python3": BARE_PYTHON},
            "python3 cannot make virtual environments: apt-get install python3-venv",
            id="debian-without-ensurepip",
        ),
        pytest.param(
            {"python3": GOOD_PYTHON, "python3.11": "exit 127"}, "Making the virtual environment", id="but-another-fits"
        ),
    ],
)
def test_python(machine: Machine, tmp_path: Path, pythons: dict[str, str], message: str) -> None:
    for name, script in pythons.items():
        machine.add(name, script)
    done = machine.make("venv", f"VENV={tmp_path / 'venv'}")
    assert done.returncode == 2  # the stand-in that fits makes no environment either
    assert message in done.stdout + done.stderr


def test_packages_that_pip_cannot_get_are_named(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    machine.add("python3", GOOD_PYTHON)
    program = tmp_path / "venv" / "bin" / "python"
    program.write_text('#!/bin/bash\ncase "$*" in *install*) exit 1;; esac\n', encoding="utf-8")
    program.chmod(0o755)
    done = machine.make("venv", f"VENV={tmp_path / 'venv'}")
    assert done.returncode == 2
    assert "requirements.txt could not be installed" in done.stderr
    assert not (tmp_path / "venv" / "claimtrack-installed").exists()


def test_what_is_installed_is_not_installed_again(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    program = tmp_path / "venv" / "bin" / "python"
    program.write_text(f'#!/bin/bash\necho "$*" >> {tmp_path}/calls\n', encoding="utf-8")
    program.chmod(0o755)
    for _ in range(2):
        assert machine.make("venv", f"VENV={tmp_path / 'venv'}").returncode == 0
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert len([call for call in calls if " install " in call]) == 1


@pytest.mark.parametrize(
    ("user", "apt_get", "expected", "message"),
    [
        pytest.param("1000", 'touch "$LOG"', 2, "the tests need chromium: apt-get install chromium", id="not-root"),
        pytest.param("0", BROKEN, 2, "apt-get could not install it: apt-get install chromium", id="apt-get-fails"),
        pytest.param("0", "exit 0", 0, "Installing chromium", id="but-root-installs-it"),
    ],
)
def test_system_packages(machine: Machine, user: str, apt_get: str, expected: int, message: str) -> None:
    machine.add("id", f"echo {user}")
    machine.add("apt-get", apt_get)
    machine.add("initdb", GOOD_PYTHON)
    done = machine.make("system-packages")
    assert done.returncode == expected
    assert message in done.stdout + done.stderr
