"""A PDF without its maker, its attachments and what it does when opened; read in a process with limits of its own.

`python -m nbe.screenings.files.portable` reads a file from standard input and writes the clean one; it ends with a
status of `_ENDS` where it cannot.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys

from nbe.screenings.files.rules import FileRefusedError

MEMORY, SECONDS = 400, 10  # MB and seconds that one file may cost
_ACTIVE = ("/OpenAction", "/AA", "/Metadata", "/AcroForm", "/Names", "/Collection", "/PieceInfo")
_ENDS = {10: "locked", 11: "pdf"}


def clean_pdf(data: bytes) -> bytes:
    """The file as it may be kept. Raises FileRefusedError."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # our own module
    except subprocess.TimeoutExpired:
        raise FileRefusedError("pdf") from None
    if done.returncode != 0 or not done.stdout:
        raise FileRefusedError(_ENDS.get(done.returncode, "pdf"))
    return done.stdout


def _rewrite(data: bytes) -> bytes:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise FileRefusedError("locked")
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    for name in _ACTIVE:
        writer.root_object.pop(name, None)
    if not writer.pages:
        raise FileRefusedError("pdf")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def main() -> int:
    """Standard input to standard output."""
    most = MEMORY * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        sys.stdout.buffer.write(_rewrite(sys.stdin.buffer.read()))
    except FileRefusedError as refused:
        return next(status for status, code in _ENDS.items() if code == refused.reason)
    except Exception:  # pypdf raises many kinds for a broken file, and each means the same here
        return 11
    return 0


if __name__ == "__main__":
    sys.exit(main())
