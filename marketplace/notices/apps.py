from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "marketplace.notices"
    verbose_name = "Notices"
