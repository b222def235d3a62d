"""Logging: structured, by codes and ids only. No token, code, e-mail address, name or amount reaches a log line."""

import logging
import traceback
from functools import cache
from pathlib import PurePath

from aws_lambda_powertools import Logger

_PACKAGE = PurePath(__file__).parents[1]

# httpx names every address at INFO, and search words stand in those; botocore names bodies at DEBUG; Powertools' router
# hands the trace and the text of whatever a handler raised to its own logger, which prints once its debugging is on.
# Said here, not left to a level that somebody sets for the whole process while looking for something else.
_TALKATIVE = {
    "aws_lambda_powertools": logging.CRITICAL,
    "boto3": logging.WARNING,
    "botocore": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "urllib3": logging.WARNING,
}


@cache
def logger() -> Logger:
    """The process's logger. Log errors by `code`, never by message or exception text: those may quote a provider."""
    return Logger(service="duebill")


def quiet_libraries() -> None:
    """From now on libraries log only what quotes nobody, whatever level everything else has."""
    for name, level in _TALKATIVE.items():
        logging.getLogger(name).setLevel(level)


def place_of(error: BaseException) -> str:
    """Where an error came from, as `panel.py:97 in _shown`: the innermost place in this package, without any text."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if PurePath(frame.filename).is_relative_to(_PACKAGE)]
    frame = next(reversed(ours or frames), None)
    return f"{PurePath(frame.filename).name}:{frame.lineno} in {frame.name}" if frame else "nowhere"
