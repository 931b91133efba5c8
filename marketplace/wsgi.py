"""The web application, as gunicorn serves it."""

import os

from django.core.wsgi import get_wsgi_application

from marketplace.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

application = get_wsgi_application()

__all__ = ["application", "celery_app"]  # the Celery app must exist before any task is sent
