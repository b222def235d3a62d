"""Which of several matches a person most likely means."""

from collections.abc import Callable, Iterable


def best_first[T](found: Iterable[T], text: str, texts_of: Callable[[T], Iterable[str]], limit: int) -> tuple[T, ...]:
    """Those that really hold `text`: exact matches first, then those that begin with it, then by their first text."""
    wanted = text.casefold()

    def place(each: T) -> tuple[int, str]:
        texts = [candidate.casefold() for candidate in texts_of(each)]
        return min(_place(candidate, wanted) for candidate in texts), texts[0]

    ranked = sorted(((place(each), each) for each in found), key=lambda pair: pair[0])
    return tuple(each for (rank, _), each in ranked if rank < _NOWHERE)[:limit]


_NOWHERE = 3


def _place(candidate: str, wanted: str) -> int:
    if candidate == wanted:
        return 0
    if candidate.startswith(wanted):
        return 1
    return 2 if wanted in candidate else _NOWHERE
