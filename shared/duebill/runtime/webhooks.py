"""Webhooks: verify, split by tenant, send, answer. No table is read and no provider called.

What is answered has no body and sets no cookie: one sender demands the bare status, the others do not mind.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from duebill.crm.pipedrive import webhook as crm_webhook
from duebill.domain.connection import Provider
from duebill.domain.news import News
from duebill.errors import DuebillError, InvalidRequest
from duebill.outside.webhook import LARGEST_BODY
from duebill.runtime.logs import logger
from duebill.runtime.metrics import Metric, count
from duebill.runtime.wiring import Wiring

TAKEN, FORGED, UNKNOWN, TOO_LARGE, LATER = 200, 401, 404, 413, 503


def receive(event: Mapping[str, Any], wiring: Wiring) -> dict[str, Any]:
    """Answer one webhook.

    200 too where a genuine body tells nothing to us or cannot be read: it would be sent again for days, and hold back
    what comes after it. 503 where we fail: then it is sent again.
    """
    body = _body(event)
    if body is None or len(body) > LARGEST_BODY:
        return {"statusCode": TOO_LARGE}
    try:
        return {"statusCode": _taken(event, body, wiring)}
    except InvalidRequest as error:
        count(Metric.WEBHOOKS_FAILED, wiring.settings)
        logger().error("webhook_unreadable", extra={"code": error.code})
        return {"statusCode": TAKEN}
    except DuebillError as error:  # a secret is missing, or the queue does not answer
        count(Metric.WEBHOOKS_FAILED, wiring.settings)
        logger().error("webhook_failed", extra={"code": error.code})
        return {"statusCode": LATER}


def _taken(event: Mapping[str, Any], body: bytes, wiring: Wiring) -> int:
    headers = {name.lower(): str(value) for name, value in (event.get("headers") or {}).items()}
    sender = (event.get("pathParameters") or {}).get("provider")
    if sender is None:
        news = _crm_news(headers, body, wiring)
    elif sender in wiring.settings.offered_providers:
        news = _books_news(Provider(sender), headers, body, wiring)
    else:
        return UNKNOWN
    if news is None:
        return FORGED
    sent = wiring.news_queue.send(news)
    logger().info("webhook", extra={"sender": sender or "crm", "messages": sent})
    return TAKEN


def _books_news(provider: Provider, headers: Mapping[str, str], body: bytes, wiring: Wiring) -> Iterable[News] | None:
    """What a provider tells, None where it is not the provider who does."""
    from duebill.providers.registry import webhooks_of

    webhooks = webhooks_of(provider)
    if not webhooks.is_genuine(body, headers, wiring.secrets.values(f"{provider.value}/{webhooks.SECRET}")):
        return None
    return webhooks.news_in(body, wiring.clock.now())


def _crm_news(headers: Mapping[str, str], body: bytes, wiring: Wiring) -> Iterable[News] | None:
    company = crm_webhook.company_of(headers.get("authorization"), wiring.secrets.values(crm_webhook.SECRET))
    if company is None:
        return None
    news = crm_webhook.news_in(body, company, wiring.clock.now())
    return (news,) if news else ()


def _body(event: Mapping[str, Any]) -> bytes | None:
    """The very bytes that came; None for what is too large or no base64."""
    body = str(event.get("body") or "")
    if len(body) > 2 * LARGEST_BODY:
        return None
    if not event.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
