"""What a function loads when it starts: each library costs milliseconds of every cold start. Named here, not timed."""

import subprocess
import sys

import pytest

from tests.template.cloudformation import ROOT

# Never at start: tests' and tools' own things, and providers, which are loaded when a connection names them.
EVERYWHERE = [
    "moto",
    "pytest",
    "sandbox",
    "tests",
    "requests",
    "quickbooks",
    "intuitlib",
    "xero_python",
    "duebill.providers.quickbooks",
    "duebill.providers.xero",
]
NOT_AT_START = {
    "app_extension": [
        *EVERYWHERE,
        "boto3",
        "httpx",
        "pydantic",
        "jwt",
        "cryptography",
        "aws_lambda_powertools.event_handler",
    ],
    "create_invoice": EVERYWHERE,
    "deal_invoices": EVERYWHERE,
    # Every minute, day and night: a query and a few messages.
    "dispatch_due": [*EVERYWHERE, "httpx", "pydantic", "jwt", "cryptography", "aws_lambda_powertools.event_handler"],
    "finish_work": [*EVERYWHERE, "jwt", "aws_lambda_powertools.event_handler"],
    "install": EVERYWHERE,
    "invoice_actions": EVERYWHERE,
    # Intuit waits three seconds.
    "receive_webhook": [*EVERYWHERE, "httpx", "pydantic", "jwt", "cryptography", "aws_lambda_powertools.event_handler"],
    "refresh_invoices": [*EVERYWHERE, "jwt", "aws_lambda_powertools.event_handler"],
    "settings": EVERYWHERE,
}
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/app.py"))

# An empty environment, for importing a handler reads no setting; warnings are errors, as in the tests.
_PROGRAM = """
import sys
sys.path[:0] = [sys.argv[1] + "/shared", sys.argv[1] + "/functions/" + sys.argv[2]]
before = set(sys.modules)  # some packages load themselves with the environment, by a .pth file
import app
print("\\n".join(set(sys.modules) - before))
"""


def _loaded(function: str) -> set[str]:
    command = [sys.executable, "-P", "-W", "error", "-c", _PROGRAM, str(ROOT), function]
    result = subprocess.run(command, env={}, cwd="/", capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_starts_without_what_it_does_not_need(function: str) -> None:
    loaded = _loaded(function)

    assert [module for module in NOT_AT_START[function] if module in loaded] == []


def test_every_function_has_a_row() -> None:
    assert sorted(NOT_AT_START) == FUNCTIONS
