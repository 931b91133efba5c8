from django.apps import AppConfig
from django.utils.module_loading import import_string


class HooksConfig(AppConfig):
    name = "marketplace.hooks"
    verbose_name = "Keys and hooks"

    def ready(self) -> None:
        import_string("marketplace.hooks.receivers.connect")()
