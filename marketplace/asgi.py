"""The same application for an ASGI server. We serve it by WSGI: ASGI costs more, and leaks kept connections."""

import os

from django.core.asgi import get_asgi_application

from marketplace.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

application = get_asgi_application()

__all__ = ["application", "celery_app"]
