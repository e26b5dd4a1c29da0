"""Any server that speaks the chat completions of OpenAI: its own, a gateway, or a model next door."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.feedback.summaries.protocol import Made, Prompt, SummariserRefused, SummariserUnreachable
from otklik.kit.chat import ChatRefused, ChatServer, ChatUnreachable, ask

_LONGEST = 6_000


@dataclass(frozen=True, slots=True)
class OpenAiSummariser:
    """``url``: up to and with the version, such as https://api.example/v1."""

    url: str
    key: str
    model: str

    def summarise(self, prompt: Prompt) -> Made:
        # Whoever runs the installation wrote the address into its settings; it is often next door.
        server = ChatServer(self.url, self.key, self.model, private=True)
        try:
            said = ask(server, instructions=prompt.instructions, material=prompt.comments)
        except ChatUnreachable as error:
            raise SummariserUnreachable(str(error)) from error
        except ChatRefused as error:
            raise SummariserRefused(str(error)) from error
        return Made(said.text[:_LONGEST], said.model)
