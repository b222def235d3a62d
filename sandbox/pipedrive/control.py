"""Control routes of the sandbox: `/_control/…`, JSON, unguarded. They are no part of Pipedrive and count as no call."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.faults import Fault
from sandbox.pipedrive.model import Company
from sandbox.wire import Request, Response

if TYPE_CHECKING:
    from sandbox.pipedrive.simulator import Pipedrive


def answer(simulator: "Pipedrive", request: Request) -> Response:
    """Answer one control call: 404 for what is not there, 400 for what cannot be read."""
    route = f"{request.method} {request.path.removeprefix('/_control/')}"
    try:
        return Response.of_json(_route(simulator, route, request))
    except KeyError as error:
        return Response.of_json({"error": f"not there: {error.args[0]}"}, 404)
    except (ValueError, TypeError) as error:
        return Response.of_json({"error": str(error)}, 400)


def _route(simulator: "Pipedrive", route: str, request: Request) -> object:
    match route:
        case "GET state":
            return _state(simulator)
        case "GET calls":
            return {"calls": list(simulator.faults.calls)}
        case "GET deals":
            return {"deals": [row for company in simulator.companies.values() for row in _deals(company)]}
        case "GET users":
            return {"users": [row for company in simulator.companies.values() for row in _users(company)]}
        case "GET token":
            who = (int(request.param("company_id") or 0), int(request.param("user_id") or 0))
            simulator.companies[who[0]].users[who[1]]
            return {"token": simulator.signed_token(*who)}
        case _ if request.method == "POST":
            return _change(simulator, route, request.json() if request.body else {})
        case _:
            raise KeyError(route)


def _change(simulator: "Pipedrive", route: str, sent: Mapping[str, Any]) -> object:
    match route:
        case "POST delete_field":
            simulator.delete_field(sent["entity"], sent["field_code"])
        case "POST edit_deal":
            return simulator.edit_deal(int(sent["deal_id"]), sent["fields"])
        case "POST merge":
            simulator.merge(int(sent["company_id"]), sent["entity"], int(sent["loser"]), int(sent["winner"]))
        case "POST expire_access":
            simulator.expire_access(int(sent["company_id"]), int(sent["user_id"]))
        case "POST uninstall":
            notice = simulator.uninstall(int(sent["company_id"]), int(sent["user_id"]))
            return _notice(notice)
        case "POST share":
            return _notice(simulator.share(int(sent["company_id"]), int(sent["user_id"]), bool(sent["is_shared"])))
        case "POST fault":
            simulator.faults.add(Fault(**sent))
        case "POST settle":
            simulator.faults.settle()
        case _:
            raise KeyError(route)
    return {"done": True}


def _state(simulator: "Pipedrive") -> object:
    return {
        "companies": {
            str(company.id): {
                "name": company.name,
                "deals": len(company.deals),
                "notes": len(company.notes),
                "files": len(company.files),
                "webhooks": len(company.webhooks),
                "installed_users": sorted(user for where, user in simulator.grants.grants if where == company.id),
            }
            for company in simulator.companies.values()
        },
        "calls": len(simulator.faults.calls),
        "warnings": list(simulator.warnings),
    }


def _deals(company: Company) -> list[dict[str, object]]:
    names = {number: row["name"] for number, row in company.organizations.items()}
    kept = ("id", "title", "value", "currency", "status", "is_deleted", "is_archived")
    return [
        {**{name: deal[name] for name in kept}, "company_id": company.id, "organization": names.get(deal["org_id"])}
        for deal in company.deals.values()
    ]


def _users(company: Company) -> list[dict[str, object]]:
    return [
        {
            "company_id": company.id,
            "company_name": company.name,
            "company_domain": company.domain,
            "user_id": user.id,
            "name": user.name,
            "admin": user.admin,
            "language": user.language,
        }
        for user in company.users.values()
    ]


def _notice(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "path": request.path,
        "headers": dict(request.headers),
        "body": request.body.decode(),
    }
