"""E-mails and pay links as the API speaks of them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from duebill.domain.mail import Mail, MailTerms
from duebill.runtime.models.common import Model, ProblemModel, SentenceModel

# One address: all books want an @ and a point behind it.
EmailAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$")
]
Copies = Annotated[list[EmailAddress], Field(max_length=5)]


class MailModel(Model):
    """To whom an invoice goes. Null: to whomever the books have; an empty list takes copies off."""

    to: EmailAddress | None = None
    cc: Copies | None = None
    bcc: Copies | None = None

    def to_domain(self) -> Mail:
        """The domain's."""
        copies = tuple(self.cc) if self.cc is not None else None
        return Mail(self.to, copies, tuple(self.bcc) if self.bcc is not None else None)


class MailTermsModel(Model):
    """What to say before an invoice is sent. A problem of severity `stop` means that it cannot be."""

    to: list[str]
    cc: list[str]
    bcc: list[str]
    can_choose: bool
    sender: SentenceModel
    text: SentenceModel
    limits: SentenceModel
    problems: list[ProblemModel]

    @staticmethod
    def of(terms: MailTerms) -> "MailTermsModel":
        """From the domain's."""
        return MailTermsModel(
            to=list(terms.to),
            cc=list(terms.copies),
            bcc=list(terms.blind_copies),
            can_choose=terms.can_choose,
            sender=SentenceModel.of(terms.sender),
            text=SentenceModel.of(terms.text),
            limits=SentenceModel.of(terms.limits),
            problems=[ProblemModel.of(problem) for problem in terms.problems],
        )


class PayLinkModel(Model):
    """Where the customer sees and pays the invoice."""

    url: str
