"""MiniStack still has the lists and texts that `sandbox/seams/answers.py` mends, as it left them."""

import importlib
import inspect

import pytest

from sandbox.seams.answers import CUT, UNESCAPED


@pytest.mark.parametrize(("service", "name", "limit"), CUT, ids=[name for _, name, _ in CUT])
def test_a_list_that_is_cut_reads_its_limit_from_one_argument(service: str, name: str, limit: str) -> None:
    function = getattr(importlib.import_module(f"ministack.services.{service}"), name)
    assert len(inspect.signature(function).parameters) == 1
    source = inspect.getsource(function)
    assert f'.get("{limit}"' in source or f'_qp_first(query_params, "{limit}"' in source


def test_a_role_is_written_by_its_name_out_of_its_record() -> None:
    iam = importlib.import_module("ministack.services.iam")
    assert list(inspect.signature(iam._role_xml).parameters) == ["name", "boundary"]  # noqa: SLF001
    assert type(iam._roles).__name__ == "AccountScopedDict"  # noqa: SLF001
    assert all(f'"{key}"' in inspect.getsource(iam) for key in UNESCAPED)


def test_an_access_point_without_a_user_is_told_with_an_empty_one() -> None:
    efs = importlib.import_module("ministack.services.efs")
    assert list(inspect.signature(efs._json).parameters) == ["status", "data"]  # noqa: SLF001
    assert '"PosixUser": body.get("PosixUser", {})' in inspect.getsource(efs._create_access_point)  # noqa: SLF001
