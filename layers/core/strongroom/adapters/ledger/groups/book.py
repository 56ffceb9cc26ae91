"""What stops many copies, in the ledger: `GROUP#key#<ARN>` and `GROUP#account#<id>` / `STATE`.

One that people have yet to be told of is on the sparse index `due`, among what a sweep looks at.
"""

from typing import Final

from strongroom.adapters.ledger.changes import Change, Equals, Key
from strongroom.adapters.ledger.due_buckets import due_bucket
from strongroom.adapters.ledger.table import Item, Table, read_item, to_moment, to_text
from strongroom.domain.copies.groups.standing import Gone, Group, GroupState, Member
from strongroom.domain.copies.obstacles import GroupKey
from strongroom.domain.identifiers import Region

_GROUP: Final = "GROUP#"


class LedgerGroups:
    """The book of what stops many copies; every change is made on what was read, and on nothing newer."""

    def __init__(self, table: Table) -> None:
        """`table` is the ledger's."""
        self._table = table

    def find(self, key: GroupKey) -> Group | None:
        """The group as it stands, or None where there never was one."""
        return read_item(self._table.get(_key(key)), _to_group)

    def keep(self, group: Group, *, was: Group | None) -> bool:
        """Write what became of it over what was read; False when somebody else has written it since."""
        key, standing = _key(group.key), _standing(group)
        if was is None:
            return self._table.put_new(key.item | standing)
        return self._table.change(key, Change(set=standing, when=Equals("revision", was.revision))) is not None


def group_key(item: Item) -> GroupKey:
    """Which group an item of the index `due` is."""
    return GroupKey.parse(item["pk"].removeprefix(_GROUP))


def _key(key: GroupKey) -> Key:
    return Key(f"{_GROUP}{key.text}", "STATE")


def _standing(group: Group) -> Item:
    """What of it changes; None is absence."""
    return {
        "region": group.region,
        "causes": list(group.causes),
        "members": [member.text for member in group.members],
        "gone": [each.text for each in group.gone],
        "state": group.state,
        "untold": group.untold or None,
        "told_size": group.told_size,
        "due_bucket": group.due_at and due_bucket(group.key.text),
        "due_at": group.due_at and to_text(group.due_at),
        "version": group.version,
        "revision": group.revision,
    }


def _to_group(item: Item) -> Group:
    return Group(
        key=group_key(item),
        region=Region(item["region"]),
        causes=tuple(item["causes"]),
        members=tuple(map(Member.parse, item["members"])),
        gone=tuple(map(Gone.parse, item["gone"])),
        state=GroupState(item["state"]),
        untold=item.get("untold", False),
        told_size=item["told_size"],
        due_at=to_moment(item["due_at"]) if "due_at" in item else None,
        version=item["version"],
        revision=item["revision"],
    )
