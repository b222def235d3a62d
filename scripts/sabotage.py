"""Takes each guard out in turn, on a copy, and shows which tests notice: at least one each.

A guard that nobody would miss is either not needed or not tested. The checkout itself is never touched. With names as
arguments only those guards are tried. Fails when a change no longer fits the code, when a test fails with all guards
back in place, or when nobody notices.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from time import monotonic

from scripts.guards import GUARDS, Change, Guard

ROOT = Path(__file__).parents[1]
WORKERS = 2
LONGEST_SECONDS = 900  # a loop that a missing guard lets run for ever ends here
# Five are enough to show who notices; the rest would only take time.
PYTEST = ("-q", "--maxfail=5", "--no-header", "--show-capture=no", "--tb=no", "-p", "no:cacheprovider")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?::)?(.+?)(?: - .*)?$", re.MULTILINE)


def main() -> int:
    """Exit status: 0 when every guard is missed by somebody and nothing else is wrong."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("names", nargs="*", help="guards to try (default: all)")
    names = set(options.parse_args().names)
    chosen = [guard for guard in GUARDS if not names or guard.name in names]
    if unknown := names - {guard.name for guard in GUARDS}:
        print(f"No such guard: {', '.join(sorted(unknown))}.")
        return 2
    begun = monotonic()
    with tempfile.TemporaryDirectory(prefix="duebill-sabotage-") as folder:
        sites = [copy_to(Path(folder) / str(number)) for number in range(WORKERS)]
        unfit = [guard for guard in chosen if not fits(guard, sites[0])]
        missed_by = try_all([guard for guard in chosen if guard not in unfit], sites)
        untouched = untouched_failures(chosen, sites)
    for guard in unfit:
        print(f"{guard.name}: its change no longer fits the code; write it anew in scripts/guards.py.")
    for test in untouched:
        print(f"Fails with every guard in place again: {test}")
    unnoticed = [guard.name for guard, failures in missed_by.items() if is_unnoticed(failures)]
    print(f"\n{len(missed_by)} guards taken out in {monotonic() - begun:.0f} s.")
    print(f"Unnoticed: {', '.join(unnoticed) or 'none'}.")
    if not untouched:
        print("With every guard in place again, all of these tests pass.")
    return 1 if unfit or untouched or unnoticed else 0


def copy_to(site: Path) -> Path:
    """A copy of what git knows or would take; nothing that was built or is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, site / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return site


def fits(guard: Guard, site: Path) -> bool:
    """Whether each text that the guard's changes replace stands in its file exactly once."""
    return all((site / change.file).read_text().count(change.text) == 1 for change in guard.changes)


def untouched_failures(guards: Sequence[Guard], sites: Sequence[Path]) -> list[str]:
    """The tests that fail although every guard was put back."""
    files = sorted({test for guard in guards for test in guard.tests})
    # An empty part would mean all the tests there are.
    parts = [part for number in range(len(sites)) if (part := files[number :: len(sites)])]
    with ThreadPoolExecutor(len(sites)) as pool:
        found = pool.map(run, sites, parts)
    return [test for failures in found for test in failures]


def try_all(guards: Sequence[Guard], sites: Sequence[Path]) -> dict[Guard, list[str]]:
    """Each guard with the tests that fail without it."""
    free: Queue[Path] = Queue()
    for site in sites:
        free.put(site)

    def attempt(guard: Guard) -> list[str]:
        site = free.get()
        try:
            with taken_out(guard.changes, site):
                failures = run(site, guard.tests)
        finally:
            free.put(site)
        show(guard, failures)
        return failures

    with ThreadPoolExecutor(len(sites)) as pool:
        return dict(zip(guards, pool.map(attempt, guards), strict=True))


@contextmanager
def taken_out(changes: Sequence[Change], site: Path) -> Iterator[None]:
    """The copy without a guard, for as long as this lasts."""
    before = {change.file: (site / change.file).read_text() for change in changes}
    for change in changes:
        path = site / change.file
        path.write_text(path.read_text().replace(change.text, change.without))
    try:
        yield
    finally:
        for name, text in before.items():
            (site / name).write_text(text)


def run(site: Path, tests: Sequence[str]) -> list[str]:
    """The names of the tests that fail in a copy; a run that ends in another way has a name of its own."""
    # The copy's own package goes before the one that the environment knows. No bytecode: files change within a second.
    environment = {**os.environ, "PYTHONPATH": f"{site / 'shared'}:{site}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *PYTEST, *tests]
    try:
        ended = subprocess.run(
            command, cwd=site, env=environment, check=False, capture_output=True, text=True, timeout=LONGEST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return [f"(longer than {LONGEST_SECONDS} s)"]
    # A test whose clearing up complains too is named twice.
    failed = list(dict.fromkeys(name for _, name in _FAILED.findall(ended.stdout)))
    if ended.returncode not in (0, 1) and not failed:
        return [f"(pytest ended with {ended.returncode}: {(ended.stdout + ended.stderr).strip()[-300:]})"]
    return failed


def show(guard: Guard, failures: Sequence[str]) -> None:
    """Print a guard and who noticed."""
    lines = [f"{guard.name}: {guard.what}", *(f"    {failure}" for failure in failures or ["NOBODY NOTICES"])]
    print("\n".join(lines), flush=True)


def is_unnoticed(failures: Sequence[str]) -> bool:
    """Whether no test failed. That a run broke, or took too long, is no test's word."""
    return all(failure.startswith("(") for failure in failures)


if __name__ == "__main__":
    sys.exit(main())
