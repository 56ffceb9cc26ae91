"""What the vendor layer's build cuts out of botocore: the authorities to trust, and the models of the services."""

import json
import re
import runpy
import shutil
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import botocore
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.loaders import Loader
from botocore.session import Session

from tests.contract.templates import APPLICATIONS, ROOT, template_of

VENDOR = ROOT / "layers/vendor"
BOTOCORE = Path(botocore.__file__).parent
BUNDLE = (BOTOCORE / "cacert.pem").read_text(encoding="utf-8")
ROOTS: Final = runpy.run_path(str(VENDOR / "amazon_roots.py"))
MODELS: Final = runpy.run_path(str(VENDOR / "aws_models.py"))
BUNDLES = {
    template_of(path)["Globals"]["Function"]["Environment"]["Variables"]["AWS_CA_BUNDLE"] for path in APPLICATIONS
}


def common_names(path: Path) -> list[str]:
    """The authorities in the file, as OpenSSL reads them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=path)
    subjects = [dict(part[0] for part in each["subject"]) for each in context.get_ca_certs()]  # type: ignore[misc]
    return sorted(subject.get("commonName") or subject["organizationalUnitName"] for subject in subjects)


def test_the_pinned_bundle_of_botocore_holds_amazons_seven_roots(tmp_path: Path) -> None:
    target = tmp_path / "roots.pem"
    subprocess.run(
        [sys.executable, "amazon_roots.py", str(BOTOCORE / "cacert.pem"), str(target)], cwd=VENDOR, check=True
    )
    assert common_names(target) == [
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Class 2 Certification Authority",
        "Starfield Root Certificate Authority - G2",
        "Starfield Services Root Certificate Authority - G2",
    ]
    assert len(ROOTS["AMAZON_ROOTS"]) == 7


@pytest.mark.parametrize("label", ["Amazon Root CA 3", "Starfield Services Root Certificate Authority - G2"])
def test_a_bundle_that_lacks_a_root_is_refused_by_its_name(label: str) -> None:
    without = re.sub(rf'# Label: "{label}".+?-----END CERTIFICATE-----\n', "", BUNDLE, flags=re.DOTALL)
    assert len(without) < len(BUNDLE)
    with pytest.raises(ROOTS["RootMissingError"], match=label):
        ROOTS["cut_roots"](without)


def test_the_functions_look_where_the_layer_puts_it() -> None:
    (written,) = re.findall(r'amazon_roots\.py \S+ "\$\(ARTIFACTS_DIR\)(/\S+)"', (VENDOR / "Makefile").read_text())
    assert {f"/opt{written}"} == BUNDLES


class _SentError(Exception):
    """A request is ready to be sent to that host."""


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Botocore's data as the layer carries it."""
    data = tmp_path_factory.mktemp("botocore") / "data"
    shutil.copytree(BOTOCORE / "data", data)
    MODELS["cut_models"](data)
    return data


def test_the_layer_keeps_no_other_service_and_one_version_of_each(cut: Path) -> None:
    assert {path.name for path in cut.iterdir() if path.is_dir()} == MODELS["SERVICES"]
    assert all(len(list((cut / name).iterdir())) == 1 for name in MODELS["SERVICES"])


@pytest.mark.parametrize("service", sorted(MODELS["SERVICES"]))
def test_a_model_loses_its_documentation_and_nothing_else(service: str, cut: Path) -> None:
    whole, left = (loader(data).load_service_model(service, "service-2") for data in (BOTOCORE / "data", cut))
    assert len(json.dumps(left)) < len(json.dumps(whole)) * 0.7
    assert left == MODELS["undocumented"](whole)


@pytest.mark.parametrize("service", sorted(MODELS["SERVICES"]))
def test_a_client_is_made_of_what_is_left_and_can_be_called(service: str, cut: Path) -> None:
    session = Session()
    session.register_component("data_loader", loader(cut))
    client: Any = session.create_client(
        service, region_name="eu-west-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="none"
    )

    def stop(request: AWSPreparedRequest, **_: Any) -> Any:
        raise _SentError(urlsplit(request.url).hostname)

    client.meta.events.register("before-send", stop)
    with pytest.raises(_SentError, match="amazonaws"):
        client._make_api_call(*least_demanding(client))  # noqa: SLF001 the one way that takes any operation


@pytest.mark.parametrize("kind", ["endpoint-rule-set-1", "paginators-1"])
def test_what_else_a_client_reads_is_still_there(kind: str, cut: Path) -> None:
    whole, left = (loader(data).load_service_model("dynamodb", kind) for data in (BOTOCORE / "data", cut))
    assert left == MODELS["undocumented"](whole)


def test_a_member_that_is_called_documentation_stays() -> None:
    member = {"documentation": {"shape": "Text", "documentation": "What it says."}}
    assert MODELS["undocumented"]({"members": member}) == {
        "members": {"documentation": {"shape": "Text", "documentation": ""}}
    }


def test_a_service_that_botocore_does_not_know_is_refused_by_its_name(tmp_path: Path) -> None:
    for name in MODELS["SERVICES"] - {"backup"}:
        (tmp_path / name).mkdir()
    with pytest.raises(MODELS["ServiceMissingError"], match="knows no backup"):
        MODELS["cut_models"](tmp_path)


def loader(data: Path) -> Loader:
    """Botocore's own, on that folder alone."""
    return Loader(extra_search_paths=[str(data)], include_default_search_paths=False)


def least_demanding(client: Any) -> tuple[str, dict[str, str]]:
    """An operation of the client that demands nothing, or no more than whose or of what it asks."""
    model = client.meta.service_model
    shapes = {name: model.operation_model(name).input_shape for name in model.operation_names}
    demanded = {name: () if shape is None else tuple(shape.required_members) for name, shape in shapes.items()}
    name = min(name for name, members in demanded.items() if members in {(), ("AccountId",), ("ServiceNamespace",)})
    return name, dict.fromkeys(demanded[name], "222222222222")


def test_what_the_layer_carries_knows_the_name_of_the_plan_that_made_a_backup(cut: Path) -> None:
    model = loader(cut).load_service_model("backup", "service-2")
    assert "BackupPlanName" in model["shapes"]["RecoveryPointCreator"]["members"]
