"""Every address of the site."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from campaigns.urls import api_urlpatterns as campaigns_api
from creators.urls import api_urlpatterns as creators_api
from marketplace import health, pages
from marketplace.desk import forgiving
from marketplace.hooks import views as hooks
from marketplace.introduction import INTRODUCTION
from marketplace.notices import views as notices
from marketplace.users import views as users

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.admin_view = forgiving(admin.site.admin_view)  # type: ignore[method-assign, assignment]
admin.site.site_header = admin.site.site_title = "Goodword admin"
admin.site.enable_nav_sidebar = False  # the rows need its room

api_urlpatterns: list[Any] = [*creators_api, *campaigns_api]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_urlpatterns)),
    path(
        "api/schema/",
        SpectacularAPIView.as_view(custom_settings={"DESCRIPTION": INTRODUCTION}),
        name="api_schema",
    ),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("webhooks/stripe/", include("payments.urls")),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/read/", notices.notice_mark_read, name="notice_mark_read"),
    path("notices/<str:public_id>/open/", notices.notice_open, name="notice_open"),
    path("settings/you/", users.person_edit, name="person_edit"),
    path("settings/keys/", hooks.key_list, name="key_list"),
    path("settings/keys/<str:public_id>/revoke/", hooks.key_revoke, name="key_revoke"),
    path("how-fees-work/", pages.fees, name="fees"),
    path("what-you-can-rely-on/", pages.trust, name="trust"),
    path("contact/", pages.contact, name="contact"),
    path("theme/", pages.theme, name="theme"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    path("", include("creators.urls")),
    path("", include("campaigns.urls")),
]
handler400 = "marketplace.pages.bad_request"
handler403 = "marketplace.pages.forbidden"
handler404 = "marketplace.pages.not_found"
handler500 = "marketplace.pages.server_error"
