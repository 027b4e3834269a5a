"""The WSGI entry point: `flask --app wsgi …`, `gunicorn wsgi:app`."""

from nbe import create_app

app = create_app()
