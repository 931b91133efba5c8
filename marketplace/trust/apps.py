from django.apps import AppConfig


class TrustConfig(AppConfig):
    name = "marketplace.trust"
    verbose_name = "Trust and safety"
