"""The grammar of QuickBooks's query statements (S-QUERY)."""

import re
from dataclasses import dataclass

from sandbox.quickbooks.refusals import Refused

MOST = 1000
_TOKEN = re.compile(r"\s*(?:(?P<string>'(?:\\.|[^'\\])*')|(?P<sign><=|>=|<|>|=|\(|\)|,|\*)|(?P<word>[^\s'()=<>,*]+))")
_SIGNS = {"=", "<", ">", "<=", ">=", "LIKE", "IN"}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: a property, a sign, and the values (several only for IN)."""

    field: str
    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One parsed statement."""

    entity: str
    count: bool
    extra: tuple[str, ...]
    where: tuple[Term, ...]
    order: tuple[tuple[str, bool], ...]
    start: int
    most: int


def unparsable(detail: str) -> Refused:
    """A statement that is no statement (4000)."""
    return Refused("4000", "Error parsing query", f"QueryParserError: {detail}")


def invalid(detail: str) -> Refused:
    """A statement that asks for what cannot be asked (4001; S-VCR error__400.2)."""
    return Refused("4001", "Invalid query", f"QueryValidationError: {detail}")


def parse(text: str) -> Statement:
    """The statement. Raises Refused 4000 or 4001."""
    return _Parser(_tokens(text)).statement()


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.rstrip().rstrip(";")
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise unparsable(f"Encountered {text[at : at + 10]!r}")
        found.append(match[0].strip())
        at = match.end()
    return found


def _string(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._rest = tokens

    def statement(self) -> Statement:
        self._expect("SELECT")
        count, extra = self._projection()
        self._expect("FROM")
        entity = self._word()
        where = self._where() if self._take("WHERE") else ()
        order = self._order()
        start = self._position("STARTPOSITION", 1)
        most = self._position("MAXRESULTS", 100)
        if self._rest:
            # No OR, no !=, no JOIN, no GROUP BY (S-QUERY).
            raise unparsable(f'Encountered " <{self._rest[0].upper()}> "')
        if most > MOST:
            raise invalid(f"value {most} is too large. Max allowed value is {MOST}.")
        return Statement(entity, count, extra, where, order, start, most)

    def _projection(self) -> tuple[bool, tuple[str, ...]]:
        if self._take("COUNT"):
            for sign in "(*)":
                self._expect(sign)
            return True, ()
        # `select *, Sku` is what python-quickbooks sends; any other projection is "not supported" (S-QUERY).
        self._expect("*")
        extra = []
        while self._take(","):
            extra.append(self._word())
        return False, tuple(extra)

    def _where(self) -> tuple[Term, ...]:
        terms = [self._term()]
        while self._take("AND"):
            terms.append(self._term())
        return tuple(terms)

    def _term(self) -> Term:
        field, sign = self._word(), self._word().upper()
        if sign not in _SIGNS:
            raise unparsable(f'Encountered " <{sign}> "')
        if sign != "IN":
            return Term(field, sign, (self._operand(),))
        self._expect("(")
        values = [self._operand()]
        while self._take(","):
            values.append(self._operand())
        self._expect(")")
        return Term(field, sign, tuple(values))

    def _operand(self) -> str:
        token = self._word()
        if token.startswith("'"):
            return _string(token)
        # Bare are booleans, numbers and CURRENT_DATE; anything else needs quotes.
        if token.lower() in ("true", "false") or token.upper() == "CURRENT_DATE" or re.fullmatch(r"-?[\d.]+", token):
            return token
        raise unparsable(f"Encountered {token!r}")

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._take("ORDERBY"):
            if not self._take("ORDER"):
                return ()
            self._expect("BY")
        found = [self._ordering()]
        while self._take(","):
            found.append(self._ordering())
        return tuple(found)

    def _ordering(self) -> tuple[str, bool]:
        field = self._word()
        descending = self._take("DESC")
        if not descending:
            self._take("ASC")
        return field, descending

    def _position(self, name: str, default: int) -> int:
        if not self._take(name):
            return default
        token = self._word()
        if not re.fullmatch(r"-?\d+", token):
            raise unparsable(f"Encountered {token!r} after {name}")
        if int(token) < 1:
            raise invalid(f"value {token} is too small. Min allowed value is 1.")
        return int(token)

    def _take(self, word: str) -> bool:
        if self._rest and self._rest[0].upper() == word:
            self._rest.pop(0)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise unparsable(f"Encountered {self._rest[0]!r}, expected {word}" if self._rest else f"expected {word}")

    def _word(self) -> str:
        if not self._rest:
            raise unparsable("Encountered <EOF>")
        return self._rest.pop(0)
