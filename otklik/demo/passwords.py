"""The demo's password: made for this installation alone, kept beside its data, shown at each start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "islet",
    "jasper",
    "kestrel",
    "linden",
    "maple",
    "north",
    "otter",
    "pebble",
    "quartz",
    "river",
    "spruce",
    "tundra",
    "umber",
    "violet",
    "willow",
    "zephyr",
]


def demo_password(data_dir: Path) -> str:
    """Made at the first call (readable only by the owner of the folder), the same ever after."""
    path = data_dir / "demo_password"
    made = "-".join(secrets.choice(WORDS) for _ in range(4)) + f"-{secrets.randbelow(9000) + 1000}"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made + "\n")
    return made
