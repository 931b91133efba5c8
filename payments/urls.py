"""Where Stripe reaches us: one address for the platform's own news, one for the payees' accounts."""

from django.urls import path

from payments import webhooks

urlpatterns = [
    path("platform/", webhooks.platform, name="stripe_platform"),
    path("connect/", webhooks.connect, name="stripe_connect"),
]
