from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "marketplace.hooks"
    verbose_name = "Keys and hooks"
