"""A real mail server for the tests: takes mail, or answers as it is told."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Post:
    """What has come in, and how the next recipient or text is answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.to: list[str] = []
        self.answer_rcpt: Callable[[str], str] = lambda address: ""
        self.answer_data: Callable[[], str] = lambda: ""
        self.hangs_up = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.answer_rcpt(address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answer_data()
        if answer:
            return answer
        self.taken.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.to += envelope.rcpt_tos
        if self.hangs_up:
            server.transport.abort()
        return "250 Taken"


@contextmanager
def post_office(port: int | None = None) -> Iterator[Post]:
    """A mail server in a thread."""
    post = Post(port or free_port())
    controller = Controller(post, hostname="127.0.0.1", port=post.port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def text_of(message: EmailMessage, kind: str) -> str:
    """The plain or HTML part, with line breaks as written."""
    part = message.get_body((kind,))  # type: ignore[arg-type]
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
