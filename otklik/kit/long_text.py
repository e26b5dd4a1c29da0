"""A field for text of several lines whose limit is the one that the browser counts to."""

from __future__ import annotations

from typing import Any

from django import forms


class LongTextField(forms.CharField):
    """Browsers count a line break as one sign and send two: a text that just fitted was refused."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(with_one_sign_breaks(value)))


def with_one_sign_breaks(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
