from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "otklik.relationships"
    label = "relationships"
