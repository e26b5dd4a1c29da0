from __future__ import annotations

import pytest

from otklik.desk.rules.subjects import plain_subject


@pytest.mark.parametrize(
    "subject",
    [
        *("Re: x", "RE[2]: x", "Re(3): x", "Re^2: x", "RE2: x"),
        *("Fwd: x", "FW: x", "fw:x", "Fwd: Re: x", "Re: Fwd: x"),
        *("НА: x", "Отв: x", "Ответ: x", "Пересл: x", "ПЕР: x"),
        *("Пересланное: x", "Відп: x", "Відповідь: x"),
        *("AW: x", "Antw: x", "WG: x", "WG: AW: x"),
        *("RÉ: x", "RE : x", "TR : x", "Rép. : x"),
        *("RV: x", "Reenv: x", "RES: x", "ENC: x"),
        *("R: x", "I: x", "RIF: x", "Inoltro: x"),
        *("Odp: x", "PD: x", "YNT: x", "İLT: x", "ILT: x"),
        *("I\u0307LT: x", "SV: x", "VB: x", "VS: x", "VL: x"),
        *("回复：x", "答复: x", "转发：x", "轉寄: x", "Doorst: x"),
        *("RE[2]: НА: Отв: Fwd: x", "  re:re: RE:  x ", "Re:\tFwd:\n x"),
    ],
)
def test_case_19_and_21_prefixes_of_every_language_fall_away(subject: str) -> None:
    assert plain_subject(subject) == "x"


@pytest.mark.parametrize(
    "subject",
    [
        "Ref: 40017",
        "Срочно: счёт",
        "Заказ 5: отгрузка",
        "Return: 5 boxes",
        "12:00 встреча",
        "http://a.example",
        "",
    ],
)
def test_a_persons_own_words_before_a_colon_stay(subject: str) -> None:
    assert plain_subject(subject) == subject


def test_a_subject_of_prefixes_alone_is_empty() -> None:
    assert plain_subject("Re: Fwd:") == ""
