from django.apps import AppConfig


class ConductConfig(AppConfig):
    name = "marketplace.conduct"
    verbose_name = "Conduct"
