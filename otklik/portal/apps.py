from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "otklik.portal"
    label = "portal"
