"""How the service is served: one process, eight threads, bounded waits."""

import os

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
