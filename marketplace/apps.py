"""The frame as an app: whoever starts Django, in whatever way, gets the Celery app and the checks."""

from django.apps import AppConfig

from marketplace import preflight
from marketplace.celery import app as celery

__all__ = ["MarketplaceConfig", "celery", "preflight"]


class MarketplaceConfig(AppConfig):
    name = "marketplace"
