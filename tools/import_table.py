"""Who may import whom, drawn from the import contracts in `pyproject.toml`."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

BEGIN: Final = "<!-- Written by `make reference` from the import contracts in pyproject.toml; change them there. -->"
END: Final = "<!-- Here ends what is written by `make reference`. -->"
_PRODUCT: Final = "strongroom"

type Contract = dict[str, Any]


def read_contracts(pyproject: Path) -> list[Contract]:
    """The import contracts, as the file has them."""
    tools = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]
    contracts: list[Contract] = tools["importlinter"]["contracts"]
    return contracts


def render_imports(contracts: Sequence[Contract]) -> str:
    """A table with a row for each floor, highest first; below it the contracts that are about no single floor."""
    heights = _heights(contracts)
    rows = [
        f"| `{floor}/` | {_names(_allowed(floor, heights, contracts))} | {_names(_forbidden(floor, contracts))} |"
        for floor in heights
    ]
    others = [f"* {each['name']}." for each in contracts if each["type"] != "layers" and _floor_of(each) not in heights]
    return "\n".join(("| floor | may import | never imports |", "|---|---|---|", *rows, "", *others))


def embed(page: str, block: str, begin: str = BEGIN) -> str:
    """The page with the block between its two marks."""
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(END)
    return f"{before}{begin}\n\n{block}\n\n{END}{after}"


def _heights(contracts: Sequence[Contract]) -> dict[str, int]:
    """Each floor with its height; floors of one height stand beside each other and know nothing of each other."""
    [layers] = (each["layers"] for each in contracts if each["type"] == "layers")
    return {floor.strip(): len(layers) - number for number, beside in enumerate(layers) for floor in beside.split("|")}


def _floor_of(contract: Contract) -> str:
    """The one floor that the contract forbids something; empty where it is about more, or about something else."""
    modules = contract.get("source_modules", ())
    return str(modules[0]).removeprefix(f"{_PRODUCT}.") if len(modules) == 1 else ""


def _allowed(floor: str, heights: dict[str, int], contracts: Sequence[Contract]) -> Iterator[str]:
    forbidden = set(_forbidden(floor, contracts))
    return (below for below in heights if heights[below] < heights[floor] and below not in forbidden)


def _forbidden(floor: str, contracts: Sequence[Contract]) -> Iterator[str]:
    for contract in contracts:
        if contract["type"] == "forbidden" and _floor_of(contract) == floor:
            yield from (module.removeprefix(f"{_PRODUCT}.") for module in contract["forbidden_modules"])


def _names(modules: Iterator[str]) -> str:
    return ", ".join(f"`{module}`" for module in modules) or "—"
