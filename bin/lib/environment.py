"""The private environment in .venv/, made from the lock files.

A stamp in .venv/ says what it was made from. It is taken away before anything is changed and written last of
all, so an environment without a stamp is one whose set-up was interrupted: it is made anew.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import debian
from common import ROOT, VENV, VENV_PYTHON, ProgramFailed, Trouble, run, say

REQUIREMENTS = ROOT / "requirements"
STAMP = VENV / "otklik-setup.json"


# Heavy packages of the slow tests. The lock lists them alone: what they depend on is in dev.txt.
SLOW = "slow"


def ready(dev: bool, slow: bool = False) -> bool:
    stamp = _stamp()
    # The development lock contains the base one, so an environment made for the tests also runs the product.
    names = ["dev" if dev else "base", *([SLOW] if slow else [])]
    return stamp is not None and all(stamp.get(name) == _digest(name) for name in names)


def _stamp() -> dict[str, str] | None:
    """What the environment was made from; None where it cannot be used as it is."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # bin/lib/start.sh prefers the environment's own Python, so this is the one that was upgraded or moved.
    usable = VENV_PYTHON.exists() and stamp["python"] == _python_version() and stamp["root"] == str(ROOT)
    return stamp if usable else None


def _python_version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _digest(name: str) -> str:
    return hashlib.sha256((REQUIREMENTS / f"{name}.txt").read_bytes()).hexdigest()


def install(dev: bool, lock: int, slow: bool = False) -> None:
    """`slow` only together with `dev`, whose packages the heavy ones stand on."""
    stamp = _stamp()
    base_only = {"base": _digest("base"), "dev": ""}
    with contextlib.suppress(FileNotFoundError):
        STAMP.unlink()
    if stamp is None:
        _make_environment(lock)
    name = "dev" if dev or (stamp and stamp["dev"]) else "base"
    _install_uv(lock)
    names = [name, *([SLOW] if slow else [])]
    for each in names:
        say(f"installing the Python packages of requirements/{each}.txt")
        install_locked(each, lock)
    # Lets every program of the environment find the project, whatever folder it is started in.
    _site_packages().joinpath("otklik-project.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    made = {"python": _python_version(), "root": str(ROOT), **base_only}
    made.update((each, _digest(each)) for each in names if each != "base")
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(STAMP)


def _make_environment(lock: int) -> None:
    say("making a private Python environment in .venv")
    # When the environment's own Python runs this, the one it was made from makes the new one.
    python = getattr(sys, "_base_executable", sys.executable)
    _need_venv(python)
    if VENV.exists():
        shutil.rmtree(VENV)
    try:
        run([python, "-m", "venv", VENV], keep_open=[lock])
    except ProgramFailed as failed:
        raise Trouble(f"no environment could be made in {VENV}: {_last_line(failed.output)}", 1) from failed


def _need_venv(python: str) -> None:
    if _has_venv(python):
        return
    package = "python3-venv" if _is_debians_own(python) else f"python{_python_version()}-venv"
    debian.install("Python's venv module", package)
    if not _has_venv(python):
        raise Trouble(f"Python's venv module is missing from {python}; install it and try again.")


def _has_venv(python: str) -> bool:
    # Debian ships the venv module without ensurepip, which it needs.
    return subprocess.run([python, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL).returncode == 0


def _is_debians_own(python: str) -> bool:
    return Path(python).resolve() == Path("/usr/bin/python3").resolve()


def _install_uv(lock: int) -> None:
    installed = VENV / "otklik-setup-uv"
    if (VENV / "bin" / "uv").exists() and installed.exists() and installed.read_text() == _digest("setup"):
        return
    say("fetching the installer (uv)")
    with contextlib.suppress(ProgramFailed):  # pip then installs everything, only slower
        _pip("setup", lock)
        installed.write_text(_digest("setup"))


def install_locked(name: str, lock: int) -> None:
    """Installs requirements/NAME.txt into the environment, with its hashes checked."""
    try:
        _uv_install(name, lock)
    except (ProgramFailed, FileNotFoundError) as first:
        say("uv could not install the packages; trying pip, which is slower")
        try:
            _pip(name, lock)
        except ProgramFailed as second:
            for failed in (first, second):
                sys.stderr.write(getattr(failed, "output", ""))
            raise Trouble("the Python packages could not be installed; the reason is above.", 1) from second


def _uv_install(name: str, lock: int) -> None:
    options = ["--python", VENV_PYTHON, "--compile-bytecode", *_how(name)]
    run(
        [VENV / "bin" / "uv", "pip", "install", *options, "-r", _lock_file(name)],
        env=_uv_env(),
        keep_open=[lock],
    )


def _pip(name: str, lock: int) -> None:
    options = ["--disable-pip-version-check", "--no-input", *_how(name)]
    run([VENV_PYTHON, "-m", "pip", "install", *options, "-r", _lock_file(name)], keep_open=[lock])


def _how(name: str) -> list[str]:
    alone = ["--no-deps"] if name == SLOW else []
    return ["--require-hashes", "--only-binary", ":all:", *alone]


def _lock_file(name: str) -> Path:
    return REQUIREMENTS / f"{name}.txt"


def _uv_env() -> dict[str, str]:
    """uv does not read pip's configuration, where a company names its mirror and its certificates."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    env["UV_PYTHON_DOWNLOADS"] = "never"
    with contextlib.suppress(ProgramFailed):
        configured = run([VENV_PYTHON, "-m", "pip", "config", "list"])
        for key, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
            found = re.search(rf"^\S*\.{key}=(.+)$", configured, re.MULTILINE)
            if found and variable not in env:
                env[variable] = str(ast.literal_eval(found[1]))
    return env


def _site_packages() -> Path:
    return VENV / "lib" / f"python{_python_version()}" / "site-packages"


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or ["it said nothing"])[-1]
