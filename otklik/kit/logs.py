"""What never gets into a log."""

from __future__ import annotations

import logging
import re

# Words in our addresses are short or plain; keys are long and have digits or capital letters.
_KEY = re.compile(r"(?<=/)(?=[^/?\s]*[0-9A-Z])[^/?\s]{12,}")


class KeysInAddresses(logging.Filter):
    """Who knows the address of a status page, a survey or a webhook is let in by it. Django names the address
    wherever it refuses a request or one breaks."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_KEY.sub("…", a) if isinstance(a, str) else a for a in record.args)
        return True
