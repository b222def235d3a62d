"""What Pipedrive sends to the app's callback address: made here, sent by the test or the sandbox.

[D:app-uninstallation] [D:company-wide-app-extensions]
"""

import base64
import json
from datetime import UTC, datetime

from sandbox.wire import Request


def uninstalled(path: str, client: tuple[str, str], company_id: int, user_id: int, now: datetime) -> Request:
    """The uninstall notice: DELETE with Basic auth and a JSON body. The timestamp's form is not documented."""
    document = {
        "client_id": client[0],
        "company_id": company_id,
        "user_id": user_id,
        "timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    basic = base64.b64encode(":".join(client).encode()).decode()
    headers = {"authorization": f"Basic {basic}", "content-type": "application/json"}
    return Request("DELETE", path, headers=headers, body=json.dumps(document).encode())


def shared(path: str, company_id: int, user_id: int, *, is_shared: bool) -> Request:
    """The shared-visibility notice. The docs name no authentication for it: it carries none."""
    document = {"company_id": company_id, "user_id": user_id, "isShared": is_shared}
    return Request("POST", path, headers={"content-type": "application/json"}, body=json.dumps(document).encode())
