"""What the commands in bin/ say when they cannot go on: one clear line, exit status 2, nothing started."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bare_project(tmp_path: Path) -> Path:
    """The sources alone, as a clone has them: no environment, nothing installed."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("bin", "otklik/cli"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
    shutil.copy(ROOT / "otklik" / "__init__.py", project / "otklik")
    shutil.copytree(ROOT / "requirements", project / "requirements")
    return project


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def call(*command: str | Path, path: str | None = None, user: str | None = None) -> tuple[int, list[str]]:
    """Exit status and the lines on standard error; the caller's settings do not reach the command."""
    env: Mapping[str, str] = {"PATH": path or os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, user=user)
    assert done.stdout == ""
    return done.returncode, done.stderr.splitlines()


def folder_of_programs(folder: Path, **scripts: str) -> str:
    """A PATH with the few programs bin/ needs from the system, and the given ones."""
    folder.mkdir()
    for name in ("sh", "readlink", "dirname", "basename"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, body in scripts.items():
        program = folder / name.replace("_", ".")
        program.write_text(body)
        program.chmod(0o755)
    return str(folder)


def real_python() -> str:
    return str(Path(sys.executable).resolve())


def test_an_old_python_is_named_and_refused(bare_project: Path, tmp_path: Path) -> None:
    old = (
        f"#!/bin/sh\ncase $2 in *exit*) exit 1;; *print*) exec {real_python()} -c 'print(\"3.9.2\")';; esac\n"
    )
    path = folder_of_programs(tmp_path / "programs", python3=old)

    status, lines = call(bare_project / "bin" / "run", path=path)

    assert status == 2
    assert lines == [
        "otklik: Python 3.11 or newer is needed, python3 here is 3.9.2; install a newer one and try again."
    ]


def test_without_any_python_it_says_what_to_install(bare_project: Path, tmp_path: Path) -> None:
    status, lines = call(
        bare_project / "bin" / "otklik", "serve", path=folder_of_programs(tmp_path / "programs")
    )

    assert status == 2
    assert len(lines) == 1
    assert "apt-get install python3" in lines[0]


def test_a_newer_python_under_another_name_is_used(bare_project: Path, tmp_path: Path) -> None:
    path = folder_of_programs(
        tmp_path / "programs",
        python3="#!/bin/sh\nexit 1\n",
        python3_12=f'#!/bin/sh\nexec {real_python()} "$@"\n',
    )

    status, lines = call(bare_project / "bin" / "run", "--port", "x", path=path)

    assert status == 2
    assert lines == ["bin/run: argument --port: 'x' is not a port number from 1 to 65535"]


def test_missing_venv_without_root_names_the_package(bare_project: Path, tmp_path: Path) -> None:
    # A Python like Debian's: it has the venv module but not what that needs.
    body = f'#!/bin/sh\ncase "$*" in *"import venv, ensurepip"*) exit 1;; esac\nexec {real_python()} "$@"\n'
    path = folder_of_programs(tmp_path / "programs", python3=body, apt_get="#!/bin/sh\nexit 1\n")
    os.rename(tmp_path / "programs" / "apt.get", tmp_path / "programs" / "apt-get")
    setup = (
        "import os, sys; os.geteuid = lambda: 1000; "
        f"sys._base_executable = {str(tmp_path / 'programs' / 'python3')!r}; "
        f"sys.path.insert(0, {str(bare_project / 'bin' / 'lib')!r}); sys.argv[1:] = ['otklik']; "
        "import runpy; runpy.run_path(sys.path[0], run_name='__main__')"
    )

    status, lines = call(real_python(), "-E", "-s", "-c", setup, path=path)

    assert status == 2
    assert lines[0] == "otklik: making a private Python environment in .venv"
    assert lines[1].startswith("otklik: Python's venv module is missing; run: sudo apt-get install python3")
    assert len(lines) == 2


@pytest.mark.parametrize("command", [["bin/run"], [sys.executable, "-P", "-m", "otklik.cli", "serve"]])
class TestBeforeAnythingStarts:
    def test_a_taken_port(
        self, command: list[str], bare_project: Path, taken_port: int, tmp_path: Path
    ) -> None:
        status, lines = call(
            *located(command, bare_project), "--port", str(taken_port), "--data", tmp_path / "data"
        )

        assert status == 2
        assert lines == [f"otklik: port {taken_port} is taken; choose another with --port N."]

    def test_a_taken_edge_port(
        self, command: list[str], bare_project: Path, taken_port: int, tmp_path: Path
    ) -> None:
        ports = ["--port", str(free_port()), "--edge-port", str(taken_port)]

        status, lines = call(*located(command, bare_project), *ports, "--data", tmp_path / "data")

        assert status == 2
        assert len(lines) == 1
        assert f"port {taken_port} is taken" in lines[0]
        assert "--edge-port" in lines[0]

    def test_a_data_folder_that_cannot_be(
        self, command: list[str], bare_project: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        data = tmp_path / "file" / "data"

        status, lines = call(*located(command, bare_project), "--data", data)

        assert status == 2
        assert lines == [refusal(data, "Not a directory")]

    def test_an_impossible_port(self, command: list[str], bare_project: Path) -> None:
        status, lines = call(*located(command, bare_project), "--port", "65536")

        assert status == 2
        assert len(lines) == 1
        assert "'65536' is not a port number from 1 to 65535" in lines[0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_data_folder_of_somebody_else(tmp_path: Path) -> None:
    # In a folder of its own: pytest's are closed to other users from the root down.
    shared = Path("/tmp") / f"otklik-test-{os.getpid()}"
    shared.mkdir(mode=0o755)
    try:
        for source in ("otklik/__init__.py", "otklik/cli"):
            target = shared / source
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, target)
        python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
        if (
            python is None
            or subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).returncode
        ):
            pytest.skip("no Python that other users may run too")
        program = (
            f"import sys; sys.path.insert(0, {str(shared)!r}); "
            "from otklik.cli.main import main; sys.exit(main(sys.argv[1:]))"
        )

        status, lines = call(python, "-c", program, "serve", "--data", shared / "data", user="nobody")

        assert status == 2
        assert lines == [refusal(shared / "data", "Permission denied")]
    finally:
        shutil.rmtree(shared)


def test_an_unknown_command_is_named() -> None:
    status, lines = call(sys.executable, "-P", "-m", "otklik.cli", "srve")

    assert status == 2
    assert lines == ["otklik: there is no command 'srve'; otklik --help lists them."]


def test_the_supervisor_and_the_help_import_nothing_from_outside_the_standard_library() -> None:
    program = (
        "import sys; from otklik.cli.main import main; main(['--help']); import otklik.cli.serve; "
        "names = {name.partition('.')[0] for name in sys.modules}; "
        "foreign = names - set(sys.stdlib_module_names) - {'otklik'}; "
        "print(*sorted(name for name in foreign if not name.startswith('_')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", program],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert done.returncode == 0
    assert done.stderr.split() == []


def test_no_lock_file_names_a_registry() -> None:
    for lock in [*ROOT.glob("requirements/*.txt"), ROOT / "package-lock.json", ROOT / ".npmrc"]:
        text = lock.read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert "--find-links" not in text
        assert '"resolved"' not in text
        assert "registry" not in text.replace("omit-lockfile-registry-resolved", "")


def refusal(data: Path, reason: str) -> str:
    return f"otklik: the data folder {data} cannot be written ({reason}); choose another with --data DIR."


def located(command: list[str], project: Path) -> list[str]:
    return [str(project / command[0])] if command[0].startswith("bin/") else command


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
