"""A Postfix of the test's own: takes mail on loopback, puts it into a Dovecot's folders, sends none out."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.ports import free_port

MISSING = "the private Postfix needs root and: apt-get install -y --no-install-recommends postfix"
DOMAIN = "desk.example"
HANDED_OVER = "listener.example"
MOVED = "moved"
SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
myhostname = mail.desk.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
# Nothing may leave the machine, whatever a test writes to.
default_transport = error:no outside mail
relay_transport = error:no outside mail
local_transport = error:no local mail
# Except to a listener that the test itself starts on the port.
relay_domains = {handed_over}
transport_maps = inline:{{{{ {handed_over} = lmtp:inet:127.0.0.1:{lmtp_port} }}}}
alias_maps =
alias_database =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {mail}
virtual_mailbox_maps = texthash:{folder}/mailboxes
# help+anything@ is help@.
recipient_delimiter = +
# Taken at the door and found unknown only behind it, so that a mail to it comes back.
virtual_alias_maps = inline:{{{{ {moved}@{domain} = nobody-any-more@{domain} }}}}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
message_size_limit = 157286400
mailbox_size_limit = 0
virtual_mailbox_limit = 0
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
"""
SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
error unix - - n - - error
lmtp unix - - n - - lmtp
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


class PostfixMissing(Exception):
    """No Postfix on this machine; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Postfix:
    port: int
    lmtp_port: int
    """Where mail to ``anybody@listener.example`` is handed over by LMTP."""
    folder: Path

    def address(self, user: str) -> str:
        return f"{user}@{DOMAIN}"

    @property
    def is_done(self) -> bool:
        """Everything it took lies in the folders, or came back."""
        # In the order a mail moves through them, so that none is missed on its way.
        queues = (self.folder / "queue" / name for name in ("incoming", "active", "deferred"))
        return not any(file.is_file() for queue in queues for file in queue.rglob("*"))

    def try_again(self) -> None:
        """What waits in the queue, now and not in its own time."""
        _control(self.folder, "flush")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        _control(self.folder, "stop")
        try:
            yield
        finally:
            _control(self.folder, "start")


@contextmanager
def private_postfix(
    dovecot: Dovecot, users: tuple[str, ...], elsewhere: tuple[str, ...] = ()
) -> Iterator[Postfix]:
    """Delivers to ``user@desk.example`` for the given users and to the addresses ``elsewhere``, each of which
    is its user's name at Dovecot. Raises PostfixMissing. About four seconds."""
    if not Path(_binary()).exists() or os.geteuid() != 0:  # Postfix starts as root or not at all
        raise PostfixMissing(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="otklik-postfix-"))
    try:
        folder.chmod(0o755)
        for name in ("queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        port, lmtp_port = free_port(), free_port()
        boxes = "".join(f"{user}@{DOMAIN} {user}/\n" for user in users)
        boxes += "".join(f"{address} {address}/\n" for address in elsewhere)
        (folder / "mailboxes").write_text(boxes, encoding="ascii")
        settings = SETTINGS.format(
            folder=folder,
            mail=dovecot.mail,
            domain=DOMAIN,
            domains=" ".join(sorted({DOMAIN, *(address.partition("@")[2] for address in elsewhere)})),
            handed_over=HANDED_OVER,
            moved=MOVED,
            lmtp_port=lmtp_port,
        )
        (folder / "main.cf").write_text(settings, encoding="ascii")
        (folder / "master.cf").write_text(SERVICES.format(port=port), encoding="ascii")
        try:
            _control(folder, "start")
            yield Postfix(port, lmtp_port, folder)
        finally:
            if (folder / "queue" / "pid" / "master.pid").exists():
                _control(folder, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binary() -> str:
    return shutil.which("postfix") or "/usr/sbin/postfix"


def _control(folder: Path, verb: str) -> None:
    # No pipes: the server inherits them and would hold them open.
    with (folder / "output").open("wb") as output:
        done = subprocess.run(
            (_binary(), "-c", str(folder), verb),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            timeout=60,
        )
    if done.returncode:
        said = (folder / "output").read_text(errors="replace").strip()
        raise RuntimeError(f"postfix {verb} ended with status {done.returncode}: {said}")
