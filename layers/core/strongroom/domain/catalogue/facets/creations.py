"""How calls that make something are recorded: where the record names what was made, and how that is known.

A call is named as IAM names its action, `rds:CreateDBInstance`: its service also names the event source. Paths are
dotted, `[]` walks a list and takes whatever stands there alone for a list of one.
"""

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a call does that makes, or first shows, something that AWS Backup protects."""

    CREATION = "creates"
    RESTORE = "restores"
    IMPORT = "imports"
    REPLICA = "replicates"
    CLONE = "clones"
    DISCOVERY = "shows"


class Evidence(StrEnum):
    """How it is known what the record of a call looks like."""

    RECORDED = "a record of CloudTrail was read"
    PUBLISHED = "AWS prints such a record in a guide"
    CONSTRUCTED = "follows from the service's model, as CloudTrail writes answers"
    UNCONFIRMED = "the name stands in IAM or a guide, its record nowhere"


class Sign(Struct, frozen=True, kw_only=True):
    """What a record shows: a text at one of the paths, which begin with `request.` or `response.`.

    `values` are patterns of file names, one of which the text must fit; without any, every text does.
    """

    paths: tuple[str, ...]
    values: tuple[str, ...] = ()


class Named(Struct, frozen=True, kw_only=True):
    """What the record of a call names where that is not of the row's type: `arn` and `id_shape` as of a type."""

    label: str
    arn: str
    id_shape: str
    is_id_lower_case: bool = False


class Cover(Struct, frozen=True, kw_only=True):
    """Where what was made is no resource of its own: the sign, what holds it, and the paths to the holder's name.

    It counts `only_from` this caller, where that is told, and not where the sign `unless` is there as well.
    """

    sign: Sign
    by: str
    named_at: tuple[str, ...] = ()
    only_from: str | None = None
    unless: Sign | None = None


class Origin(Struct, frozen=True, kw_only=True):
    """What something was restored, replicated or cloned from: the paths to its ARN, or to an id for this `arn`.

    It is a resource, or a recovery point.
    """

    paths: tuple[str, ...]
    arn: str


class Creation(Struct, frozen=True, kw_only=True):
    """A call that makes something of the type, and how its record tells what it made.

    `response` is tried in order, then `request`, then `request_joined`, which puts texts of the request together. What
    is found is an ARN or an id for the type's ARN, or of one of `names`. Where one answer holds a list of what was
    made, `per` leads to it, and `response`, `home` and `owner` begin at its items. `home` leads to the Region, else in
    the request, where that need not be the Region of the call; `is_elsewhere`: one is made in each such Region, and
    none in the call's. A call without a path is known, but its record is not read.

    `kind_when` are signs by which it does something else than `kind` says. The call counts `only_when` the sign is
    there. `unnamed` says why a record may rightly name nothing. `covers` and `origins` are tried in order.

    `tagged` are those of the call's resources that carry tags of the request; empty where the call takes none.
    `upsets` is what breaks when such a call is refused untagged. `model` is the service in AWS's models, where its
    name is another; `source` says where the evidence is.
    """

    call: str
    response: tuple[str, ...] = ()
    request: tuple[str, ...] = ()
    request_joined: str | None = None
    per: str | None = None
    home: str | None = None
    owner: str | None = None
    is_elsewhere: bool = False
    names: tuple[Named, ...] = ()
    kind: Kind = Kind.CREATION
    kind_when: tuple[tuple[Sign, Kind], ...] = ()
    only_when: Sign | None = None
    unnamed: str | None = None
    covers: tuple[Cover, ...] = ()
    origins: tuple[Origin, ...] = ()
    evidence: Evidence = Evidence.CONSTRUCTED
    source: str = ""
    model: str | None = None
    is_wrapped: bool = False
    tagged: tuple[str, ...] = ()
    upsets: str | None = None

    @property
    def is_read(self) -> bool:
        """Whether we listen to the call and find in its record what it made."""
        return bool(self.response or self.request or self.request_joined)

    @property
    def service(self) -> str:
        """The service in the call's event source."""
        return self.call.split(":")[0]

    @property
    def name(self) -> str:
        """The event's name."""
        return self.call.split(":")[1]
