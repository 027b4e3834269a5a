"""A real mail server for the tests: takes mail, or answers as it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
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
        self.pause = 0.0  # seconds before each answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        await asyncio.sleep(self.pause)
        answer = self.answer_rcpt(address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.pause)
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


GOOD = {"": "220 hej", "EHLO": "250 her", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 kom", ".": "250 taget"}
DROPS, HANGS = "drops", "hangs"


@contextmanager
def misbehaving(**answers: str) -> Iterator[tuple[str, list[str]]]:
    """A server that answers a command as told, "" being the greeting and "." the end of a text; else it is good.

    DROPS: it hangs up instead. HANGS: it says nothing more. -> its address, and the texts it got in full.
    """
    taken: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def say(connection: socket.socket, command: str) -> bool:
        answer = {**GOOD, **answers}.get(command, "250 ok")
        if answer == HANGS:
            over.wait(20)
        if answer in (HANGS, DROPS):
            return False
        connection.sendall(answer.encode() + b"\r\n")
        return not answer.startswith("421")

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("r", encoding="utf-8", newline="\r\n") as lines:
            goes_on, text = say(connection, ""), None
            for line in lines if goes_on else ():
                if text is None:
                    command = line.strip().upper().split(" ")[0]
                    if not say(connection, command) or command == "QUIT":
                        return
                    text = "" if command == "DATA" and answers.get("DATA", "354").startswith("354") else None
                elif line == ".\r\n":
                    taken.append(text)
                    if not say(connection, "."):
                        return
                    text = None
                else:
                    text += line

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}", taken
    finally:
        over.set()
        listener.close()


def text_of(message: EmailMessage, kind: str) -> str:
    """The plain or HTML part, with line breaks as written."""
    part = message.get_body((kind,))  # type: ignore[arg-type]
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
