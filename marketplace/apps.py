"""The frame as an app: whoever starts Django, in whatever way, gets the Celery app with its settings."""

from django.apps import AppConfig

from marketplace.celery import app as celery

__all__ = ["MarketplaceConfig", "celery"]


class MarketplaceConfig(AppConfig):
    name = "marketplace"
