"""Users and currencies (v1 only: [O1])."""

from sandbox.pipedrive import envelope
from sandbox.pipedrive.call import Call, Operation
from sandbox.pipedrive.model import Document, User
from sandbox.wire import Response


def me(call: Call) -> Response:
    """The user of the token, with the company."""
    company = call.company
    return envelope.one(
        {
            **_user(call, call.user),
            "company_id": company.id,
            "company_name": company.name,
            "company_domain": company.domain,
            "company_country": company.country,
            "company_industry": "IT Services",
            "language": {"language_code": call.user.language, "country_code": call.user.country},
        }
    )


def users(call: Call) -> Response:
    """Everyone in the company."""
    return envelope.one([_user(call, user) for user in call.company.users.values()])


def user(call: Call) -> Response:
    """One user. Its 404 has a sentence of its own (v1 spec)."""
    found = call.company.users.get(call.id())
    if found is None:
        raise envelope.Refusal(404, {"success": False, "error": "User not found or not accessible."})
    return envelope.one(_user(call, found))


def currencies(call: Call) -> Response:
    """The company's currencies, its own (`is_custom_flag`) among them; `term` looks in code and name."""
    term = (call.request.param("term") or "").casefold()
    rows = call.company.currencies
    return envelope.one([row for row in rows if term in f"{row['code']} {row['name']}".casefold()])


def _user(call: Call, who: User) -> Document:
    apps = ("sales", "global", "account_settings")
    return {
        "id": who.id,
        "name": who.name,
        "default_currency": who.currency,
        "locale": who.locale,
        "lang": 1,
        "email": who.email,
        "phone": None,
        "activated": True,
        "last_login": "2026-11-20 08:45:56",
        "created": "2024-03-01 09:16:26",
        "modified": "2026-11-20 08:45:56",
        "has_created_company": who.id == min(call.company.users),
        "access": [
            {"app": app, "admin": who.admin, "permission_set_id": f"{who.id:08x}-0000-4000-8000-{index:012x}"}
            for index, app in enumerate(apps)
        ],
        "active_flag": True,
        "timezone_name": who.timezone,
        "timezone_offset": who.timezone_offset,
        "role_id": 1,
        "icon_url": None,
        "is_you": who.id == call.user.id,
        "is_deleted": False,
    }


OPERATIONS = (
    Operation("GET", "/users/me", 1, 2, frozenset({"base"}), me),
    Operation("GET", "/users", 1, 20, frozenset({"users:read"}), users),
    Operation("GET", "/users/{id}", 1, 2, frozenset({"users:read"}), user),
    Operation("GET", "/currencies", 1, 20, frozenset({"base"}), currencies, frozenset({"term"})),
)
