"""Addresses: the text that a person sees, taken apart with the help of what a map service understood of it.

The text is written as the country writes it (house number before or after the street, flats as `104/2` or `#5`), so
the lines come from it where it can be read; the parts alone serve where it cannot. What nobody understood stays in
the lines: nothing is lost.
"""

import re

from duebill.crm.pipedrive.wire import WireAddress
from duebill.domain.deal import Address, FieldValue


def address_value(wire: WireAddress | None) -> FieldValue | None:
    """An address as one text and in its parts, or None where there is none."""
    address = address_of(wire) if wire else Address()
    if wire is None or not address:
        return None
    city = " ".join(part for part in (address.postal_code, address.city) if part)
    parts = (*address.lines, city, address.region, address.country)
    return FieldValue(_clean(wire.value) or ", ".join(part for part in parts if part), address)


def address_of(wire: WireAddress) -> Address:
    """An address in its parts."""
    city = _clean(wire.locality) or _clean(wire.sublocality)
    region = _clean(wire.admin_area_level_1) or _clean(wire.admin_area_level_2)
    postal_code, country = _clean(wire.postal_code), _clean(wire.country)
    known = [part for part in (city, region, postal_code, country) if part]
    lines, rest = _beginning(_clean(wire.value), known)
    if rest is None and (built := _built(wire)):
        # The text names no part that we know of, so where the street ends cannot be told from it.
        lines = built
    return Address(tuple(lines or _built(wire)), city, region, postal_code or rest or "", country)


def _beginning(text: str, known: list[str]) -> tuple[list[str], str | None]:
    """The segments of a text before the first that consists of known parts, and what digits else that one holds.

    Those are a postal code that the map service left out ("50-106 Wrocław"); None where no segment is known.
    """
    lines: list[str] = []
    for segment in re.split(r"[,\n]", text):
        stripped = segment.strip()
        left = _without(stripped, known)
        if left != stripped and not re.search(r"[^\W\d_]", left):
            return lines, left if re.search(r"\d", left) else ""
        if stripped:
            lines.append(stripped)
    return lines, None


def _without(text: str, known: list[str]) -> str:
    for part in sorted(known, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "", text, flags=re.IGNORECASE)
    return text.strip()


def _built(wire: WireAddress) -> list[str]:
    route, number, text = _clean(wire.route), _clean(wire.street_number), _clean(wire.value)
    if not route:
        return []
    in_order = f"{route} {number}"
    street = in_order if in_order.lower() in text.lower() else f"{number} {route}"
    return [part for part in (street.strip(), _clean(wire.subpremise)) if part]


def _clean(text: str | None) -> str:
    return (text or "").strip()
