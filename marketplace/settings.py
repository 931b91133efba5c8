"""Every knob, read from the environment; `.env.example` lists them with their defaults."""

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from marketplace.kit.database import database
from marketplace.kit.logs import logging_config
from marketplace.kit.operator import operator
from marketplace.kit.tables import ladder, sums
from marketplace.kit.wording import ACCOUNT_FORMS as ACCOUNT_FORMS

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()
django_stubs_ext.monkeypatch()  # lets ModelAdmin[Thing] be written

VERSION = "0.1.0"
DEMO_SECRET_KEY = "insecure-key-for-a-laptop-never-for-a-server"  # noqa: S105
DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY)
if not DEBUG and (SECRET_KEY == DEMO_SECRET_KEY or len(SECRET_KEY) < 32):
    raise ImproperlyConfigured("Set SECRET_KEY, 32 letters or more: the demo key only works with DJANGO_DEBUG=1.")
DATA_DIR = Path(env.str("GOODWORD_DATA", default=str(BASE_DIR / ".data")))
EMBEDDING_LIGHT = env.bool("EMBEDDING_LIGHT", default=False)  # read posts and briefs by the light model
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE = env.bool("GOODWORD_HTTPS", default=not DEBUG)
# One machine, started by `manage.py up`: static files come straight from the source, without a build step.
LOCAL = env.bool("GOODWORD_LOCAL", default=DEBUG)

INSTALLED_APPS = [
    "marketplace",
    "campaigns",
    "creators",
    "payments",
    "marketplace.conduct",
    "marketplace.hooks",
    "marketplace.trust",
    "marketplace.notices",
    "marketplace.users",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "marketplace.kit.web.SanityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "marketplace.users.middleware.PrivacyMiddleware",
    "marketplace.users.middleware.PresenceMiddleware",
    "marketplace.users.middleware.SuspensionMiddleware",
    "campaigns.views.frame.HatsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "marketplace.kit.web.DomainErrorMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marketplace.pages.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "marketplace.templatetags.goodword",
                "campaigns.templatetags.work",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
DATABASES = {
    "default": database(
        env.str("DATABASE_URL", default="postgres://goodword@127.0.0.1/goodword"),
        test_name=env.str("TEST_DB", default=""),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "marketplace.kit.forgetful.ForgetfulCache",
        "LOCATION": env.str("CACHE_URL", default=REDIS_URL),
        "KEY_PREFIX": "goodword",
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 60, 50
CELERY_TASK_SERIALIZER, CELERY_ACCEPT_CONTENT = "json", ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_DEFAULT_QUEUE = "default"
_QUEUES = dict.fromkeys(("payments.reconcile", "payments.check_invariants"), "default")  # they move no money
_QUEUES |= {"payments.*": "money", "*.mail.*": "mail"}
_QUEUES |= dict.fromkeys(("campaigns.*_match", "campaigns.sweep_*", "campaigns.prove_*"), "match")
CELERY_TASK_ROUTES = {pattern: {"queue": queue} for pattern, queue in _QUEUES.items()}

AUTH_USER_MODEL = "users.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique by a constraint on lower(email)
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.users.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="mandatory")
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up: a link that leaks opens nothing
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "marketplace.users.adapter.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Goodword"
USERSESSIONS_TRACK_ACTIVITY = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]  # a language is offered once all of its words are there
TIME_ZONE = "UTC"
USE_TZ = USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_MAX_BYTES = 10 * 1_048_576

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "marketplace.pages.csrf_failure"
SECURE_REFERRER_POLICY = SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # The hosted checkout and onboarding pages are reached by a redirect that follows one of our forms.
        "form-action": [SELF, "https://checkout.stripe.com", "https://connect.stripe.com"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.hooks.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.kit.parsing.SafeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.kit.api.Cursor",
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS tells nothing; the API describes itself at /api/schema/
    "DEFAULT_SCHEMA_CLASS": "marketplace.hooks.schema.Schema",
    "DEFAULT_THROTTLE_CLASSES": [f"rest_framework.throttling.{who}RateThrottle" for who in ("User", "Anon")],
    "DEFAULT_THROTTLE_RATES": {who: env.str(f"API_RATE_{who.upper()}", default="1200/min") for who in ("user", "anon")},
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "EXCEPTION_HANDLER": "marketplace.kit.api.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Goodword API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "marketplace.kit.schema.describe"],
}

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Goodword <hello@goodword.example>")
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH, EMAIL_TIMEOUT = str(DATA_DIR / "mail"), 10

# The bank. With STRIPE_API_BASE set, the stripe library speaks to the embedded sandbox instead of Stripe.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="sk_test_sandbox")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="")
SANDBOX_NAME = env.str("GOODWORD_SANDBOX_NAME", default="")  # how the double that `up` started calls itself
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="whsec_platform_demo" if DEBUG else "")
STRIPE_CONNECT_WEBHOOK_SECRET = env.str("STRIPE_CONNECT_WEBHOOK_SECRET", default="whsec_connect_demo" if DEBUG else "")
PLATFORM_FEE_BPS = env.int("PLATFORM_FEE_BPS", default=900)
PLATFORM_FEE_MINIMUMS = sums(env, "PLATFORM_FEE_MINIMUMS")
DISPUTE_BORNE_MINOR = env.int("DISPUTE_BORNE_MINOR", default=50_000)  # of a loss; what is above it, payees owe
PAYOUT_MINIMUMS = sums(env, "PAYOUT_MINIMUMS")
OPERATOR = operator(env)  # who issues invoices
if STRIPE_API_BASE:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(STRIPE_API_BASE)

# Every deadline of the life cycles, in hours.
_HOURS = {"invitation": 168, "application": 168, "offer": 72, "payment": 72, "production": 168, "review": 72}
_HOURS |= {"changes": 72, "publish": 168, "live": 72, "free_cancel": 24, "payout_pause": 72}
HOURS = {name: env.int(f"HOURS_{name.upper()}", default=hours) for name, hours in _HOURS.items()}
KILL_FEE_BPS = ladder(env, "KILL_FEE_BPS", {"waiting": 1000, "begun": 2500, "submitted": 5000, "approved": 10_000})
OFFER_MAX_ROUNDS = env.int("OFFER_MAX_ROUNDS", default=5)
REVISION_MAX_ROUNDS = env.int("REVISION_MAX_ROUNDS", default=2)
OPEN_APPLICATIONS_MAX = env.int("OPEN_APPLICATIONS_MAX", default=20)
FIRST_PAGES_PERCENT = env.int("FIRST_PAGES_PERCENT", default=10)  # of all shortlists: nobody leads more of them
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"), pretty=DEBUG)
