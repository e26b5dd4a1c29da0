from __future__ import annotations

from django.apps import AppConfig


class KillConfig(AppConfig):
    name = "tests.kill.app"
    label = "killing"

    def ready(self) -> None:
        from tests.kill.app import subscriptions  # noqa: F401
