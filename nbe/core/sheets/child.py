"""Reading an upload in a process of its own, with limits on memory and time, so that no file harms the service."""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys

from nbe.core.sheets.reading import Workbook, open_table_file
from nbe.core.sheets.safety import UnreadableFileError

MEMORY = 320  # MB: 50,000 full rows; what one upload may cost the machine
OPERATOR_MEMORY = 1500  # MB, for files that the operator loads by hand
SECONDS = 30
OUT_OF_MEMORY = 3
_ENVIRONMENT = {**os.environ, "RUST_BACKTRACE": "0"}  # native code that ends for want of memory shall end at once


def read_limited(content: bytes, filename: str, memory: int = MEMORY) -> Workbook:
    """`open_table_file` in a child process of bounded memory (MB) and time. Raises UnreadableFileError."""
    command = [sys.executable, "-m", "nbe.core.sheets.child", filename, str(memory)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # our own module
    except subprocess.TimeoutExpired as error:
        raise UnreadableFileError("unpacks_too_large") from error
    if done.returncode != 0:  # below 0: ended by a signal, as native code is that gets no more memory
        raise UnreadableFileError("damaged" if 0 < done.returncode != OUT_OF_MEMORY else "unpacks_too_large")
    answer = pickle.loads(done.stdout)  # noqa: S301 - written by our own child below
    if isinstance(answer, str):
        raise UnreadableFileError(answer)
    book: Workbook = answer
    return book


def main() -> int:
    """Read standard input, write the pickled workbook or the refusal's code."""
    most = int(sys.argv[2]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer: Workbook | str = open_table_file(sys.stdin.buffer.read(), sys.argv[1])
    except UnreadableFileError as error:
        answer = error.code
    except MemoryError:
        return OUT_OF_MEMORY
    pickler = pickle.Pickler(sys.stdout.buffer)
    pickler.fast = True  # no cell is part of another: remembering them all would cost more than they do
    pickler.dump(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
