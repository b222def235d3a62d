"""Writes the API's OpenAPI document, made from the handlers' types, to docs/openapi.json.

With --check it writes nothing and fails when the file is not what the handlers say now.
"""

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import Any

from openapi_spec_validator import validate

TARGET = Path("docs/openapi.json")
# The functions behind the API. Each serves its own routes; the document is of all of them.
RECEIVER = "receive_webhook"
FUNCTIONS = ("install", "settings", "create_invoice", "deal_invoices", "invoice_actions")
# What vendors send is theirs to describe, and a framework would make the receiver slow to start.
WEBHOOKS = {
    "/webhooks/pipedrive": "Pipedrive tells what changed; Basic auth with the company's own password",
    "/webhooks/{provider}": "A provider tells what changed; signed over the raw body",
}
WEBHOOK_ANSWERS = {
    "200": "Taken, or nothing to us",
    "401": "Not from whom it says it is from",
    "404": "No such provider here",
    "413": "More than a megabyte",
    "503": "Not taken; send it again",
}
DESCRIPTION = "Turns a Pipedrive deal into an invoice in the books and keeps its status true in the deal."


def main() -> int:
    """Exit status: 0 when the file is (now) what the handlers say."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--check", action="store_true", help="only say whether the file is up to date")
    check = options.parse_args().check
    text = json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if check:
        up_to_date = TARGET.is_file() and TARGET.read_text() == text
        print(f"{TARGET} is {'up to date' if up_to_date else "not what the handlers say: run 'make openapi'"}.")
        return 0 if up_to_date else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text)
    print(f"{TARGET}: {len(json.loads(text)['paths'])} paths.")
    return 0


def document() -> dict[str, Any]:
    """The whole API as one valid OpenAPI document. Raises ValueError where two functions contradict each other."""
    whole: dict[str, Any] = {}
    for function in (*FUNCTIONS, RECEIVER):
        part = of_function(function)
        if not whole:
            whole = part | {"paths": {}, "components": {}}
        for path, operations in part["paths"].items():
            _merge(whole["paths"].setdefault(path, {}), operations)
        for kind, named in part.get("components", {}).items():
            _merge(whole["components"].setdefault(kind, {}), named)
    validate(whole)
    return whole


def of_function(function: str) -> dict[str, Any]:
    """What one function serves, as Powertools describes it from the types of its handlers."""
    if function == RECEIVER:
        return {"paths": {path: {"post": _webhook(path, about)} for path, about in WEBHOOKS.items()}}
    app = importlib.import_module(f"functions.{function}.app").app
    described: dict[str, Any] = json.loads(
        app.get_openapi_json_schema(title="Duebill", version="1", description=DESCRIPTION)
    )
    return described


def _webhook(path: str, about: str) -> dict[str, Any]:
    names = [part.strip("{}") for part in path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    return {
        "summary": about,
        "operationId": f"receive_{path.strip('/{}').replace('/{', '_').replace('/', '_')}",
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
        "responses": {status: {"description": text} for status, text in WEBHOOK_ANSWERS.items()},
    }


def _merge(into: dict[str, Any], named: dict[str, Any]) -> None:
    for name, value in named.items():
        if into.setdefault(name, value) != value:
            raise ValueError(f"two functions mean different things by {name}")


if __name__ == "__main__":
    sys.exit(main())
