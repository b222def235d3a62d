"""Writes what the providers can do beyond what all can, from their FEATURES, to docs/features.md.

With --check it writes nothing and fails when the file is not what the code says now.
"""

import argparse
import sys
from pathlib import Path

from duebill.domain.connection import Provider
from duebill.domain.features import Feature
from duebill.providers.registry import features_of

FILE = Path(__file__).parents[1] / "docs" / "features.md"

_MEANINGS = {
    Feature.APPROVAL: "Invoices can be saved as drafts, submitted for approval, and approved",
    Feature.TEMPLATES: "How an invoice looks can be chosen for each",
    Feature.TRACKING: "Lines can be sorted by categories of the company's own",
    Feature.TERMS: "Payment terms can be named instead of a due date",
    Feature.DETAILS_PER_INVOICE: "An invoice prints the name and address given with it, not those of its customer",
    Feature.MASKED_TAX_IDS: "A customer's tax id cannot be read back whole",
    Feature.VERSIONS: "A change is refused where somebody changed the object meanwhile",
    Feature.ADDS_CURRENCIES: "A currency that the books do not have yet is added by using it",
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
        ]
    )


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
