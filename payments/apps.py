from django.apps import AppConfig

from payments import figures


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        figures.register()
