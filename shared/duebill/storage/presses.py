"""Presses of buttons on invoices, as items of their deal."""

from dataclasses import replace

from duebill.domain.press import PRESS_LIVES, Press
from duebill.storage import keys
from duebill.storage.codec import document, read_document
from duebill.storage.values import Item, epoch_seconds, number, read_number
from duebill.storage.writes import ABSENT, Put, at_version


def put_press(press: Press) -> Put:
    """The press one version further, if nobody else was first; it goes by itself after a while."""
    values: Item = {
        "doc": document(press),
        "version": number(press.version + 1),
        "expires": number(epoch_seconds(press.at + PRESS_LIVES)),
    }
    when = at_version(press.version) if press.version else ABSENT
    return Put(keys.press(press.company, press.deal, press.key), values, when)


def read_press(item: Item) -> Press:
    """The press of an item."""
    return replace(read_document(item, Press), version=read_number(item, "version"))
