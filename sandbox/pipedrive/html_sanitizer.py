"""What is left of a note's HTML: known tags, links by http(s) and mailto, text. Comments and scripts go.

Which tags Pipedrive keeps is not documented; this list is short on purpose.
"""

from html import escape
from html.parser import HTMLParser

KEPT = frozenset({"a", "b", "blockquote", "br", "div", "em", "i", "li", "ol", "p", "span", "strong", "u", "ul"})
SILENT = frozenset({"script", "style", "iframe", "object"})
VOID = "br"


def sanitised(html: str) -> str:
    """`html` without what could harm, written anew."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return "".join(parser.out)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag in KEPT and not self._silent:
            href = dict(attrs).get("href") or ""
            kept = f' href="{escape(href)}"' if tag == "a" and _is_link(href) else ""
            self.out.append(f"<{tag}{kept}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in KEPT and tag != VOID and not self._silent:
            self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(escape(data, quote=False))


def _is_link(href: str) -> bool:
    return href.lower().startswith(("https://", "http://", "mailto:"))
