"""The few pages that we serve at top level, as HTML without scripts and without anything from elsewhere."""

import base64
import hashlib
from dataclasses import dataclass, field
from html import escape

from duebill.domain.connection import Provider
from duebill.use_cases.complete_connect import Question
from duebill.use_cases.confirm_connect import Confirmed

_STYLE = (
    ":root{color-scheme:light dark;"
    "--paper:#fff;--ink:#1d2430;--soft:#5a6472;--line:#d5dae1;--act:#1f5fbf;--on-act:#fff}"
    "@media(prefers-color-scheme:dark)"
    "{:root{--paper:#14181f;--ink:#e8ebf0;--soft:#a5afbd;--line:#39424f;--act:#8ab4f8;--on-act:#10203a}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}"
    "main{max-width:34rem;margin:0 auto;padding:2rem 1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.375rem;line-height:1.3;margin:0 0 1rem}"
    "p{margin:0 0 1rem}.soft{color:var(--soft)}"
    "form{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0 0}"
    "fieldset{border:1px solid var(--line);border-radius:.375rem;width:100%;margin:0}"
    "label{display:block;padding:.375rem 0}"
    ".act,button{display:inline-block;min-height:2.75rem;padding:.625rem 1rem;border:1px solid var(--act);"
    "border-radius:.375rem;background:var(--act);color:var(--on-act);font:inherit;text-decoration:none;cursor:pointer}"
    "button.no{background:transparent;color:var(--ink);border-color:var(--line)}"
    ":focus-visible{outline:3px solid var(--act);outline-offset:2px}"
)


def page_headers() -> dict[str, str]:
    """What every page is sent with: nothing runs, nothing is fetched, nobody frames it, nothing is kept or told on."""
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; frame-ancestors 'none'"
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"{policy}; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


@dataclass(frozen=True, slots=True)
class Link:
    """The one next step."""

    text: str
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """An answer for a browser."""

    status: int
    body: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=page_headers)


def message_page(title: str, text: str, *, status: int = 200, link: Link | None = None) -> HtmlPage:
    """What happened, and the one next step."""
    step = f'<p><a class="act" href="{escape(link.url)}">{escape(link.text)}</a></p>' if link else ""
    return HtmlPage(status, _document(title, f"<p>{escape(text)}</p>{step}"))


def question_page(question: Question) -> HtmlPage:
    """ "Give Pipedrive company X access to the books Y?", naming both."""
    label = escape(question.provider.label)
    company = _name(question.company_name)
    if len(question.pending) == 1:
        asked = f"<p>Give the Pipedrive company {company} access to the {label} books {_books(question, 0)}?</p>"
        choice = ""
    else:
        asked = f"<p>To which {label} books do you give the Pipedrive company {company} access?</p>"
        choice = f"<fieldset><legend>Tick the books that are meant</legend>{_choices(question)}</fieldset>"
    body = (
        f"{asked}"
        f'<p class="soft">People of {company} whom you allow will see and create invoices there. '
        "If you expected another company or other books, say no.</p>"
        f'<form method="post" action="/connect/{escape(question.ticket_id)}/confirm">{choice}'
        '<button name="answer" value="yes">Yes, connect</button>'
        '<button class="no" name="answer" value="no" formnovalidate>No</button></form>'
    )
    return HtmlPage(200, _document("Connect these books?", body))


def confirmed_page(confirmed: Confirmed, *, settings_url: str) -> HtmlPage:
    """How the question was answered, and the way back to the settings."""
    link = Link("Back to Duebill's settings", settings_url)
    if not confirmed.connections:
        return message_page(
            "Not connected", "Nothing was connected, and Duebill keeps no access from this consent.", link=link
        )
    names = [connection.tenant.name for connection in confirmed.connections]
    listed = " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    company = confirmed.installation.company_name
    return message_page("Connected", f"{company} can now invoice deals in {listed}.", link=link)


def disconnected_page(provider: Provider) -> HtmlPage:
    """For who comes from disconnecting inside the provider."""
    return message_page(
        f"Disconnected from {provider.label}",
        f"If you ended Duebill's access in {provider.label}, no invoices can be created or refreshed there any more; "
        "Duebill finds out within minutes. Invoices, settings and links stay as they are. To connect again, open "
        "Duebill's settings in Pipedrive and press Reconnect.",
    )


def reconnect_page(provider: Provider) -> HtmlPage:
    """For who comes from the provider to consent again."""
    return message_page(
        f"Reconnect {provider.label}",
        "A consent begins in Pipedrive, so that the books go to the right company. Sign in to Pipedrive, open "
        "Settings, Marketplace apps, Duebill, and press Reconnect. Settings and links are kept.",
    )


def reference_page() -> HtmlPage:
    """For who follows the link on an invoice: it names no deal, as anybody may hold it."""
    return message_page(
        "Made from a deal",
        "This invoice was made by Duebill from a deal in Pipedrive. Open the deal there to see it beside its invoices.",
    )


def _books(question: Question, index: int) -> str:
    books = question.pending[index].tenant
    return f"{_name(books.name)} ({escape(books.country)}, {escape(books.home_currency)})"


def _choices(question: Question) -> str:
    return "".join(
        f'<label><input type="checkbox" name="which" value="{escape(pending.id)}"> {_books(question, index)}</label>'
        for index, pending in enumerate(question.pending)
    )


def _name(text: str) -> str:
    # <bdi>: a name in a right-to-left script does not turn the sentence around it.
    return f"<strong><bdi>{escape(text)}</bdi></strong>"


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · Duebill</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
