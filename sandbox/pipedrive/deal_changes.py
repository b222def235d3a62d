"""What a PATCH may do to a deal, and the trap in it."""

from collections.abc import Callable, Mapping

from sandbox.pipedrive import envelope, shown, values
from sandbox.pipedrive.call import Call
from sandbox.pipedrive.model import DEALS, Company, Document

VISIBLE_TO = (1, 3, 5, 7)


def change(call: Call, deal: Document, sent: Mapping[str, object]) -> None:
    """Check all of `sent`, then apply it. Raises Refusal and changes nothing when any part is wrong."""
    checks = _checks(call.company)
    if unknown := sorted(set(sent) - set(checks)):
        raise envelope.not_allowed(unknown)
    problems = {name: f"Parameter '{name}' {wrong}" for name, value in sent.items() if (wrong := checks[name](value))}
    problems |= _custom_problems(call, sent.get("custom_fields", {}))
    if problems:
        raise envelope.invalid(problems)
    _refuse_closed(deal, sent)
    if "value" in sent:
        _value_trap(call, deal, sent)
    custom = shown.custom_fields_of(call, DEALS)
    written = sent.get("custom_fields")
    if isinstance(written, dict):
        deal["custom_fields"].update({key: values.stored(custom[key], value) for key, value in written.items()})
    deal.update({name: value for name, value in sent.items() if name != "custom_fields"})
    if sent.get("status") in ("won", "lost"):
        deal["close_time"] = deal[f"{sent['status']}_time"] = call.stamp()
    if deal["is_archived"] and not deal["archive_time"]:
        deal["archive_time"] = call.stamp()
    deal["update_time"] = call.stamp()


def _refuse_closed(deal: Document, sent: Mapping[str, object]) -> None:
    """A deleted deal is gone for writers and an archived one is read-only, unless this call brings it back.

    Neither is documented for v2: this is the stricter reading.
    """
    if deal["is_deleted"] and sent.get("is_deleted") is not False:
        raise envelope.not_found()
    if deal["is_archived"] and sent.get("is_archived") is not False:
        raise envelope.invalid({"id": "Archived deals cannot be updated"})


def _value_trap(call: Call, deal: Document, sent: Mapping[str, object]) -> None:
    """`value` in a PATCH resets other fields (client-nodejs#626 does not say which: here every custom field not sent).

    A deal with products takes its value from them; writing it is refused (pipedrive-dotnet#105).
    """
    if call.company.lines.get(deal["id"]):
        raise envelope.invalid({"value": "Parameter 'value' cannot be changed while products are attached"})
    call.warnings.append(f"PATCH of deal {deal['id']} sent `value`: other fields were reset")
    deal["custom_fields"] = {}
    for name in ("probability", "expected_close_date"):
        if name not in sent:
            deal[name] = None


def _custom_problems(call: Call, sent: object) -> dict[str, str]:
    if not isinstance(sent, dict):
        return {}
    known = shown.custom_fields_of(call, DEALS)
    problems = {}
    for key, value in sent.items():
        if key not in known:
            problems[f"custom_fields.{key}"] = f"Parameter '{key}' is not allowed for this request"
        elif wrong := values.problem(call.company, known[key], value):
            problems[f"custom_fields.{key}"] = f"Parameter '{key}' {wrong}"
    return problems


def _checks(company: Company) -> dict[str, Callable[[object], str | None]]:
    """Each writable field with its check; a check answers why not, or None."""
    return {
        "title": lambda value: _unless(isinstance(value, str) and value.strip() != "", "must be a non-empty string"),
        "owner_id": lambda value: _unless(_known(value, company.users), "must be the id of a user"),
        "person_id": lambda value: _unless(_known(value, company.persons), "must be the id of a person"),
        "org_id": lambda value: _unless(_known(value, company.organizations), "must be the id of an organization"),
        "pipeline_id": lambda value: _unless(values.is_whole(value), "must be an integer"),
        "stage_id": lambda value: _unless(values.is_whole(value), "must be an integer"),
        "value": lambda value: _unless(values.is_number(value), "must be a number"),
        "currency": lambda value: _unless(
            value in {row["code"] for row in company.currencies}, "must be a currency of the company"
        ),
        "is_deleted": lambda value: _unless(isinstance(value, bool), "must be a boolean"),
        "is_archived": lambda value: _unless(isinstance(value, bool), "must be a boolean"),
        "archive_time": lambda value: _unless(isinstance(value, str), "must be a string"),
        "status": lambda value: _unless(value in ("open", "won", "lost"), "must be one of open, won, lost"),
        "probability": lambda value: _unless(value is None or values.is_number(value), "must be a number"),
        "lost_reason": lambda value: _unless(value is None or isinstance(value, str), "must be a string"),
        "visible_to": lambda value: _unless(values.is_whole(value) and value in VISIBLE_TO, "must be 1, 3, 5 or 7"),
        "close_time": lambda value: _unless(value is None or isinstance(value, str), "must be a string"),
        "won_time": lambda value: _unless(isinstance(value, str), "must be a string"),
        "lost_time": lambda value: _unless(isinstance(value, str), "must be a string"),
        "expected_close_date": lambda value: _unless(values.is_date(value), "must be a date"),
        "label_ids": lambda value: _unless(
            isinstance(value, list) and all(map(values.is_whole, value)), "must be a list of integers"
        ),
        "custom_fields": lambda value: _unless(isinstance(value, dict), "must be an object"),
    }


def _known(value: object, documents: Mapping[int, object]) -> bool:
    return values.is_whole(value) and value in documents


def _unless(fine: bool, sentence: str) -> str | None:  # noqa: FBT001  one truth, one sentence
    return None if fine else sentence
