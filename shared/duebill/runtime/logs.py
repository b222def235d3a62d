"""Logging: structured, by codes and ids only. No token, code, e-mail address, name or amount reaches a log line."""

from functools import cache

from aws_lambda_powertools import Logger


@cache
def logger() -> Logger:
    """The process's logger. Log errors by `code`, never by message or exception text: those may quote a provider."""
    return Logger(service="duebill")
