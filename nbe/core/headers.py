"""What every answer tells the browser: the content policy, no framing, no sniffing, no storing."""

from __future__ import annotations

from flask import Flask, Response, session
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

# Plotly puts one empty style element on the page; the hash is that of nothing.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        f"style-src 'self' {EMPTY_STYLE}",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
HSTS = "max-age=31536000"


def _is_storable(response: Response) -> bool:
    """Only what says so itself, and is shown to nobody in particular, may be kept by a browser."""
    return bool(response.cache_control.public) and not (session and session.get("_user_id"))


def init_headers(app: Flask) -> None:
    """Headers on every answer, compression, and the proxies in front when there are some."""
    app.config.setdefault("COMPRESS_MIMETYPES", ["text/html", "application/json", "text/csv", "text/plain"])
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_ALGORITHM_STREAMING", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    app.config.setdefault("COMPRESS_STREAMS", False)
    Compress(app)

    proxies = int(app.config.get("PROXIES") or 0)
    if proxies:
        # Without this, a forged X-Forwarded-For is not looked at by anybody.
        proxied = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # as Flask's manual says

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config.get("IS_PRODUCTION"):
            response.headers["Strict-Transport-Security"] = HSTS
        if not _is_storable(response):
            response.headers["Cache-Control"] = "private, no-store"
        return response
