"""Writes what the providers can do beyond what all can, from their FEATURES, to docs/features.md.

With --check it writes nothing and fails when the file is not what the code says now.
"""

import argparse
import sys
from pathlib import Path

from duebill.domain.actions import RIGHT, Action, Asks, Reason, Situation, cell
from duebill.domain.connection import Provider
from duebill.domain.features import Feature
from duebill.providers.registry import features_of

FILE = Path(__file__).parents[1] / "docs" / "features.md"

_BEFORE_APPROVAL = (Situation.DRAFT, Situation.AWAITING_APPROVAL)
_MEANINGS = {
    Feature.APPROVAL: "Invoices can be saved as drafts, submitted for approval, and approved",
    Feature.TEMPLATES: "How an invoice looks can be chosen for each",
    Feature.TRACKING: "Lines can be sorted by categories of the company's own",
    Feature.TERMS: "Payment terms can be named instead of a due date",
    Feature.DETAILS_PER_INVOICE: "An invoice prints the name and address given with it, not those of its customer",
    Feature.MASKED_TAX_IDS: "A customer's tax id cannot be read back whole",
    Feature.VERSIONS: "A change is refused where somebody changed the object meanwhile",
    Feature.ADDS_CURRENCIES: "A currency that the books do not have yet is added by using it",
    Feature.VOIDS_PAID: "An invoice with payments can be voided, if the books let it pass",
    Feature.DELETES_ISSUED: "An approved invoice can be deleted, not only a draft",
    Feature.CHOOSES_RECEIVERS: "An e-mail with an invoice goes to whom it is told; else to its contact's addresses",
}


def document() -> str:
    """The page."""
    providers = list(Provider)
    rows = [
        f"| {_MEANINGS[feature]} | "
        + " | ".join("yes" if feature in features_of(provider) else "no" for provider in providers)
        + f" | `{feature.value}` |"
        for feature in Feature
    ]
    head = "| | " + " | ".join(provider.label for provider in providers) + " | feature |"
    return "\n".join(
        [
            "# What the providers can do",
            "",
            "Whatever is not in this table works alike with all of them: one suite,",
            "`tests/contract/test_accounting_provider.py`, runs for each, and tests a difference only where",
            "it is declared here. Written by `python -m scripts.features` from each provider's `FEATURES`.",
            "",
            head,
            "|---" * (len(providers) + 2) + "|",
            *rows,
            "",
            *_actions(),
        ]
    )


def _actions() -> list[str]:
    """What can be done to an invoice, from the one table that the panel and the API ask too."""
    lines = [
        "## What can be done to an invoice",
        "",
        "From `domain/actions.py`, which the panel, the API and the tests of each action ask too. *tied*: something is",
        "paid or credited, or another transaction is linked. *yes*: it can be done; *asks*, *asks twice*: a person",
        "confirms first. A word in code says why not; it is what the API answers. Beside this count the right,",
        "whether the books are connected, and for a copy whether the invoice was made here.",
    ]
    for provider in Provider:
        features = features_of(provider)
        shown = [each for each in Situation if Feature.APPROVAL in features or each not in _BEFORE_APPROVAL]
        words = (situation.value.replace("_", " ") for situation in shown)
        lines += ["", f"### {provider.label}", "", "| action | right | " + " | ".join(words) + " |"]
        lines.append("|---" * (len(shown) + 2) + "|")
        for action in Action:
            cells = (_cell(cell(action, situation, features)) for situation in shown)
            lines.append(f"| {action.value} | {RIGHT[action].value} | " + " | ".join(cells) + " |")
    lines += ["", "### Reasons", "", *(f"- `{reason.value}`: {reason.sentence('…')}" for reason in Reason), ""]
    return lines


def _cell(found: Asks | Reason) -> str:
    if isinstance(found, Reason):
        return f"`{found.value}`"
    return {Asks.NEVER: "yes", Asks.ONCE: "asks", Asks.TWICE: "asks twice"}[found]


def main() -> int:
    """Write the file, or compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="compare instead of writing")
    if not options.parse_args().check:
        FILE.write_text(document())
        return 0
    return 0 if FILE.exists() and FILE.read_text() == document() else 1


if __name__ == "__main__":
    sys.exit(main())
