"""What is seen of each resource type, tagged and copied, and how that is known, for `docs/reference/coverage.md`."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from strongroom.domain.catalogue.facets.creations import Creation, Evidence
from strongroom.domain.catalogue.model import Reach, ResourceType
from strongroom.domain.catalogue.rows import ROWS, TYPES

BEGIN: Final = "<!-- Written by `make reference` from domain/catalogue; change it there. -->"
_MARKS: Final = {
    Evidence.RECORDED: "recorded",
    Evidence.PUBLISHED: "published",
    Evidence.CONSTRUCTED: "constructed",
    Evidence.UNCONFIRMED: "**unconfirmed**",
}


def render_coverage() -> str:
    """How much is known how, a table of every call that is heard, and one of what holds of every type."""
    return "\n\n".join((_counts(), _table(_CALLS, _calls()), "## The types", _table(_TYPES, _types()), *_limits()))


_CALLS: Final = ("type", "call", "it", "the record names it at", "known how", "source")
_TYPES: Final = ("type", "ARN", "tags: written, read", "takes tags", "listed by", "copies")


def _counts() -> str:
    heard = Counter(creation.evidence for row in ROWS for creation in row.creations if creation.is_read)
    shares = [f"{heard[each]} {mark.strip('*')}: {each}" for each, mark in _MARKS.items()]
    return f"{heard.total()} calls are heard, of {len(TYPES)} types. " + "; ".join(shares) + "."


def _calls() -> Iterator[tuple[str, ...]]:
    for row in sorted(ROWS, key=lambda row: row.label.lower()):
        for creation in row.creations:
            if creation.is_read:
                yield (
                    row.label,
                    f"`{creation.call}`",
                    _doing(creation),
                    _places(creation),
                    _MARKS[creation.evidence],
                    creation.source or "—",
                )


def _doing(creation: Creation) -> str:
    others = [f"{kind} with `{_short(sign.paths[0])}`" for sign, kind in creation.kind_when]
    only = creation.only_when
    named = "" if only is None else f"; only with `{_short(only.paths[0])}`"
    values = "" if only is None or not only.values else f" {' or '.join(only.values)}"
    return "; ".join((creation.kind, *others)) + named + values


def _places(creation: Creation) -> str:
    per = "" if creation.per is None else f"{creation.per}."
    paths = [
        *(f"answer `{per}{path}`" for path in creation.response),
        *(f"request `{path}`" for path in creation.request),
        *([f"request `{creation.request_joined}`"] if creation.request_joined else []),
    ]
    home = f"; Region at `{per}{creation.home}`" if creation.home else ""
    owner = f"; account at `{per}{creation.owner}`" if creation.owner else ""
    named = f"; names a {' or a '.join(each.label for each in creation.names)}" if creation.names else ""
    return ", else ".join(paths) + home + owner + named


def _types() -> Iterator[tuple[str, ...]]:
    for row in sorted(TYPES, key=lambda row: row.label.lower()):
        tags = row.tags
        if tags is None:
            continue
        written = "never" if tags.write is None else f"`{tags.write}`"
        whole = ", the whole set" if tags.replaces_set and tags.write is not None else ""
        whole += f", else `{tags.instead}`" if tags.instead else ""
        rate = f", {tags.rate}" if tags.rate else ""
        yield (
            f"{row.label} (`{row.name}`)",
            f"`{row.arn}`",
            f"{written}{whole}{rate}; `{tags.read}`",
            tags.when,
            _listed(row),
            _reach(row),
        )


def _listed(row: ResourceType) -> str:
    listing = row.listing
    if listing is None:
        return "—"
    page = f", {listing.page} a page" if listing.page else ""
    return f"`{listing.call}`{page}{'' if listing.tags else '; its tags by `GetResources`'}"


def _reach(row: ResourceType) -> str:
    opt_in = "" if row.opt_in_reach is None else f"; in Regions that need opt-in {_said(row.opt_in_reach)}"
    return f"{_said(row.reach)}{opt_in}"


def _said(reach: Reach) -> str:
    return str(reach).partition(":")[0]


def _limits() -> Iterator[str]:
    yield "## What some of a type cannot do"
    yield _table(("type", "limit", "what would lift it", "told by"), _limit_rows())


def _limit_rows() -> Iterator[tuple[str, ...]]:
    for row in sorted(TYPES, key=lambda row: row.label.lower()):
        # A fact that shows in several ways is one limit to whoever reads.
        for fact in dict.fromkeys(limit.fact for limit in row.limits):
            alike = [limit for limit in row.limits if limit.fact == fact]
            signs = [sign for limit in alike for sign in (*limit.shown, *limit.missing)]
            shown = " and ".join(dict.fromkeys(f"`{_short(sign.paths[0])}`" for sign in signs))
            ways = [*([f"the event: {shown}"] if shown else []), *([alike[0].read] if alike[0].read else [])]
            yield row.label, fact, alike[0].lifted_by, "; else ".join(ways) or "the type"


def _short(path: str) -> str:
    return path.partition(".")[2]


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join((f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *lines))
