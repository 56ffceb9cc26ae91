"""The vendor layer: the SDK that it pins, what its build leaves of it, and the authorities that it cuts out."""

import importlib.util
import re
import ssl
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import boto3
import botocore
import pytest
from botocore.model import StructureShape
from botocore.session import get_session

from tests.contract.apps import FUNCTIONS, Adapter, app
from tests.contract.templates import ROOT, actions_of, statements_of, template_of
from tests.contract.test_permissions import SERVICES

VENDOR = ROOT / "layers/vendor"
BUNDLE = Path(botocore.__file__).with_name("cacert.pem").read_text(encoding="utf-8")
ENVIRONMENT = template_of("template.yaml")["Globals"]["Function"]["Environment"]["Variables"]


def script(name: str) -> ModuleType:
    """One of the layer's scripts, which are no part of any package."""
    spec = importlib.util.spec_from_file_location(name, VENDOR / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def amazon_roots() -> ModuleType:
    return script("amazon_roots")


@pytest.fixture(scope="module")
def sdk_services() -> ModuleType:
    return script("sdk_services")


def common_names(path: Path) -> list[str]:
    """The authorities in the file, as OpenSSL reads them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=path)
    subjects = [dict(part[0] for part in each["subject"]) for each in context.get_ca_certs()]  # type: ignore[misc]
    return sorted(subject.get("commonName") or subject["organizationalUnitName"] for subject in subjects)


def test_the_pinned_bundle_of_botocore_holds_amazons_seven_roots(amazon_roots: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "roots.pem"
    subprocess.run([sys.executable, "amazon_roots.py", str(target)], cwd=VENDOR, check=True)
    assert common_names(target) == [
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Class 2 Certification Authority",
        "Starfield Root Certificate Authority - G2",
        "Starfield Services Root Certificate Authority - G2",
    ]
    assert len(amazon_roots.AMAZON_ROOTS) == 7


@pytest.mark.parametrize("label", ["Amazon Root CA 3", "Starfield Services Root Certificate Authority - G2"])
def test_a_bundle_that_lacks_a_root_is_refused_by_its_name(label: str, amazon_roots: ModuleType) -> None:
    without = re.sub(rf'# Label: "{label}".+?-----END CERTIFICATE-----\n', "", BUNDLE, flags=re.DOTALL)
    assert len(without) < len(BUNDLE)
    with pytest.raises(amazon_roots.RootMissingError, match=label):
        amazon_roots.cut_roots(without)


def test_the_functions_look_where_the_layer_puts_it() -> None:
    (written,) = re.findall(r'amazon_roots\.py "\$\(ARTIFACTS_DIR\)(/\S+)"', (VENDOR / "Makefile").read_text())
    assert f"/opt{written}" == ENVIRONMENT["AWS_CA_BUNDLE"]


def test_the_functions_carry_the_sdk_that_is_tested_here() -> None:
    pinned = dict(re.findall(r"^(boto3|botocore)==(\S+)", (VENDOR / "requirements.txt").read_text(), re.MULTILINE))
    assert pinned == {"boto3": boto3.__version__, "botocore": botocore.__version__}


def test_that_sdk_knows_the_name_of_the_plan_that_made_a_recovery_point() -> None:
    creator = get_session().get_service_model("backup").shape_for("RecoveryPointCreator")
    assert isinstance(creator, StructureShape)
    assert "BackupPlanName" in creator.members


def test_the_layer_keeps_the_models_of_exactly_the_services_that_functions_call(sdk_services: ModuleType) -> None:
    apps = [app(function) for function in FUNCTIONS]
    allowed = {
        action for each in apps for statement in statements_of(each.logical_id) for action in actions_of(statement)
    }
    lent = {action for each in apps for adapter in each.adapters for action in member_actions(adapter)}
    called = {action.partition(":")[0] for action in allowed | lent}
    assert {SERVICES.get(service, service) for service in called} == sdk_services.SERVICES


def member_actions(adapter: Adapter) -> Iterable[str]:
    """What the adapter does in member accounts."""
    module: ModuleType | type = adapter.thing if "MEMBER_ACTIONS" in vars(adapter.thing) else adapter.module
    declared: Iterable[str] = getattr(module, "MEMBER_ACTIONS", ())
    return declared


def test_the_models_of_other_services_are_taken_out_and_what_all_need_is_left(
    sdk_services: ModuleType, tmp_path: Path
) -> None:
    for path in ("boto3/data/ec2", "botocore/data/backup", "botocore/data/braket"):
        (tmp_path / path).mkdir(parents=True)
    (tmp_path / "botocore/data/endpoints.json").touch()
    sdk_services.main(tmp_path)
    assert sorted(path.name for path in (tmp_path / "botocore/data").iterdir()) == ["backup", "endpoints.json"]
    assert not (tmp_path / "boto3/data").exists()
