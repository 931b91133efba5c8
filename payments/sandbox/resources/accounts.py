"""Connected accounts and the links that lead to their hosted onboarding."""

from typing import Any

from payments.sandbox.errors import ApiError, malformed, out_of_reach
from payments.sandbox.onboarding import CURRENCY_OF, FIRST_NEEDS, capability, put_requirements
from payments.sandbox.resources.customers import merged
from payments.sandbox.routes import Call, Route, listing
from payments.sandbox.store import Thing
from payments.sandbox.world import PLATFORM

LINK_SECONDS = 300
_CONTROLLER = {
    ("fees", "payer"): "account",
    ("losses", "payments"): "stripe",
    ("stripe_dashboard", "type"): "full",
}


def create(call: Call) -> Thing:
    world, params = call.world, call.params
    country = (params.get("country") or "US").upper()
    if country not in CURRENCY_OF:
        raise ApiError(f"{country[:10]} is not currently supported by Stripe.", code="country_unsupported",
                       param="country")  # fmt: skip
    if "type" in params and "controller" in params:
        raise malformed("You may not provide the `type` parameter and `controller` parameters simultaneously.", "type")
    account_id = world.new_id("acct").replace("acct_", "acct_1")[:21]
    account: Thing = {
        "id": account_id,
        "object": "account",
        "business_profile": _profile(params),
        "business_type": params.get("business_type"),
        "capabilities": _capabilities(call),
        "charges_enabled": False,
        "controller": _controller(params),
        "country": country,
        "created": world.now(),
        "default_currency": (params.get("default_currency") or CURRENCY_OF[country]).lower(),
        "details_submitted": False,
        "email": params.get("email"),
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/accounts/{account_id}/external_accounts",
        },
        "metadata": call.metadata(),
        "payouts_enabled": False,
        "settings": _settings(params),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": params.get("type", "none"),
    }
    put_requirements(account, FIRST_NEEDS, reason="requirements.past_due")
    world.store.put("account", PLATFORM, account)
    return account


def _controller(params: dict[str, Any]) -> Thing:
    asked = params.get("controller") or {}
    chosen: Thing = {
        "is_controller": True,
        "requirement_collection": asked.get("requirement_collection", "stripe"),
        "type": "application",
    }
    for (group, name), default in _CONTROLLER.items():
        chosen[group] = {name: (asked.get(group) or {}).get(name, default)}
    if chosen["losses"]["payments"] == "stripe" and chosen["stripe_dashboard"]["type"] == "express":
        raise malformed("With an Express dashboard the platform is liable for losses: set "
                        "controller[losses][payments]=application.", "controller")  # fmt: skip
    return chosen


def _capabilities(call: Call) -> dict[str, str]:
    asked: dict[str, Any] = call.params.get("capabilities") or {}
    return {name: "inactive" for name, wish in asked.items() if wish and wish.get("requested")}


def _profile(params: dict[str, Any]) -> Thing:
    nothing = ("annual_revenue", "estimated_worker_count", "mcc", "minority_owned_business_designation", "name",
               "product_description", "specified_commercial_transactions_act_url", "support_address",
               "support_email", "support_phone", "support_url", "url")  # fmt: skip
    return {**dict.fromkeys(nothing), **(params.get("business_profile") or {})}


def _settings(params: dict[str, Any]) -> Thing:
    schedule = {"delay_days": 2, "interval": "daily", **_schedule(params)}
    texts = dict.fromkeys(("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji"))
    brand = dict.fromkeys(("icon", "logo", "primary_color", "secondary_color"))
    prefixes = dict.fromkeys(("statement_descriptor_prefix", "statement_descriptor_prefix_kana",
                              "statement_descriptor_prefix_kanji"))  # fmt: skip
    return {
        "branding": brand,
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {"decline_on": {"avs_failure": False, "cvc_failure": False}, **prefixes},
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "always"},
        "payments": texts,
        "payouts": {"debit_negative_balances": False, "schedule": schedule, "statement_descriptor": None},
        "sepa_debit_payments": {},
    }


def _schedule(params: dict[str, Any]) -> Thing:
    asked = ((params.get("settings") or {}).get("payouts") or {}).get("schedule") or {}
    return {name: 2 if value == "minimum" else value for name, value in asked.items()}


def update(call: Call) -> Thing:
    world = call.world
    account = retrieve(call)
    account["metadata"] = merged(account["metadata"], call)
    for name in ("email", "business_type"):
        account[name] = call.params.get(name, account[name])
    account["business_profile"].update(call.params.get("business_profile") or {})
    account["settings"]["payouts"]["schedule"].update(_schedule(call.params))
    for name, status in _capabilities(call).items():
        account["capabilities"].setdefault(name, "active" if account["details_submitted"] else status)
    world.save(account)
    world.emit("account.updated", account, account["id"])
    return account


def retrieve(call: Call) -> Thing:
    account = call.world.get("account", call.ids[0], PLATFORM)
    if account.get("_gone"):
        raise out_of_reach(account["id"])
    return account


def capabilities(call: Call) -> Thing:
    account = retrieve(call)
    rows = [capability(account, name) for name in sorted(account["capabilities"])]
    return {"object": "list", "url": call.path, "has_more": False, "data": rows}


def one_capability(call: Call) -> Thing:
    account, name = retrieve(call), call.ids[1]
    if name not in account["capabilities"]:
        raise ApiError(f"No such capability: '{name[:40]}'", code="resource_missing", param="capability", status=404)
    return capability(account, name)


def external_accounts(call: Call) -> Thing:
    kind = call.params.get("object", "bank_account")
    rows = [bank for bank in retrieve(call)["external_accounts"]["data"] if bank["object"] == kind]
    return {"object": "list", "url": call.path, "has_more": False, "data": rows}


def one_external_account(call: Call) -> Thing:
    for bank in retrieve(call)["external_accounts"]["data"]:
        if bank["id"] == call.ids[1]:
            found: Thing = bank
            return found
    raise ApiError(f"No such external account: '{call.ids[1][:40]}'", code="resource_missing", param="id", status=404)


def myself(call: Call) -> Thing:
    """The account that the request acts as; the platform itself without a ``Stripe-Account``."""
    if call.account:
        return call.world.get("account", call.account, PLATFORM)
    return {"id": "acct_1SandboxPlatform00", "object": "account", "country": "US", "default_currency": "usd",
            "charges_enabled": True, "payouts_enabled": True, "details_submitted": True, "metadata": {},
            "type": "standard"}  # fmt: skip


def create_link(call: Call) -> Thing:
    world, params = call.world, call.params
    account = world.get("account", params["account"], PLATFORM, param="account")
    for name in ("refresh_url", "return_url"):
        if not str(call.need(name)).startswith(("http://", "https://")):
            raise malformed("Not a valid URL", name, "url_invalid")
    token = world.new_id("link").removeprefix("link_")
    link: Thing = {
        "object": "account_link",
        "created": world.now(),
        "expires_at": world.now() + LINK_SECONDS,
        "url": f"{world.config.url}/setup/{account['id']}/{token}",
    }
    secret = {"id": f"link_{token}", "_account": account["id"], "_used": False}
    world.store.put("account_link", PLATFORM, {**link, **secret, "_return": params["return_url"],
                                               "_refresh": params["refresh_url"]})  # fmt: skip
    return link


ROUTES = (
    Route("POST", "/v1/accounts", "account_create", create),
    Route("GET", "/v1/accounts", "account_list", listing("account")),
    Route("GET", "/v1/account", "account_retrieve_current", myself),
    Route("GET", "/v1/accounts/{account}", "account_retrieve", retrieve),
    Route("POST", "/v1/accounts/{account}", "account_update", update),
    Route("GET", "/v1/accounts/{account}/capabilities", "account_capability_list", capabilities),
    Route("GET", "/v1/accounts/{account}/capabilities/{capability}", "account_capability_retrieve", one_capability),
    Route("GET", "/v1/accounts/{account}/external_accounts", "account_external_account_list", external_accounts),
    Route("GET", "/v1/accounts/{account}/external_accounts/{id}", "account_external_account_retrieve",
          one_external_account),
    Route("POST", "/v1/account_links", "account_link_create", create_link),
)  # fmt: skip
