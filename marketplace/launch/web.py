"""How gunicorn serves the product: one process, a few threads. `gunicorn -c python:marketplace.launch.web`."""

import os

wsgi_app = "marketplace.wsgi:application"
bind = os.environ.get("GOODWORD_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 15
keepalive = 5
backlog = 512
limit_request_line = 8190
limit_request_fields = 64
loglevel = os.environ.get("LOG_LEVEL", "info").lower()
errorlog = "-"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK) else None  # noqa: S108
