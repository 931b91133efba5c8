from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "marketplace.users"
    verbose_name = "People"
