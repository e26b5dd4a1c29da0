"""The product's own settings and one more app, whose subscriptions misbehave."""

from otklik.config.settings import *  # noqa: F403
from otklik.config.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "tests.kill.app"]
