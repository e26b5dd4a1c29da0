"""What jobs use, imported before a worker forks: once, instead of once in each process that runs one."""

from __future__ import annotations

import pydoc

from django.conf import settings
from django.db import connections
from django.template import engines
from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import trans_real

from otklik.jobs import schedules


def load_jobs() -> None:
    """Scheduled functions, addresses, templates, translations. Leaves no connection: none survives a fork."""
    for name in schedules.functions():
        pydoc.locate(name)
    engines.all()
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            trans_real.catalog()
            get_resolver().reverse_dict  # noqa: B018 - filled by being asked for
    connections.close_all()
