"""The private environment: made once, repaired after an interruption, shared by starts at the same moment.

The lock files of these projects are empty, so nothing is fetched and the network is not needed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow  # each makes a real environment, which takes seconds


@pytest.fixture
def project(tmp_path: Path) -> Path:
    # Without translations: these are compiled by a part of the program that is not copied.
    ignored = shutil.ignore_patterns("__pycache__", "tests", "locale")
    for name in ("bin", "otklik/cli"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "otklik" / "__init__.py", tmp_path / "otklik")
    (tmp_path / "requirements").mkdir()
    for name in ("setup", "node", "base", "dev", "slow"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("# nothing\n")
    return tmp_path


def begin(project: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [project / "bin" / "otklik", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def wait_for_line(process: subprocess.Popen[str], part: str) -> None:
    assert process.stderr is not None
    while part not in (line := process.stderr.readline()):
        assert line, "it ended without saying so"


def programs_of(project: Path) -> list[str]:
    """Command lines of running programs that name this project."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(project) in line and int(file.parent.name) != os.getpid():
            found.append(line)
    return found


def test_the_first_start_makes_it_and_the_second_does_nothing(project: Path) -> None:
    status, out, err = finish(begin(project, "--help"))
    assert status == 0
    assert out.startswith("Usage: otklik")
    assert "making a private Python environment" in err

    status, out, err = finish(begin(project, "--help"))
    assert (status, err) == (0, "")
    assert out.startswith("Usage: otklik")


def test_two_starts_at_once_make_it_once(project: Path) -> None:
    results = [finish(process) for process in [begin(project, "--help"), begin(project, "--help")]]

    assert [status for status, _, _ in results] == [0, 0]
    said = "".join(err for _, _, err in results)
    assert said.count("making a private Python environment") == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_interrupted_set_up_repairs_itself(project: Path, number: signal.Signals) -> None:
    first = begin(project, "--help")
    wait_for_line(first, "making a private Python environment")
    time.sleep(1)  # somewhere in the middle of it
    first.send_signal(number)
    first.communicate(timeout=30)
    assert first.returncode != 0

    status, out, err = finish(begin(project, "--help"))

    assert status == 0
    assert out.startswith("Usage: otklik")
    assert "making a private Python environment" in err


def test_a_stopped_set_up_leaves_no_program_behind(project: Path) -> None:
    process = begin(project, "--help")
    wait_for_line(process, "making a private Python environment")
    time.sleep(0.5)

    process.terminate()
    process.communicate(timeout=30)

    assert process.returncode == 128 + signal.SIGTERM
    assert programs_of(project) == []


def test_a_changed_lock_is_installed_into_the_same_environment(project: Path) -> None:
    finish(begin(project, "--help"))
    keepsake = project / ".venv" / "keepsake"
    keepsake.touch()
    (project / "requirements" / "base.txt").write_text("# still nothing\n")

    status, _, err = finish(begin(project, "--help"))

    assert status == 0
    assert "installing the Python packages of requirements/base.txt" in err
    assert keepsake.exists()


def test_an_environment_that_was_moved_or_outdated_is_made_anew(project: Path) -> None:
    finish(begin(project, "--help"))
    stamp = project / ".venv" / "otklik-setup.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "python": "3.10"}))

    status, out, err = finish(begin(project, "--help"))

    assert status == 0
    assert out.startswith("Usage: otklik")
    assert "making a private Python environment" in err


def test_heavy_packages_come_only_for_the_slow_tests(project: Path) -> None:
    def made_ready(how: str) -> str:
        program = f"import sys; sys.path[:0] = [{str(project / 'bin' / 'lib')!r}]; import readiness; "
        command = [sys.executable, "-P", "-c", f"{program}readiness.ensure({how})"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stderr

    assert "requirements/slow.txt" not in made_ready("dev=True")
    assert "installing the Python packages of requirements/slow.txt" in made_ready("dev=True, slow=True")
    assert made_ready("dev=True, slow=True") == ""
    (project / "requirements" / "slow.txt").write_text("# still nothing\n")
    assert made_ready("dev=True") == ""
    assert "installing the Python packages of requirements/slow.txt" in made_ready("dev=True, slow=True")
