"""How the service is served: one process, eight threads, bounded waits, and the background jobs beside them."""

import os
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '5000')}"
workers = 1
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 10
keepalive = 5
limit_request_line = 8190
control_socket_disable = True
accesslog = None

_jobs: dict[str, Any] = {}


def post_worker_init(worker: Any) -> None:
    """The jobs work in threads of the process that answers."""
    from nbe.mails.jobs import start

    _jobs["consumer"] = start(worker.wsgi)


def worker_exit(server: Any, worker: Any) -> None:
    """The mail on its way is ended; the others wait in the database."""
    from nbe.mails.jobs import stop

    if _jobs.get("consumer"):
        stop(worker.wsgi, _jobs.pop("consumer"))
