"""No secret in the repository, no start with a weak one, and everything installed is pinned by hash."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbe.core.settings import UnsafeSettingError
from tests.conftest import KEY, build
from tests.sizes import is_drill

ROOT = Path(__file__).resolve().parents[2]
HOSTS = "nbe.example.dk"
LEFT_OUT = {".git", ".venv", "node_modules", "instance", "build", "v", "__pycache__"}
WEAK = [
    None,
    "",
    " ",
    "dev",
    "secret",
    "changeme",
    "x" * 31,
    "0123456789abcdefghijklmnopqrstu",  # one short of the least
    "a" * 64,
    "ab" * 40,
    "12345678" * 8,
    "change-me",
    " " * 64,
]
PATTERNS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "AWS": r"\bAKIA[0-9A-Z]{16}\b",
    "GitHub": r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}",
    "Slack": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "Google": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "npm or PyPI": r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-[A-Za-z0-9_-]{50,}",
    "JWT": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
    "password in an address": r"\b[a-z+]{3,20}://[^\s/:@{}<>\"'%]+:[^\s/@{}<>\"'%]{3,}@(?!(host|localhost|example)\b)",
    "a key set in a file": r"(?im)^\s*(export )?[A-Z_]*(SECRET|TOKEN|PASSWORD|API)_?KEY\s*[:=]\s*['\"]?[\w+/-]{20,}",
    "a password hash": r"\$argon2id?\$v=|\$2[aby]\$\d\d\$",
}
# Where packages come from is the machine's own affair: pip and npm ask the registry they are told to.
REGISTRY = re.compile(
    r"(?i)(" + "|".join(("pypi" r"\.org", "python" r"hosted\.org", "npm" r"js\.(org|com)", "yarn" r"pkg\.com"))
    + r"|artifactory|nexus[./-]|jfrog|verdaccio|codeartifact|--(extra-)?index" r"-url[ =]|\"resolved\"\s*:)"
)  # fmt: skip


def tracked_files() -> list[Path]:
    """What is kept in the repository; everything that would be, where there is no git."""
    try:
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        files = [ROOT / name for name in told.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = [path for path in ROOT.rglob("*") if not LEFT_OUT & set(path.relative_to(ROOT).parts)]
    return [path for path in files if path.is_file()]


def texts() -> Iterator[tuple[str, str]]:
    """(name, text) of each file of text."""
    for path in tracked_files():
        content = path.read_bytes()
        if b"\0" not in content[:4096]:
            yield str(path.relative_to(ROOT)), content.decode("utf-8", "replace")


@pytest.mark.parametrize("key", WEAK)
def test_production_refuses_a_weak_key(tmp_path: Path, key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(UnsafeSettingError, match="SECRET_KEY"):
        build(f"sqlite:///{tmp_path}/x.sqlite", NBE_ENV="production", TRUSTED_HOSTS=HOSTS, SECRET_KEY=key)


@pytest.mark.parametrize("config", [{"TRUSTED_HOSTS": ""}, {"NBE_ENV": "prod"}, {"NBE_ENV": "Production "}])
def test_production_refuses_other_unsafe_settings(tmp_path: Path, config: dict[str, str]) -> None:
    values = {"NBE_ENV": "production", "TRUSTED_HOSTS": HOSTS, "SECRET_KEY": KEY, **config}
    with pytest.raises(UnsafeSettingError):
        build(f"sqlite:///{tmp_path}/x.sqlite", **values)


def test_production_starts_with_a_good_key(tmp_path: Path) -> None:
    app = build(f"sqlite:///{tmp_path}/x.sqlite", NBE_ENV="production", TRUSTED_HOSTS=HOSTS, SECRET_KEY=KEY)
    assert app.config["IS_PRODUCTION"]
    assert not app.debug


def test_the_key_of_development_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbe.core.settings import _kept_secret

    first = _kept_secret(tmp_path / "instance")
    assert len(first) == 64
    assert _kept_secret(tmp_path / "instance") == first
    assert _kept_secret(tmp_path / "other") != first
    assert stat.S_IMODE((tmp_path / "instance" / "secret_key").stat().st_mode) == 0o600


def faults_in(text: str) -> list[str]:
    """The kinds of secret that a text holds."""
    return [kind for kind, pattern in PATTERNS.items() if re.search(pattern, text)]


def test_no_file_holds_a_secret() -> None:
    own = str(Path(__file__).relative_to(ROOT))
    found = {name: faults_in(text) for name, text in texts() if name != own}
    assert len(found) > 100
    assert {name: kinds for name, kinds in found.items() if kinds} == {}


def test_history_holds_no_secret() -> None:
    """The drill reads all history; otherwise the latest changes."""
    count = [] if is_drill() else ["-50"]
    told = subprocess.run(["git", "log", "-p", "--no-color", *count], cwd=ROOT, capture_output=True, check=False)
    added = "\n".join(line for line in told.stdout.decode("utf-8", "replace").splitlines() if line.startswith("+"))
    own = Path(__file__).read_text()
    lines = [line[1:] for line in added.splitlines() if line[1:].strip() not in own]
    assert [line[:80] for line in lines if faults_in(line)] == []


FAKE = "q8ZrT1mB5xKc7LwP0sVd"


@pytest.mark.parametrize(
    "line",
    [
        f"postgresql://nbe:{FAKE}@db.example.dk/nbe",
        f"SECRET_KEY={FAKE}",
        f'export API_KEY = "{FAKE}"',
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "$argon2id$" + "v=19$m=65536",
    ],
)
def test_secrets_would_be_found(line: str) -> None:
    assert len(faults_in(f"x\n{line}\n")) == 1


def test_no_key_file_is_kept() -> None:
    names = [path.name for path in tracked_files()]
    kept = [n for n in names if n == "secret_key" or n.endswith((".pem", ".key", ".p12", ".env", ".sqlite", ".db"))]
    assert kept == []


def test_no_registry_is_named_in_any_file() -> None:
    own = str(Path(__file__).relative_to(ROOT))
    found = [(name, m[0]) for name, text in texts() if name != own for m in [REGISTRY.search(text)] if m]
    assert found == []
    own_hosts = hosts_of_this_machine()
    assert [(name, host) for name, text in texts() for host in own_hosts if host in text] == []


def hosts_of_this_machine() -> set[str]:
    """The package registries that this machine is told to ask."""
    places = ["/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf", "~/.npmrc", "~/.config/uv/uv.toml"]
    told = [value for name, value in os.environ.items() if re.search(r"(?i)index_?url|registry|proxy", name)]
    told += [path.read_text() for path in (Path(place).expanduser() for place in places) if path.is_file()]
    hosts = {host for text in told for host in re.findall(r"https?://(?:[^\s/@]*@)?([A-Za-z0-9.-]+)", text)}
    return {host for host in hosts if host not in ("localhost", "127.0.0.1")}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 30
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+", line), f"not pinned: {line[:80]}"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), f"no hash: {line[:80]}"
        assert "http" not in line
        assert " @ " not in line


def test_what_is_asked_for_is_what_is_pinned() -> None:
    """Each direct dependency has its reason, and stands in the hashed list."""
    for source, locked in (("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")):
        pinned = {
            line.split("==")[0].split("[")[0].casefold()
            for line in (ROOT / locked).read_text().splitlines()
            if "==" in line
        }
        for line in (ROOT / source).read_text().splitlines():
            if not line.strip() or line.startswith(("#", "-")):
                continue
            wanted, _, reason = line.partition("#")
            assert len(reason.strip()) >= 5, f"{source}: no reason for {wanted}"
            name = re.match(r"[A-Za-z0-9._-]+", wanted)
            assert name
            assert name[0].casefold() in pinned


def test_the_packages_of_the_pages_are_locked() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) >= 3
    assert [name for name, one in packages.items() if not str(one.get("integrity", "")).startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one or one.get("hasInstallScript")] == []
    asked = json.loads((ROOT / "package.json").read_text())
    for name, version in {**asked.get("dependencies", {}), **asked.get("devDependencies", {})}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} is not pinned"
    assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text()
