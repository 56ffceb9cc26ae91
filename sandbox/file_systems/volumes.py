"""Volumes of FSx for ONTAP in one account and Region, in the virtual machines of its file systems.

Sources: Amazon FSx API Reference, CreateStorageVirtualMachine, CreateVolume and DescribeVolumes. That a virtual machine
has one volume of a name, and one at a junction, neither of them minding the case of letters: ONTAP 9, "Volume and
junction path". The words of these refusals are a guess.
"""

import time
import uuid
from dataclasses import dataclass, field
from typing import Final

from sandbox.file_systems.errors import Document, FileSystemError

KIND: Final = "ONTAP"
CONFIGURATION: Final = "OntapConfiguration"
_NEEDED: Final = ("SizeInMegabytes", "StorageVirtualMachineId")
_FILTERS: Final = {"file-system-id": "FileSystemId"}
_OF_MACHINE: Final = "storage-virtual-machine-id"


@dataclass(slots=True)
class Volumes:
    """The virtual machines and volumes of one account in one Region, by their ids."""

    account: str
    region: str
    machines: dict[str, Document] = field(default_factory=dict)
    volumes: dict[str, Document] = field(default_factory=dict)

    def create_machine(self, request: Document, *, file_system: Document) -> Document:
        """CreateStorageVirtualMachine in a file system, which must be one of ONTAP."""
        if file_system["FileSystemType"] != KIND:
            raise FileSystemError("BadRequest", "Storage virtual machines lie in file systems of ONTAP.")
        identifier = f"svm-{uuid.uuid4().hex[:17]}"
        self.machines[identifier] = made = {
            "CreationTime": time.time(),
            "FileSystemId": file_system["FileSystemId"],
            "Lifecycle": "CREATED",
            "Name": request["Name"],
            "ResourceARN": self._arn("storage-virtual-machine", file_system["FileSystemId"], identifier),
            "StorageVirtualMachineId": identifier,
        }
        return {"StorageVirtualMachine": made}

    def describe_machines(self, request: Document) -> Document:
        """DescribeStorageVirtualMachines: those that are named, or all."""
        wanted = request.get("StorageVirtualMachineIds")
        found = [self._machine(each) for each in wanted] if wanted else list(self.machines.values())
        return {"StorageVirtualMachines": found}

    def create(self, request: Document) -> Document:
        """CreateVolume, of ONTAP alone."""
        configuration = dict(request.get(CONFIGURATION) or {})
        if request.get("VolumeType") != KIND:
            raise FileSystemError("BadRequest", f"Volumes of {request.get('VolumeType')} are not played here")
        if missing := [name for name in _NEEDED if configuration.get(name) in (None, "")]:
            raise FileSystemError("MissingVolumeConfiguration", f"{CONFIGURATION} needs {', '.join(missing)}")
        machine = self._machine(configuration["StorageVirtualMachineId"])
        self._demand_free(machine, name=request["Name"], junction=configuration.get("JunctionPath"))
        identifier = f"fsvol-{uuid.uuid4().hex[:17]}"
        self.volumes[identifier] = made = {
            "CreationTime": time.time(),
            "FileSystemId": machine["FileSystemId"],
            "Lifecycle": "CREATED",
            "Name": request["Name"],
            CONFIGURATION: {"OntapVolumeType": "RW", **configuration},
            "ResourceARN": self._arn("volume", machine["FileSystemId"], identifier),
            "Tags": [dict(tag) for tag in request.get("Tags") or []],
            "VolumeId": identifier,
            "VolumeType": KIND,
        }
        return {"Volume": made}

    def describe(self, request: Document) -> Document:
        """DescribeVolumes: those that are named, or those that every filter lets through."""
        if wanted := request.get("VolumeIds"):
            return {"Volumes": [self._volume(each) for each in wanted]}
        filters = request.get("Filters") or []
        return {"Volumes": [each for each in self.volumes.values() if all(_lets(given, each) for given in filters)]}

    def delete(self, request: Document) -> Document:
        """DeleteVolume."""
        del self.volumes[self._volume(request["VolumeId"])["VolumeId"]]
        return {"VolumeId": request["VolumeId"], "Lifecycle": "DELETING"}

    def _demand_free(self, machine: Document, *, name: str, junction: str | None) -> None:
        if junction is not None and not junction.startswith("/"):
            raise FileSystemError("BadRequest", f"Junction path {junction} must begin with a slash.")
        for each in self.volumes.values():
            told = each[CONFIGURATION]
            if told["StorageVirtualMachineId"] != machine["StorageVirtualMachineId"]:
                continue
            if each["Name"].casefold() == name.casefold():
                raise FileSystemError("BadRequest", f"Volume name {name} is taken in its storage virtual machine.")
            if junction and _folded(told.get("JunctionPath") or "") == _folded(junction):
                raise FileSystemError("BadRequest", f"Junction path {junction} is taken by {each['VolumeId']}.")

    def _machine(self, identifier: str) -> Document:
        if identifier not in self.machines:
            raise FileSystemError(
                "StorageVirtualMachineNotFound", f"Storage virtual machine '{identifier}' does not exist."
            )
        return self.machines[identifier]

    def _volume(self, identifier: str) -> Document:
        if identifier not in self.volumes:
            raise FileSystemError("VolumeNotFound", f"Volume '{identifier}' does not exist.")
        return self.volumes[identifier]

    def _arn(self, kind: str, file_system: str, identifier: str) -> str:
        return f"arn:aws:fsx:{self.region}:{self.account}:{kind}/{file_system}/{identifier}"


def _lets(given: Document, volume: Document) -> bool:
    name, values = given["Name"], given["Values"]
    if name == _OF_MACHINE:
        return volume[CONFIGURATION]["StorageVirtualMachineId"] in values
    if name not in _FILTERS:
        raise FileSystemError("BadRequest", f"Volumes are not filtered by {name}.")
    return volume[_FILTERS[name]] in values


def _folded(junction: str) -> str:
    return junction.rstrip("/").casefold()
