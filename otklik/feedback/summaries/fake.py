"""The fake: sums up by counting. ``down`` and ``refused`` among the comments decide the end."""

from __future__ import annotations

from otklik.feedback.summaries.protocol import Made, Prompt, SummariserRefused, SummariserUnreachable


class FakeSummariser:
    def __init__(self) -> None:
        self.asked: list[Prompt] = []

    def summarise(self, prompt: Prompt) -> Made:
        self.asked.append(prompt)
        if "down" in prompt.comments:
            raise SummariserUnreachable("as asked")
        if "refused" in prompt.comments:
            raise SummariserRefused("as asked")
        return Made(f"{len(prompt.comments.splitlines())} comments", "fake")
