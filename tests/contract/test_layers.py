"""The file of certificate authorities that AWS's clients trust, as the vendor layer's build cuts it."""

import importlib.util
import re
import ssl
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import botocore
import pytest

from tests.contract.templates import ROOT, template_of

VENDOR = ROOT / "layers/vendor"
BUNDLE = Path(botocore.__file__).with_name("cacert.pem").read_text(encoding="utf-8")
ENVIRONMENT = template_of("template.yaml")["Globals"]["Function"]["Environment"]["Variables"]


@pytest.fixture(scope="module")
def amazon_roots() -> ModuleType:
    """The layer's script, which is no part of any package."""
    spec = importlib.util.spec_from_file_location("amazon_roots", VENDOR / "amazon_roots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
