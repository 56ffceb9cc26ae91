"""Settings: of a Region (which types are served) and of the organisation (the cross-account switch)."""

from sandbox.backup_service import events
from sandbox.backup_service.errors import InvalidParameterValueException, InvalidRequestException
from sandbox.backup_service.estate import Caller, Estate, RegionSettings
from sandbox.backup_service.resources.catalogue import SUPPORTED_TYPES
from sandbox.backup_service.surroundings import Document, Place

CROSS_ACCOUNT_BACKUP = "isCrossAccountBackupEnabled"
GLOBAL_DEFAULTS = {
    CROSS_ACCOUNT_BACKUP: "false",
    "isMpaEnabled": "false",
    "isDelegatedAdministratorEnabled": "false",
}


def region_settings(estate: Estate, place: Place) -> RegionSettings:
    """The settings of an account and Region; as in today's new accounts, every type is served and managed fully."""
    if place not in estate.region_settings:
        estate.region_settings[place] = RegionSettings(
            opt_in=dict.fromkeys(SUPPORTED_TYPES, True), management={"DynamoDB": True, "EFS": True}
        )
    return estate.region_settings[place]


def is_cross_account_enabled(estate: Estate) -> bool:
    """Whether the management account lets backups leave their account."""
    return estate.global_settings.get(CROSS_ACCOUNT_BACKUP, "false") == "true"


def is_approval_enabled(estate: Estate) -> bool:
    """Whether the management account has opted in to approval by teams."""
    return estate.global_settings.get("isMpaEnabled", "false") == "true"


def describe_region_settings(estate: Estate, caller: Caller, _request: Document) -> Document:
    """DescribeRegionSettings."""
    settings = region_settings(estate, caller.place)
    return {
        "ResourceTypeOptInPreference": dict(settings.opt_in),
        "ResourceTypeManagementPreference": dict(settings.management),
    }


def update_region_settings(estate: Estate, caller: Caller, request: Document) -> Document:
    """UpdateRegionSettings."""
    opt_in = request.get("ResourceTypeOptInPreference") or {}
    management = request.get("ResourceTypeManagementPreference") or {}
    unknown = sorted((set(opt_in) - set(SUPPORTED_TYPES)) | (set(management) - {"DynamoDB", "EFS"}))
    if unknown:
        raise InvalidParameterValueException(f"Unsupported resource type: {', '.join(unknown)}")
    settings = region_settings(estate, caller.place)
    settings.opt_in.update(opt_in)
    settings.management.update(management)
    events.publish(estate, events.region_setting_event(caller.place, opt_in, estate.now()))
    return {}


def describe_global_settings(estate: Estate, caller: Caller, _request: Document) -> Document:
    """DescribeGlobalSettings: for every account of the organisation."""
    if estate.surroundings.organization.path_of(caller.place.account) is None:
        raise InvalidRequestException("The account is not a member of an organization")
    return {
        "GlobalSettings": GLOBAL_DEFAULTS | estate.global_settings,
        "LastUpdateTime": estate.global_settings_updated,
    }


def update_global_settings(estate: Estate, caller: Caller, request: Document) -> Document:
    """UpdateGlobalSettings: for the management account alone."""
    if caller.place.account != estate.surroundings.organization.management_account:
        raise InvalidRequestException("Only the management account can update the global settings")
    wanted = {str(name): str(value) for name, value in (request.get("GlobalSettings") or {}).items()}
    for name, value in wanted.items():
        if name not in GLOBAL_DEFAULTS or value not in ("true", "false"):
            raise InvalidParameterValueException(f"Invalid global setting {name}={value}")
    estate.global_settings.update(wanted)
    estate.global_settings_updated = estate.now()
    return {}


def get_supported_resource_types(_estate: Estate, _caller: Caller, _request: Document) -> Document:
    """GetSupportedResourceTypes."""
    return {"ResourceTypes": list(SUPPORTED_TYPES)}


OPERATIONS = {
    "DescribeRegionSettings": describe_region_settings,
    "UpdateRegionSettings": update_region_settings,
    "DescribeGlobalSettings": describe_global_settings,
    "UpdateGlobalSettings": update_global_settings,
    "GetSupportedResourceTypes": get_supported_resource_types,
}
