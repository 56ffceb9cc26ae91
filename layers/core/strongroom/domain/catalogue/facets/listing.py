"""How a type is listed: the call, and what each item that it answers says.

Paths are dotted, `[]` walks a list, as of creations.
"""

from msgspec import Struct

from strongroom.domain.catalogue.facets.creations import Cover


class Listing(Struct, frozen=True, kw_only=True):
    """The call of the row's client that lists a type, whether it is tagged or not.

    `items` leads to what it lists, `name` to the ARN or id of each, which is a text itself where there is no name.
    `tags` leads to its tags, where the list shows them, `made_at` to when it was made. It is gone where a text at
    `state` is one of `ended`. `attached_to` leads to the instance that holds it. The record of a creation has the same
    document under `record`, in its own spelling, so that the row's signs mean the same of either; `covers` are those
    that only the list shows.

    A page begins at what the answer before has as `next_at` and the request takes as `begin_at`; `size` is how a page
    is asked for as many as it takes, where it has fewer unasked. `page` is how many it takes, where AWS says. `action`
    is what IAM calls the call, where that is another name. An `is_of_account` list has what lies in every Region, with
    the Region at `home`.
    """

    call: str
    items: str
    name: str = ""
    tags: str | None = None
    made_at: str | None = None
    state: str | None = None
    ended: tuple[str, ...] = ()
    attached_to: str | None = None
    record: str = ""
    covers: tuple[Cover, ...] = ()
    begin_at: str = "NextToken"
    next_at: str = "NextToken"
    size: str | None = None
    page: int | None = None
    action: str | None = None
    is_of_account: bool = False
    home: str | None = None
