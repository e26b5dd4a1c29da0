"""The web process: what granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "otklik.config.settings")
_django = get_wsgi_application()

from otklik.feedback.public import AnswerDoor  # noqa: E402 - only once the apps are there

# Pages are worked on four at a time, however many threads there are: SQLite has one writer, and Python one
# processor.
application = AnswerDoor(_django, pages_at_once=4)
