"""How calls that change tags are recorded: where the record names what they change, and which tags.

A call is named as IAM names its action; paths lead through its request, as those of creations do.
"""

from msgspec import Struct


class TagCall(Struct, frozen=True, kw_only=True):
    """A call that adds tags or takes some away.

    `named_at` leads to what it changes: ARNs, or ids as well where it is `by_id`. `tags_at` leads to the tags that it
    sets, pairs or mappings, `keys_at` to the keys that it takes away. One that `replaces` takes away whatever it does
    not set, and one that `clears` every tag, where it names no key. `asked_at` is where a rule may ask for the keys;
    without it every such call is heard, because it is not known for sure how its record spells them. `model` is the
    service in AWS's models, where its name is another; None of a call whose record is not told by its model.
    """

    call: str
    named_at: tuple[str, ...]
    tags_at: tuple[str, ...] = ()
    keys_at: tuple[str, ...] = ()
    by_id: bool = False
    replaces: bool = False
    clears: bool = False
    asked_at: str | None = None
    model: str | None = None

    @property
    def service(self) -> str:
        """The service in the call's event source."""
        return self.call.split(":")[0]

    @property
    def name(self) -> str:
        """The event's name."""
        return self.call.split(":")[1]


def tag_resource_calls(service: str, *, named_at: str, by_id: bool = False, model: str = "") -> tuple[TagCall, TagCall]:
    """TagResource and UntagResource, as most services call them."""
    return (
        TagCall(
            call=f"{service}:TagResource",
            named_at=(named_at,),
            tags_at=("tags[]",),
            by_id=by_id,
            model=model or service,
        ),
        TagCall(
            call=f"{service}:UntagResource",
            named_at=(named_at,),
            keys_at=("tagKeys[]",),
            by_id=by_id,
            model=model or service,
        ),
    )


def keyed_calls(
    adding: str, removing: str, *, named_at: str, by_id: bool = False, model: str = ""
) -> tuple[TagCall, TagCall]:
    """Two calls with the keys where a rule can ask for them."""
    service = adding.split(":")[0]
    return (
        TagCall(
            call=adding,
            named_at=(named_at,),
            tags_at=("tags[]",),
            by_id=by_id,
            asked_at="tags.key",
            model=model or service,
        ),
        TagCall(
            call=removing,
            named_at=(named_at,),
            keys_at=("tagKeys[]",),
            by_id=by_id,
            asked_at="tagKeys",
            model=model or service,
        ),
    )
