"""A supervisor over small fake services, run as a program: `fake_services.py FOLDER HOW NAME=KIND ...`.

HOW is `programs`, which start anew, or `forks` of the supervisor, as `otklik serve` has them.
Each service writes its process id and that of a child it forked to FOLDER/NAME and then lives by its KIND.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from otklik.cli.forks import Fork
from otklik.cli.supervisor import Patience, Process, Service, Supervisor

COMMON = """
import os, signal, sys, time
def leave(number, frame):
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
helper = os.fork()
if helper == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as stubborn as a hung worker
    time.sleep(600)
    os._exit(0)
unfinished = sys.argv[1] + ".new"
with open(unfinished, "w") as file:
    file.write(f"{os.getpid()} {helper}")
os.rename(unfinished, sys.argv[1])
print("hello", flush=True)
"""
KINDS = {
    "steady": "time.sleep(600)",
    "stubborn": "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)",
    "broken": "print('cannot work', flush=True); sys.exit(3)",
    "chatty": "while True: print('x' * 200, flush=True)",
}


def main(folder: Path, how: str, kinds: dict[str, str]) -> int:
    def log(name: str, line: str) -> None:
        if not line.startswith("xxx"):
            print(f"{name} | {line}", file=sys.stderr, flush=True)

    services = [
        Service(
            name,
            [sys.executable, "-c", COMMON + KINDS[kind], str(folder / name)],
            lambda pid, name=name, kind=kind: kind != "broken" and (folder / name).exists(),
        )
        for name, kind in kinds.items()
    ]
    for kind, body in KINDS.items():
        (folder / f"fake_{kind}.py").write_text(COMMON + body)
    sys.path.insert(0, str(folder))

    def fork(service: Service, leave: Callable[[], None]) -> Process:
        return Fork(service.name, [f"fake_{kinds[service.name]}", str(folder / service.name)], leave)

    patience = Patience(ready=10, stop=1.5, first_restart=0.1)
    with Supervisor(log=log, env={}, patience=patience) as supervisor:
        return supervisor.serve(
            services,
            when_ready=lambda: print("ready", flush=True),
            start=fork if how == "forks" else None,
        )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], dict(word.split("=") for word in sys.argv[3:])))
