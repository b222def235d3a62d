"""Why a person must connect books again: a stable word for it, which pages have their own sentence for."""

from enum import StrEnum


class WhyEnded(StrEnum):
    """What became of a consent."""

    WITHDRAWN = "withdrawn"
    CUT_OFF = "cut_off"
    NOT_ACCEPTED = "not_accepted"
    OTHER_BOOKS = "other_books"
    ROLE_LOST = "role_lost"
    TOKENS_GONE = "tokens_gone"


_SENTENCES = {
    WhyEnded.WITHDRAWN: "The provider no longer accepts our authorisation: it was withdrawn, replaced or has ended.",
    WhyEnded.CUT_OFF: "A renewal was cut off and the provider had already replaced the token.",
    WhyEnded.NOT_ACCEPTED: "The provider no longer accepts this connection.",
    WhyEnded.OTHER_BOOKS: "The provider says that this connection opens other books.",
    WhyEnded.ROLE_LOST: (
        "The connection was ended there, or who connected lost their role. Somebody who may manage the books must "
        "connect them again."
    ),
    WhyEnded.TOKENS_GONE: "The tokens of this consent are gone.",
}


def sentence_of(reason: str) -> str:
    """The reason as an English sentence; one that was written down as a sentence before stays as it is."""
    return _SENTENCES[WhyEnded(reason)] if reason in set(WhyEnded) else reason
