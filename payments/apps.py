from django.apps import AppConfig

from payments import figures, preflight

__all__ = ["PaymentsConfig", "preflight"]


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        figures.register()
