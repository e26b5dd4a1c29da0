"""Certificates of the tests' own, good for two days."""

from __future__ import annotations

import subprocess
from pathlib import Path

LOOPBACK = "DNS:localhost,IP:127.0.0.1"


def make_certificate(folder: Path, names: str = LOOPBACK) -> Path:
    """``cert.pem`` beside its ``key.pem``, signed by itself: who trusts it reads it as its own authority."""
    certificate = folder / "cert.pem"
    done = subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-days", "2", "-subj", "/CN=localhost", "-addext", f"subjectAltName={names}"),
            *("-keyout", str(folder / "key.pem"), "-out", str(certificate)),
        ],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )
    if done.returncode:
        raise RuntimeError(f"openssl ended with status {done.returncode}: {done.stderr}")
    return certificate
