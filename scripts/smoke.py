"""Loads what `sam build` made as Lambda would: each function with the layer and nothing else, in a process of its own.

What is missing from the layer's lock, or compiled for another machine, fails here and not in production. Also weighs
the layer and looks at its bytecode. Prints a line per check and closes with "N passed, N failed".
"""

import importlib.util
import platform
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

BUILD = Path(".aws-sam/build")
LAYER = BUILD / "SharedLayer" / "python"
LIMIT_MB = 50
# A .pyc begins with magic number, flags and hash of the source (PEP 552). Flags 1: by hash, never compared at run time.
UNCHECKED_HASH = 1

# `-S` hides this machine's packages, and the environment is empty. Nothing is written: the build is what is deployed.
_LOAD = """
import sys, time
sys.dont_write_bytecode = True
sys.path[:0] = sys.argv[1:3]
start = time.perf_counter()
import app
if not callable(app.lambda_handler):
    raise TypeError("lambda_handler cannot be called")
print(f"{len(sys.modules)} modules, {(time.perf_counter() - start) * 1000:.0f} ms")
"""
_LOAD_ALL = """
import importlib, pkgutil, sys
sys.dont_write_bytecode = True
sys.path[:0] = sys.argv[1:2]
import duebill
names = [module.name for module in pkgutil.walk_packages(duebill.__path__, "duebill.")]
for name in names:
    importlib.import_module(name)
print(f"{len(names)} modules")
"""


def main() -> int:
    """Exit status: 0 when every check passed."""
    if not LAYER.is_dir():
        print("Nothing is built yet: run 'make build'.", file=sys.stderr)
        return 1
    functions = list(_functions())
    outcomes = [_weight(), _bytecode(), _say("functions", bool(functions), f"{len(functions)} built"), _pages()]
    architecture = (LAYER.parent / "stamp.txt").read_text().split()[0]
    if runs_here := _runs_here(architecture):
        outcomes.append(_run("every module of duebill", _LOAD_ALL, LAYER))
        outcomes.extend(_run(folder.name, _LOAD, folder, LAYER) for folder in functions)
    else:
        print(f"skip  imports: built for {architecture}, which is not this machine")
    passed = Counter(outcomes)
    print(f"{passed[True]} passed, {passed[False]} failed, {0 if runs_here else len(functions) + 1} skipped")
    return 1 if passed[False] else 0


def _runs_here(architecture: str) -> bool:
    """Whether Lambda's compiled code for this architecture loads on this machine."""
    machines = {"x86_64": {"x86_64"}, "arm64": {"aarch64", "arm64"}}
    return platform.system() == "Linux" and platform.machine() in machines[architecture]


def _functions() -> Iterator[Path]:
    for handler in sorted(BUILD.glob("*/app.py")):
        yield handler.parent


def _run(name: str, program: str, *folders: Path) -> bool:
    """Runs the program in a fresh Python that knows the folders and the standard library only."""
    command = [sys.executable, "-S", "-P", "-W", "error", "-c", program, *(str(folder.resolve()) for folder in folders)]
    result = subprocess.run(command, env={}, capture_output=True, text=True, timeout=60, check=False)
    last_line = (result.stdout.strip() or result.stderr.strip() or "no output").splitlines()[-1]
    return _say(name, result.returncode == 0, last_line)


def _weight() -> bool:
    """Lists the layer by distribution, heaviest first, and holds the whole against the limit."""
    sizes = {part: _size(part) for part in LAYER.iterdir()}
    owners = _owners()
    packages: Counter[str] = Counter()
    for part, size in sizes.items():
        packages[owners.get(part.name, part.name)] += size
    for name, size in packages.most_common():
        print(f"      {size / 1e6:6.2f} MB  {name}")
    total = sum(sizes.values()) / 1e6
    return _say("layer's size", total <= LIMIT_MB, f"{total:.1f} MB of {LIMIT_MB} MB")


def _pages() -> bool:
    """The pages that Pipedrive frames were built before their function was, each in its stored encodings."""
    folder = BUILD / "AppExtension" / "static"
    wanted = [f"{page}.html{suffix}" for page in ("panel", "modal", "settings") for suffix in ("", ".br", ".gz")]
    missing = [name for name in (*wanted, "styles.json") if not (folder / name).is_file()]
    return _say("pages", not missing, f"missing: {', '.join(missing[:3])}" if missing else f"{len(wanted)} documents")


def _owners() -> dict[str, str]:
    """Which distribution brought each top-level file or folder of the layer."""
    owners: dict[str, str] = {}
    for found in distributions(path=[str(LAYER)]):
        for file in found.files or []:
            owners[file.parts[0]] = f"{found.metadata['Name']} {found.version}"
    return owners


def _size(part: Path) -> int:
    files = [part] if part.is_file() else [path for path in part.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files)


def _bytecode() -> bool:
    """Every source in the layer has bytecode of this Python and of this very source, that needs no file times."""
    sources = list(LAYER.rglob("*.py"))
    wrong = [source for source in sources if not _is_compiled(source)]
    shown = f", not {', '.join(str(path.relative_to(LAYER)) for path in wrong[:3])}" if wrong else ""
    return _say("bytecode", bool(sources) and not wrong, f"{len(sources) - len(wrong)} of {len(sources)} files{shown}")


def _is_compiled(source: Path) -> bool:
    compiled = Path(importlib.util.cache_from_source(str(source)))
    if not compiled.is_file():
        return False
    header = compiled.read_bytes()[:16]
    expected = importlib.util.MAGIC_NUMBER + struct.pack("<I", UNCHECKED_HASH)
    return header == expected + importlib.util.source_hash(source.read_bytes())


def _say(name: str, passed: bool, detail: str) -> bool:  # noqa: FBT001 a private helper: each call names what it passes
    print(f"{'ok  ' if passed else 'FAIL'}  {name}: {detail}")
    return passed


if __name__ == "__main__":
    sys.exit(main())
