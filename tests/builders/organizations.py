"""Organisations as others have them, told in the words of the intent file; what they leave out is the example's."""

from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from strongroom.domain.intent.model import Intent
from strongroom_cli.intent.schema import as_fields

_EXAMPLE: Final = Path(__file__).parents[2] / "strongroom.yaml"
_SPECIAL: Final = {
    "management_account": "111111111111",
    "backup_account": "999999999999",
    "audit_account": "888888888888",
}

NESTED: Final = """
organization:
  id: o-moj1000000
  root_id: r-moj1
  home_region: eu-west-2
  units: {OPG: ou-moj1-opg00001, OPG/Sirius: ou-moj1-sirius01, HMPPS: ou-moj1-hmpps001, Closed: ou-moj1-closed01}
vaults:
  local: {name: everything, lock: {min_retention_days: 30, max_retention_days: 60, changeable_for_days: 3}}
  central: {name: moj-central, lock: {min_retention_days: 30, max_retention_days: 2560, changeable_for_days: 30}}
tiers:
  production:
    tag: {is-production: "true"}
    unless: {backup: "false"}
    schedule: daily 00:30
    keep: {local: 30, central: 90}
  on-request: {tag: {backup: "true"}, unless: {is-production: "true"}, schedule: daily 00:30, keep: {local: 30}}
  case-records: {tag: {retention: 7y}, schedule: daily 03:00, keep: {local: 35, central: 2555}}
targets:
  - {root: true, except: [Closed], tiers: [production, on-request], default_tier: none}
  - {unit: OPG/Sirius, tiers: [production, on-request, case-records], default_tier: case-records}
guardrails: {tag_keys: [retention]}
"""
CONTROL_TOWER: Final = """
organization:
  id: o-ctw1000000
  root_id: r-ctw1
  backup_account: "222222222222"
  home_region: eu-central-1
  governed_regions: [eu-central-1, eu-west-1]
  units: {Workloads: ou-ctw1-work0001, Sandbox: ou-ctw1-sand0001}
vaults:
  local: {name: strongroom-local}
  central:
    name: strongroom-central
    account: "444444444444"
    region: same
    lock: {min_retention_days: 30, max_retention_days: 400, changeable_for_days: 30}
tiers:
  hourly: {tag: {aws-control-tower-backuphourly: "true"}, schedule: hourly :30, keep: {local: 14}}
  daily: {tag: {aws-control-tower-backupdaily: "true"}, schedule: daily 02:00, keep: {local: 14, central: 30}}
  weekly: {tag: {aws-control-tower-backupweekly: "true"}, schedule: weekly sun 03:00, keep: {local: 30, central: 90}}
  monthly: {tag: {aws-control-tower-backupmonthly: "true"}, schedule: monthly 1 04:00, keep: {local: 90, central: 90}}
targets:
  - {unit: Workloads, tiers: [hourly, daily, weekly, monthly], default_tier: daily}
  - {unit: Sandbox, tiers: [daily], default_tier: none}
guardrails: {landing_zone: [control-tower]}
"""


def an_organization(text: str, **sections: Any) -> Intent:
    """The organisation of this YAML, its sections replaced by those that are given."""
    example: dict[str, Any] = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))
    told: dict[str, Any] = yaml.safe_load(text) | sections
    organization = _SPECIAL | told.pop("organization")
    return msgspec.convert(as_fields(example | told | {"organization": organization}), Intent)
