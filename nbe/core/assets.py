"""What the browser gets: built once under addresses that change with their content, compressed beforehand.

`python -m nbe.core.assets` copies the files we serve out of node_modules, and our own from
nbe/static/own, to nbe/static/v/<package>-<version>-<hash>/ and writes manifest.json.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = ROOT / "nbe" / "static" / "own"
OUT = ROOT / "nbe" / "static" / "v"
PREFIX = "static/v/"

# name: (npm package, folder inside it, patterns)
VENDOR: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "dkfds": (
        "dkfds",
        "dist",
        (
            "css/dkfds.min.css",
            "js/dkfds.min.js",
            "img/*.svg",
            "img/svg-icons/*.svg",
            "fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Latin1.woff2",
            "fonts/IBMPlexSans/split/woff2/IBMPlexSans-Medium-Latin1.woff2",
            "fonts/IBMPlexSans/split/woff2/IBMPlexSans-SemiBold-Latin1.woff2",
            "fonts/IBMPlexSans/split/woff2/IBMPlexSans-Bold-Latin1.woff2",
            "fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Pi.woff2",  # CO₂ and arrows on paper
            "fonts/IBMPlexSans/split/woff2/IBMPlexSans-SemiBold-Pi.woff2",
        ),
    ),
    "plotly": ("plotly.js-basic-dist-min", ".", ("plotly-basic.min.js",)),
    "sortable": ("sortablejs", ".", ("Sortable.min.js",)),
}
DAY = 24 * 3600
_ASSET = re.compile(r"asset:([\w./-]+)")
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")


def _tag(files: list[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:10]


def _vendor_files(package: str, folder: str, patterns: tuple[str, ...]) -> list[tuple[str, bytes]]:
    base = ROOT / "node_modules" / package / folder
    paths = sorted({path for pattern in patterns for path in base.glob(pattern) if path.is_file()})
    if not paths:
        raise SystemExit(f"{package} is not installed: run `make setup`")
    files = [(path.relative_to(base).as_posix(), path.read_bytes()) for path in paths]
    # The design system's font declarations fetch whole fonts; app.css declares the Latin parts instead.
    return [(n, _FONT_FACE.sub("", c.decode()).encode() if n.endswith(".css") else c) for n, c in files]


def _write(folder: str, files: list[tuple[str, bytes]]) -> None:
    target = OUT / folder
    if target.exists():
        return
    unfinished = OUT / f".{folder}"
    shutil.rmtree(unfinished, ignore_errors=True)
    for name, content in files:
        path = unfinished / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "-q", str(unfinished)], check=True)  # noqa: S603  # words of ours
    unfinished.rename(target)


def build() -> dict[str, str]:
    """Bring nbe/static/v up to date; -> {asset name: path below static/v}."""
    OUT.mkdir(parents=True, exist_ok=True)
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    manifest: dict[str, str] = {}
    for name, (package, folder, patterns) in VENDOR.items():
        files = _vendor_files(package, folder, patterns)
        place = f"{name}-{locked[f'node_modules/{package}']['version']}-{_tag(files)}"
        _write(place, files)
        manifest.update({f"{name}/{file}": f"{place}/{file}" for file, _ in files})
    own = [(path.name, path.read_bytes()) for path in sorted(OWN.glob("*")) if path.is_file()]
    own = [(n, _ASSET.sub(lambda m: f"../{manifest[m[1]]}", c.decode()).encode()) for n, c in own]
    place = f"nbe-{_tag(own)}"
    _write(place, own)
    manifest.update({f"nbe/{file}": f"{place}/{file}" for file, _ in own})
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=0, sort_keys=True))
    # A page that is open while the service is upgraded keeps its looks for a day.
    for old in OUT.glob("*-*"):
        is_served = any(path.startswith(f"{old.name}/") for path in manifest.values())
        if old.is_dir() and not is_served and time.time() - old.stat().st_mtime > DAY:
            shutil.rmtree(old)
    return manifest


def load_manifest() -> dict[str, str]:
    """Asset name -> address; empty before the first build."""
    path = OUT / "manifest.json"
    if not path.exists():
        return {}
    return {name: f"/{PREFIX}{place}" for name, place in json.loads(path.read_text()).items()}


def init_assets(app: Flask) -> None:
    """Give templates `asset(name)` and serve the built files."""
    from whitenoise import WhiteNoise

    manifest = load_manifest()

    def asset(name: str) -> str:
        try:
            return manifest[name]
        except KeyError:
            raise LookupError(f"no such asset: {name}; run `make setup`") from None

    app.add_template_global(asset, "asset")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # as Flask's manual says
        app.wsgi_app,
        root=str(OUT),
        prefix=PREFIX,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_harden,
    )


def _harden(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


if __name__ == "__main__":
    print(f"{len(build())} files to serve")
