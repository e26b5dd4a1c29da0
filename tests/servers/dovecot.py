"""A Dovecot of the test's own: IMAP on loopback, any user name, one password or a token, folders as files."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.certificates import make_certificate
from tests.servers.ports import free_port

MISSING = "the private Dovecot needs root and: apt-get install -y --no-install-recommends dovecot-imapd"
PASSWORD = "sesame"
_KEY = b"of the tests, and of no other server"
SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
ssl_dh =
disable_plaintext_auth = no
mail_location = maildir:{mail}/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
auth_mechanisms = plain login xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={mail}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
# A mail that Postfix puts into the folder is seen at once, not at the next look.
mailbox_idle_check_interval = 1 secs
"""


class DovecotMissing(Exception):
    """No Dovecot on this machine; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Dovecot:
    port: int
    tls_port: int
    mail: Path
    """One maildir for each user name."""
    certificate: Path
    configuration: Path

    def new_uidvalidity(self, user: str) -> None:
        """What happens when a folder was restored from a backup or its index was lost."""
        for name in ("dovecot-uidlist", "dovecot-uidvalidity"):
            for file in (self.mail / user).glob(f"{name}*"):
                file.unlink()
        for file in (self.mail / user).glob("dovecot.index*"):
            file.unlink()
        time.sleep(1.1)  # Dovecot takes the second of the clock for the new value

    @contextmanager
    def stopped(self) -> Iterator[None]:
        folder = self.configuration.parent
        _run(folder, _doveadm(), "-c", str(self.configuration), "stop")
        try:
            yield
        finally:
            _run(folder, _binary(), "-c", str(self.configuration))


@contextmanager
def private_dovecot() -> Iterator[Dovecot]:
    """Raises DovecotMissing. Ready in half a second, most of it the making of a certificate."""
    binary = _binary()
    if not Path(binary).exists() or os.geteuid() != 0:
        raise DovecotMissing(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="otklik-dovecot-"))
    try:
        folder.chmod(0o755)
        mail = folder / "mail"
        mail.mkdir(mode=0o777)
        mail.chmod(0o777)
        make_certificate(folder)
        _know_tokens(folder)
        port, tls_port = free_port(), free_port()
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            SETTINGS.format(folder=folder, mail=mail, password=PASSWORD, port=port, tls_port=tls_port),
            encoding="ascii",
        )
        try:
            _run(folder, binary, "-c", str(configuration))
            yield Dovecot(port, tls_port, mail, folder / "cert.pem", configuration)
        finally:
            if (folder / "run" / "master.pid").exists():
                _run(folder, _doveadm(), "-c", str(configuration), "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def access_token(user: str, *, seconds: int = 600) -> str:
    """What the server takes in the place of a password: a JWT (RFC 7519) signed with its key."""
    now = int(time.time())
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": user, "iat": now - 5, "exp": now + seconds})
    signed = b".".join(_base64url(json.dumps(part).encode()) for part in parts)
    return (signed + b"." + _base64url(hmac.new(_KEY, signed, hashlib.sha256).digest())).decode()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _know_tokens(folder: Path) -> None:
    keys = folder / "keys" / "default" / "HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(_KEY))
    (folder / "oauth2.conf").write_text(
        "introspection_mode = local\nusername_attribute = sub\n"
        f"local_validation_key_dict = fs:posix:prefix={folder}/keys/\n"
    )


def _binary() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


def _doveadm() -> str:
    return shutil.which("doveadm") or "doveadm"


def _run(folder: Path, *command: str) -> None:
    # No pipes: the server inherits them and would hold them open.
    with (folder / "output").open("wb") as output:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=30
        )
    if done.returncode:
        said = (folder / "output").read_text(errors="replace").strip()
        raise RuntimeError(f"{Path(command[0]).name} ended with status {done.returncode}: {said}")
