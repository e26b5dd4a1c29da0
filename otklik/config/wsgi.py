"""The web process: what granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.config.settings")
_django = get_wsgi_application()

from otklik.feedback.public import AnswerDoor  # noqa: E402 - only once the apps are there
from otklik.kit.page_threads import PageThreads  # noqa: E402

# Pages are worked on four at a time, however many threads the server has: SQLite has one writer, Python one
# processor, and PostgreSQL a number of connections that somebody has to allow.
application = AnswerDoor(_django, pages=PageThreads(4))
