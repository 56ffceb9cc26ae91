"""Tags of vaults, recovery points and plans."""

from sandbox.backup_service.errors import InvalidParameterValueException, ResourceNotFoundException
from sandbox.backup_service.estate import Caller, Estate
from sandbox.backup_service.surroundings import Document

_OWN = "arn:aws:backup:"


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
    """ListTags: refuses whatever has not an ARN of AWS Backup's own, whose tags lie on its snapshot.

    API reference, ListTags: for an ARN other than `arn:aws:backup` "it may return one of the exceptions listed below".
    """
    arn = request["ResourceArn"]
    if not arn.startswith(_OWN):
        raise InvalidParameterValueException(f"The resource {arn} is not supported by ListTags")
    return {"Tags": dict(_tags_of(estate, caller, arn))}


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
