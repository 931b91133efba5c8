"""Which of allauth's forms speak in our words; read by the settings, so it imports nothing."""

_NAMES = ("Login", "Signup", "AddEmail", "ChangePassword", "SetPassword", "ResetPassword", "ResetPasswordFromKey")
_KEYS = ("login", "signup", "add_email", "change_password", "set_password", "reset_password", "reset_password_from_key")
ACCOUNT_FORMS = {key: f"marketplace.users.entrance.{name}" for key, name in zip(_KEYS, _NAMES, strict=True)}
