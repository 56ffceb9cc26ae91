"""Tags of vaults, recovery points and plans."""

from sandbox.backup_service.errors import ResourceNotFoundException
from sandbox.backup_service.estate import Caller, Estate
from sandbox.backup_service.surroundings import Document


def _tags_of(estate: Estate, caller: Caller, arn: str) -> dict[str, str]:
    for (place, _), vault in estate.vaults.items():
        if place == caller.place and vault.arn == arn:
            return vault.tags
    point = estate.recovery_points.get(arn)
    if point is not None and point.vault.place == caller.place:
        return point.tags
    for (place, _), plan in estate.plans.items():
        if place == caller.place and plan["BackupPlanArn"] == arn:
            tags: dict[str, str] = plan["Tags"]
            return tags
    raise ResourceNotFoundException(f"The resource {arn} does not exist")


def list_tags(estate: Estate, caller: Caller, request: Document) -> Document:
    """ListTags."""
    return {"Tags": dict(_tags_of(estate, caller, request["ResourceArn"]))}


def tag_resource(estate: Estate, caller: Caller, request: Document) -> Document:
    """TagResource."""
    _tags_of(estate, caller, request["ResourceArn"]).update(request["Tags"])
    return {}


def untag_resource(estate: Estate, caller: Caller, request: Document) -> Document:
    """UntagResource."""
    tags = _tags_of(estate, caller, request["ResourceArn"])
    for key in request["TagKeyList"]:
        tags.pop(key, None)
    return {}


OPERATIONS = {"ListTags": list_tags, "TagResource": tag_resource, "UntagResource": untag_resource}
