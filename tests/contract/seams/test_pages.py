"""MiniStack still has the lists that `sandbox/seams/pages.py` makes whole, each with its limit."""

import importlib
import inspect

import pytest

from sandbox.seams.pages import CUT


@pytest.mark.parametrize(("service", "name", "limit"), CUT, ids=[name for _, name, _ in CUT])
def test_a_list_that_is_cut_reads_its_limit_from_one_argument(service: str, name: str, limit: str) -> None:
    function = getattr(importlib.import_module(f"ministack.services.{service}"), name)
    assert len(inspect.signature(function).parameters) == 1
    assert f'.get("{limit}"' in inspect.getsource(function)
