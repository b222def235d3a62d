"""E-mails with an invoice. The books send them, with their own text; a person says to whom, where they let one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from duebill.domain.sentence import Sentence
from duebill.errors import Problem

CLOCKS_DIFFER = timedelta(seconds=5)  # the books' times are of whole seconds, and of their own clocks


@dataclass(frozen=True, slots=True)
class Mail:
    """To whom an invoice goes. None: to whomever the books have for it; no copies: the books' own are taken off."""

    to: str | None = None
    copies: tuple[str, ...] | None = None
    blind_copies: tuple[str, ...] | None = None

    @property
    def is_chosen(self) -> bool:
        """Whether it names any receiver itself."""
        return self != Mail()


@dataclass(frozen=True, slots=True)
class MailTerms:
    """What is said before an invoice is sent. `to` comes first, then `copies`, which the books add by themselves.

    `sender` says who sends, `text` whose words the mail has, `limits` how many go out a day.
    """

    to: tuple[str, ...]
    copies: tuple[str, ...]
    blind_copies: tuple[str, ...]
    can_choose: bool
    sender: Sentence
    text: Sentence
    limits: Sentence
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """An e-mail that the books say they sent."""

    at: datetime
    to: tuple[str, ...]
