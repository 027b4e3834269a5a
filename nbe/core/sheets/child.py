"""Reading an upload in a process of its own, with limits on memory and time, so that no file harms the service."""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys

from nbe.core.sheets.reading import Workbook, open_table_file
from nbe.core.sheets.safety import UnreadableFileError

MEMORY = 900 * 1024 * 1024
SECONDS = 30


def read_limited(content: bytes, filename: str) -> Workbook:
    """`open_table_file` in a child process of bounded memory and time. Raises UnreadableFileError."""
    command = [sys.executable, "-m", "nbe.core.sheets.child", filename]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # our own module
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError("unpacks_too_large") from error
    if done.returncode != 0:
        raise UnreadableFileError("damaged" if done.returncode != 3 else "unpacks_too_large")
    answer = pickle.loads(done.stdout)  # noqa: S301 - written by our own child below
    if isinstance(answer, str):
        raise UnreadableFileError(answer)
    book: Workbook = answer
    return book


def main() -> int:
    """Read standard input, write the pickled workbook or the refusal's code."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer: Workbook | str = open_table_file(sys.stdin.buffer.read(), sys.argv[1])
    except UnreadableFileError as error:
        answer = error.code
    except MemoryError:
        return 3
    sys.stdout.buffer.write(pickle.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
