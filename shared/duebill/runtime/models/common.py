"""What all requests and answers are made of."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from duebill.domain.books import TaxCode, TrackingCategory
from duebill.domain.deal import Address
from duebill.domain.draft import Tracking
from duebill.domain.money import rounded
from duebill.domain.sentence import Sentence
from duebill.errors import Problem


class Model(BaseModel):
    """A model of the API: unknown fields are refused, so that nothing is dropped silently."""

    model_config = ConfigDict(extra="forbid")


def _exact(value: object) -> object:
    if isinstance(value, float | bool):
        raise ValueError('write amounts as strings, as in "12.50"')  # noqa: TRY004  pydantic wants ValueError
    return value


# We answer with amounts as strings: a JSON reader that makes floats of numbers must not touch them (docs/adr/0011).
# Numbers are read too: `runtime.api` parses them as Decimal, exactly.
Amount = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(max_digits=30, allow_inf_nan=False),
    PlainSerializer(lambda value: format(value, "f"), return_type=str),
]
ShortText = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(max_length=8000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.:-]+$")]


class MoneyModel(Model):
    """An amount in the currency's own number of decimals."""

    amount: Amount
    currency: str

    @staticmethod
    def of(amount: Decimal, currency: str) -> "MoneyModel":
        """Rounded as the currency has it."""
        return MoneyModel(amount=rounded(amount, currency), currency=currency)


class AddressModel(Model):
    """A postal address in free text."""

    lines: Annotated[list[ShortText], Field(max_length=5)] = []
    city: ShortText = ""
    region: ShortText = ""
    postal_code: ShortText = ""
    country: ShortText = ""

    @staticmethod
    def of(address: Address) -> "AddressModel":
        """From the domain's."""
        return AddressModel(
            lines=list(address.lines)[:5],
            city=address.city,
            region=address.region,
            postal_code=address.postal_code,
            country=address.country,
        )

    def to_domain(self) -> Address:
        """To the domain's, without empty lines."""
        lines = tuple(line for line in self.lines if line)
        return Address(lines, self.city, self.region, self.postal_code, self.country)


class ProblemModel(Model):
    """A fact that stops or warns, with what to do about it. `code` is stable; `message` is English."""

    code: str
    message: str
    severity: str
    fields: list[str]
    values: dict[str, str]

    @staticmethod
    def of(problem: Problem) -> "ProblemModel":
        """From the core's."""
        return ProblemModel(
            code=problem.code,
            message=problem.message,
            severity=problem.severity.value,
            fields=list(problem.fields),
            values=problem.values,
        )


class SentenceModel(Model):
    """What is said to a person. `code` is stable; `message` is English; `values` are for another language's words."""

    code: str
    message: str
    values: dict[str, str]

    @staticmethod
    def of(sentence: Sentence) -> "SentenceModel":
        """From the domain's."""
        return SentenceModel(code=sentence.code, message=sentence.message, values=sentence.values)


class NamedModel(Model):
    """A thing of the books by id and name."""

    id: str
    name: str


class TaxCodeModel(Model):
    """A tax code of the books and its whole rate."""

    id: str
    name: str
    rate: Amount

    @staticmethod
    def of(code: TaxCode) -> "TaxCodeModel":
        """From the domain's."""
        return TaxCodeModel(id=code.id, name=code.name, rate=code.rate)


class TrackingModel(Model):
    """A tracking category and the option chosen in it, by id."""

    category_id: Id
    option_id: Id

    @staticmethod
    def of(tracking: Tracking) -> "TrackingModel":
        """From the domain's."""
        return TrackingModel(category_id=tracking.category, option_id=tracking.option)

    def to_domain(self) -> Tracking:
        """To the domain's."""
        return Tracking(self.category_id, self.option_id)


class TrackingCategoryModel(Model):
    """A tracking category of the books and its options."""

    id: str
    name: str
    options: list[NamedModel]

    @staticmethod
    def of(category: TrackingCategory) -> "TrackingCategoryModel":
        """From the domain's."""
        options = [NamedModel(id=option.id, name=option.name) for option in category.options]
        return TrackingCategoryModel(id=category.id, name=category.name, options=options)
