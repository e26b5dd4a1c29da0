"""Whose word is taken for who wrote a mail, and whose is not."""

from __future__ import annotations

import time

import pytest

from otklik.desk.rules.mail.sender_proof import prove
from otklik.desk.rules.vocabulary import SenderProof

OURS, VERA = "mx.program.example", "vera@aurora.example"
PASS = f"{OURS}; dmarc=pass (p=REJECT) header.from=aurora.example"


def proof(
    *headers: str, address: str = VERA, trusted: str = OURS, is_alone: bool = True
) -> SenderProof | None:
    return prove(headers, trusted=trusted, address=address, is_alone=is_alone)


@pytest.mark.parametrize(
    "header",
    [
        PASS,
        "MX.Program.Example; DMARC=Pass header.from=AURORA.example",
        f"{OURS} 1; dmarc/1=pass header.from=aurora.example",
        f"{OURS}; spf=fail smtp.mailfrom=list.example; dmarc=pass header.from=aurora.example",
        f"{OURS}; dkim=pass header.d=aurora.example header.s=2026 header.b=AbC1/2==",
        f"{OURS}; dkim=pass (2048-bit key) header.i=@aurora.example",
        f"{OURS}; dkim=fail header.d=other.example; dkim=pass header.d=mail.aurora.example",
        f'{OURS}; spf=pass reason="listed; really" smtp.mailfrom=bounce@aurora.example',
        f"(added by us) {OURS} (see; dmarc=none); dmarc=pass header.from=aurora.example",
        f"{OURS};\t dmarc = pass\t header.from = aurora.example",
        f"{OURS}; auth=pass smtp.auth=Vera@Aurora.example",
        f'"{OURS}"; dmarc=pass header.from="aurora.example"',
    ],
)
def test_a_check_that_speaks_for_the_address_in_from_proves_it(header: str) -> None:
    assert proof(header) is SenderProof.PROVED


@pytest.mark.parametrize(
    "header",
    [
        "",
        OURS,
        f"{OURS}; none",
        "dmarc=pass header.from=aurora.example",
        "mx.evil.example; dmarc=pass header.from=aurora.example",
        f"{OURS}.evil.example; dmarc=pass header.from=aurora.example",
        f"evil {OURS}; dmarc=pass header.from=aurora.example",
        f"({OURS}); dmarc=pass header.from=aurora.example",
        f"{OURS} 2; dmarc=pass header.from=aurora.example",
        f"{OURS}; dmarc=pass header.from=evil.example",
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=none header.from=aurora.example",
        f"{OURS}; dkim=pass header.d=evil.example",
        f"{OURS}; dkim=pass header.d=notaurora.example",
        f"{OURS}; dkim=pass header.d=example",
        f"{OURS}; spf=pass smtp.helo=aurora.example",
        f"{OURS}; spf=softfail smtp.mailfrom=aurora.example",
        f"{OURS}; auth=pass smtp.auth=boris@aurora.example",
        f"{OURS}; (dmarc=pass header.from=aurora.example)",
        f"{OURS}; (dmarc=none) (; dmarc=pass header.from=aurora.example",
        f'{OURS}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=aurora.example"@evil.example',
        f"{OURS}; spf=pass (sender x\\); dmarc=pass header.from=aurora.example) smtp.mailfrom=evil.example",
        f"{OURS}; dmarc=pass header.from=evil.example header.from=aurora.example",
        f"{OURS}; dkim=pass header.d=evil.example header.d=aurora.example",
        f"{OURS}; dmarc=pass header.from=aurora.example" + " " * 20_000,
        f'{OURS}; "dmarc=pass header.from=aurora.example"',
        f'{OURS}; spf=pass "smtp.mailfrom=aurora.example" smtp.mailfrom=evil.example',
        f"{OURS}; x-dmarc=pass header.from=aurora.example",
    ],
)
def test_what_is_said_of_others_by_others_or_in_passing_proves_nothing(header: str) -> None:
    assert proof(header) is SenderProof.UNPROVED


def test_the_topmost_word_of_our_server_counts_and_what_the_sender_put_below_does_not() -> None:
    failed = f"{OURS}; dmarc=fail header.from=aurora.example"
    assert proof(failed, PASS) is SenderProof.FAILED
    assert proof(f"{OURS}; dmarc=none header.from=aurora.example", PASS) is SenderProof.UNPROVED
    assert proof("mx.other.example; dmarc=fail header.from=aurora.example", PASS) is SenderProof.PROVED
    assert proof() is SenderProof.UNPROVED


def test_a_failed_check_is_told_from_a_missing_one() -> None:
    assert proof(f"{OURS}; dmarc=fail") is SenderProof.FAILED
    assert proof(f"{OURS}; dmarc=pass header.from=aurora.example; dmarc=fail") is SenderProof.FAILED
    assert proof(f"{OURS}; spf=fail smtp.mailfrom=aurora.example") is SenderProof.FAILED
    assert proof(f"{OURS}; spf=fail smtp.mailfrom=list.example; dkim=pass header.d=aurora.example") is (
        SenderProof.PROVED
    ), "a list resends, and the signature lives on"


def test_nothing_is_read_out_of_the_middle_of_a_word() -> None:
    assert proof(f"{OURS}; dkim=pass 1header.d=aurora.example") is SenderProof.UNPROVED


@pytest.mark.parametrize("filling", ["a" * 15_000, '"' + '\\"' * 7_500])
def test_a_header_made_to_be_slow_to_read_is_looked_at_a_few_times_only(filling: str) -> None:
    began = time.process_time()
    assert proof(*[f"{OURS}; {filling}"] * 20) is SenderProof.UNPROVED
    assert proof(*[f"other.example; {filling}"] * 20) is SenderProof.UNPROVED
    # Not a measure of speed: what it guards against takes a minute.
    assert time.process_time() - began < 10


def test_nobody_asks_where_no_server_is_trusted() -> None:
    assert proof(PASS, trusted="") is None
    assert proof(PASS, trusted="mx.second.example, " + OURS) is SenderProof.PROVED


def test_a_mail_with_two_senders_is_nobodys() -> None:
    assert proof(PASS, is_alone=False) is SenderProof.UNPROVED


def test_letters_beyond_ascii_are_compared_in_the_form_of_the_dns() -> None:
    said = f"{OURS}; dmarc=pass header.from=xn--80aaf2cjb.example"
    assert proof(said, address="vera@аврора.example") is SenderProof.PROVED
    assert proof(f"{OURS}; dkim=pass header.d=аврора.example", address="vera@xn--80aaf2cjb.example") is (
        SenderProof.PROVED
    )
