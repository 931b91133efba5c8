from django.apps import AppConfig
from django.utils.module_loading import import_string


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        import_string("campaigns.receivers.connect")()
        import_string("campaigns.logins.connect")()
