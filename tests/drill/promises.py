"""Which tests hold which promise. `make test` runs them at a share of the figure, the drill in full."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """One promise: its number, what is promised, and the tests that reach its figure."""

    number: int
    says: str
    tests: tuple[str, ...]


PROMISES = (
    Promise(6, "An import goes in whole or not at all, and twice is once", ("tests/imports/test_whole.py",)),
    Promise(7, "Two editors never overwrite each other unseen", ("tests/security/test_two_editors.py",)),
    Promise(8, "A form sent twice counts once", ("tests/security/test_once.py",)),
    Promise(9, "Migrations lose nothing", ("tests/migrations",)),
    Promise(
        11,
        "Nobody reads or writes outside his right",
        ("tests/security/test_every_route.py", "tests/security/test_no_right_no_route.py"),
    ),
    Promise(
        12,
        "… not through lists, search, export or small numbers either",
        ("tests/security/test_canaries.py", "tests/figures/test_masking.py", "tests/pipeline/test_lists.py"),
    ),
    Promise(13, "A right taken away is gone at the next request", ("tests/security/test_sessions.py",)),
    Promise(
        14,
        "Sessions: new at log-in, dead after log-out, idle and absolute ends",
        ("tests/security/test_sessions.py", "tests/accounts/test_signing_in.py"),
    ),
    Promise(16, "Guessing is hopeless, and locks nobody out for long", ("tests/security/test_guessing.py",)),
    Promise(17, "No address can be tested for an account", ("tests/security/test_guessing.py",)),
    Promise(
        18,
        "No forged request; a form sent too late is kept and saved once",
        ("tests/security/test_csrf.py", "tests/accounts/test_held_forms.py"),
    ),
    Promise(
        20,
        "Strict content security policy, nothing refused in a click-through",
        ("tests/security/test_headers.py", "tests/journeys/test_every_page.py::test_every_page"),
    ),
    Promise(21, "No framing, sniffing, referrer or caching", ("tests/security/test_headers.py",)),
    Promise(22, "No open redirect, no host echo", ("tests/security/test_redirects.py",)),
    Promise(24, "Bad uploads are refused in plain Danish", ("tests/files/test_uploads.py",)),
    Promise(27, "Exports are safe and true", ("tests/files/test_exports.py",)),
    Promise(
        28,
        "Text of all kinds is stored, found, sorted and shown",
        (
            "tests/core/test_text.py",
            "tests/businesses/test_search.py",
            "tests/journeys/test_every_page.py::test_every_page",
        ),
    ),
    Promise(29, "Time: UTC inside, Danish outside", ("tests/core/test_clock.py", "tests/core/test_dates.py")),
    Promise(32, "Errors say nothing, and are seen", ("tests/security/test_errors.py",)),
    Promise(36, "Everything pinned with hashes, listed, with its reason", ("tests/security/test_secrets.py",)),
    Promise(37, "No secret in the repository", ("tests/security/test_secrets.py",)),
    Promise(38, "Static analysis is clean", ("check",)),
    Promise(39, "Accessible: every page shape × role × two widths", ("tests/journeys",)),
)
