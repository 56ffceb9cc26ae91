"""What AWS answers means one thing in every adapter."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    ProfileNotFound,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from strongroom import adapters
from strongroom.adapters.aws import account_access, secrets
from strongroom.adapters.aws.account_access import AccountAccess, caller
from strongroom.adapters.aws.account_inspection import AccountInspection
from strongroom.adapters.aws.backup.account_survey import AccountSurvey
from strongroom.adapters.aws.backup.backup_jobs import MemberBackupJobs
from strongroom.adapters.aws.backup.copy_jobs import MemberCopyJobs, MemberCopyStarter
from strongroom.adapters.aws.backup.job_lists import OrganizationJobLists
from strongroom.adapters.aws.backup.job_sizes import BackupJobSizes
from strongroom.adapters.aws.backup.listed_points import ListedPoints, PastRestores
from strongroom.adapters.aws.backup.plans import plan_found
from strongroom.adapters.aws.backup.point_tags import listed_tags, point_tags
from strongroom.adapters.aws.backup.recovery_points import LeftPoints, MemberPointTags, VaultedPoints
from strongroom.adapters.aws.backup.restores import (
    CentralCopiesBegun,
    CentralCopyJobs,
    CentralCopyStarter,
    MemberRestoreJobs,
    MemberRestoreStarter,
)
from strongroom.adapters.aws.backup.settings import OrganizationBackupSettings
from strongroom.adapters.aws.backup.surroundings import BackupSettings, MemberKeys, VaultAccessPolicies
from strongroom.adapters.aws.backup.vaults import BackupVaults
from strongroom.adapters.aws.backup.watched_jobs import CentralWatchedCopies, MemberWatchedRestores
from strongroom.adapters.aws.bus import Bus
from strongroom.adapters.aws.clients import (
    AttributedMemberClients,
    BorrowedRoles,
    MemberClients,
    NarrowedMemberClients,
    PersonMemberClients,
)
from strongroom.adapters.aws.cloudformation.stack_sets import StackSets
from strongroom.adapters.aws.cloudformation.stacks import Stacks
from strongroom.adapters.aws.doctor.backups import NightlyBackups
from strongroom.adapters.aws.doctor.delivery import Deliveries
from strongroom.adapters.aws.doctor.evidence_log import EvidenceLogs
from strongroom.adapters.aws.doctor.keys import Keys
from strongroom.adapters.aws.doctor.surroundings import Surroundings
from strongroom.adapters.aws.errors import aws_errors
from strongroom.adapters.aws.evidence.bucket import EvidenceBucket, EvidenceReader
from strongroom.adapters.aws.evidence.log_index import TableLogIndex
from strongroom.adapters.aws.evidence.log_signer import LogKey, LogSigner
from strongroom.adapters.aws.evidence.witness import Witness
from strongroom.adapters.aws.health.bus_archive import BusArchive
from strongroom.adapters.aws.health.failure_log import FunctionLogs
from strongroom.adapters.aws.health.letter_box import DeadLetterBox
from strongroom.adapters.aws.health.stack_parts import StackParts
from strongroom.adapters.aws.intent_layers import IntentLayers
from strongroom.adapters.aws.keys import managers
from strongroom.adapters.aws.landing_zones import LandingZones
from strongroom.adapters.aws.member_inspection import MemberInspection
from strongroom.adapters.aws.member_resources import MemberResources
from strongroom.adapters.aws.organizations.accounts import OrganizationAccounts
from strongroom.adapters.aws.organizations.below import PolicyReach
from strongroom.adapters.aws.organizations.directory import Organization
from strongroom.adapters.aws.organizations.invalid_policies import InvalidPolicies, KeptList
from strongroom.adapters.aws.organizations.pace import AccountsByList, Pace, PacedClient, PacedMemberships
from strongroom.adapters.aws.organizations.policies import OrganizationPolicies
from strongroom.adapters.aws.organizations.quotas import OrganizationQuotas
from strongroom.adapters.aws.organizations.survey import OrganizationSurvey
from strongroom.adapters.aws.organizations.switches import OrganizationSwitches
from strongroom.adapters.aws.organizations.tree import LiveOrganizationTree
from strongroom.adapters.aws.organizations.vault_shares import OrganizationVaultShares
from strongroom.adapters.aws.queues import ClickQueue, WishQueue, bury
from strongroom.adapters.aws.resource_lists import MemberLists
from strongroom.adapters.aws.restore_places import BucketNames, MemberRestorePlaces
from strongroom.adapters.aws.restores.access_vaults import (
    MemberAccessAsker,
    MemberAccessUses,
    MemberAccessVaults,
    VaultAccessRevoker,
)
from strongroom.adapters.aws.restores.asked_settings import MemberSettingJobs, MemberSettings, MemberSettingStarter
from strongroom.adapters.aws.restores.finishing import MemberFinishing
from strongroom.adapters.aws.restores.namespace_tables import (
    MemberNamespaceSnapshots,
    MemberNamespaceTables,
    MemberNamespaceTableStarter,
    NamespaceSnapshot,
)
from strongroom.adapters.aws.restores.namespaces import MemberNamespaces, MemberNamespaceStarter
from strongroom.adapters.aws.restores.ontap_volumes import OntapVolumes
from strongroom.adapters.aws.restores.own_calls import MemberCallJobs, MemberCallStarter
from strongroom.adapters.aws.restores.profile_places import ProfilePlaces
from strongroom.adapters.aws.restores.scan_starts import CentralScanStarter
from strongroom.adapters.aws.restores.table_calls import MemberTables, MemberTableStarter
from strongroom.adapters.aws.restores.volume_calls import MemberVolumes, MemberVolumeStarter
from strongroom.adapters.aws.secrets import Secrets
from strongroom.adapters.aws.step_functions.ceremonies import CallbackTasks, CeremonyExecutions, RestoreCeremonies
from strongroom.adapters.aws.step_functions.onboardings import AccountOnboardings
from strongroom.adapters.aws.step_functions.remediations import CopyRemediations
from strongroom.adapters.aws.tagged_resources import TaggedResources
from strongroom.adapters.aws.topic import AlertsTopic
from strongroom.adapters.ledger.changes import Change, Exists, Key
from strongroom.adapters.ledger.table import LedgerTable
from strongroom.adapters.ledger.views.table import LedgerViewTable
from strongroom.adapters.tagging.member_tags import SERVICES, MemberTags
from strongroom.domain.alerts.complaints import Alert, AlertKind
from strongroom.domain.alerts.digest import Digest
from strongroom.domain.alerts.facts import AlertResolved
from strongroom.domain.alerts.owner_news import OwnerNews
from strongroom.domain.copies.reconciling import JobKind, Window
from strongroom.domain.errors import (
    AccessRefusedError,
    AlreadyDoneError,
    CallRefusedError,
    ConditionUnmetError,
    ConfigurationMissingError,
    CopyRefusedError,
    CredentialsExpiredError,
    CredentialsMissingError,
    CredentialsUnknownError,
    NotFoundError,
    ResourceNotReadyError,
    RestoreFailedError,
    StrongroomError,
    TagsNotFoundError,
    TemporarilyUnavailableError,
    ThrottledError,
)
from strongroom.domain.evidence.log.tiles import LogTree
from strongroom.domain.health.letters import Letter, LetterKind
from strongroom.domain.health.replays import Replay
from strongroom.domain.identifiers import AccountId, Region
from strongroom.domain.intent.model import Intent
from strongroom.domain.intent.restoring.profiles import AccountProfile
from strongroom.domain.intent.vaults import VaultLock
from strongroom.domain.restores.arriving.landing import last_hop
from strongroom.domain.restores.deciding.placed import VolumeNamed
from strongroom.domain.restores.ends.standing import OpenEnd, begun
from strongroom.domain.restores.kinds.finishing import MachineStep
from strongroom.domain.restores.source_identity import Behalf
from strongroom.domain.rollout.desired import DesiredStack, StackPlace
from strongroom.domain.rollout.steps import ShareVault
from strongroom.domain.stacks.attached_policies import AttachedPolicy
from strongroom.domain.tags.inventory.runs import InventoryOrder
from tests.builders.air_gaps import TEAM
from tests.builders.copies import COPY, PLAN, RESOURCE, a_promise
from tests.builders.deciding.afterwards import (
    RESTORED_TABLE,
    STREAM,
    STREAMED,
    a_bucket_request,
    an_after_request,
)
from tests.builders.deciding.called import (
    NAMESPACE_POINT,
    SNAPSHOT_POINT,
    SYSTEM_POINT,
    TABLE_POINT,
    a_called_request,
    a_namespace_request,
    a_namespace_table_request,
    a_table_request,
    a_volume_request,
)
from tests.builders.deciding.candidates import a_listed_copy, a_listed_point
from tests.builders.places import BACKUP_ACCOUNT, CENTRAL_VAULT, GLOBAL_REGION, HOME, LOCAL_VAULT, PAYMENTS
from tests.builders.restores import POINT, a_request
from tests.conftest import FakeClients
from tests.fakes.account_clients import refusal
from tests.fakes.aws_failures import PASSING, FailingClient, Failure, answered
from tests.fakes.restores.asked_settings import FakeSettings
from tests.fakes.slack import a_signed_click

LETTER = Letter(id="m-1", kind=LetterKind.FOREIGN, reason="-", about="-", body="{}")
REPLAY = Replay(name="r-1", since=datetime(2026, 9, 1, tzinfo=UTC), until=datetime(2026, 9, 2, tzinfo=UTC), rules=())
WINDOW = Window(since=datetime(2026, 9, 1, tzinfo=UTC), until=datetime(2026, 9, 2, tzinfo=UTC), token="t")
ALERT = Alert(kind=AlertKind.COPY_MISSING, subject="s", account=PAYMENTS, region=HOME, reason="r")
DIGEST = Digest(day=date(2026, 11, 24), at=datetime(2026, 11, 24, 7, tzinfo=UTC), open=())
NEWS = OwnerNews(owner="#payments", day=date(2026, 11, 24), written=(), names={})
PLACE = StackPlace(name="strongroom", account=BACKUP_ACCOUNT, region=HOME)
POLICY = AttachedPolicy(name="p", description="d", type="BACKUP_POLICY", document={}, targets=())
STATES = "arn:aws:states:eu-west-1:999999999999"
LOCK = VaultLock(min_retention_days=1, max_retention_days=2, changeable_for_days=3)


@dataclass
class Aws:
    """AWS on a bad day: every call of every client, in whichever account, fails in the one way."""

    failure: Failure
    intent: Intent

    @property
    def own(self) -> FailingClient:
        """A client of our own account."""
        return FailingClient(self.failure)

    def client(self, *_: str, **__: Any) -> FailingClient:
        """A client of any account, Region and person."""
        return self.own


def _inspection(aws: Aws) -> AccountInspection:
    return AccountInspection(aws, global_region=GLOBAL_REGION)


def _vaults(aws: Aws) -> BackupVaults:
    return BackupVaults(aws, own_account=AccountId("000000000000"))  # type: ignore[arg-type]


def _settings(aws: Aws) -> OrganizationBackupSettings:
    return OrganizationBackupSettings(aws, place=aws.intent.organization)


def _tree(aws: Aws) -> LiveOrganizationTree:
    return LiveOrganizationTree(aws, management_account=BACKUP_ACCOUNT, global_region=GLOBAL_REGION)


def _end() -> OpenEnd:
    now = datetime.now(UTC)
    return begun(a_request(), vault=LOCAL_VAULT, job="", since=now, now=now)


def _table(aws: Aws) -> LedgerTable:
    return LedgerTable(aws.own, "ledger")


def _view_table(aws: Aws) -> LedgerViewTable:
    return LedgerViewTable(aws.own, "views")


def _lists(aws: Aws) -> ListedPoints:
    return ListedPoints(
        aws.client, aws, own_account=aws.intent.organization.backup_account, now=datetime(2026, 11, 24, tzinfo=UTC)
    )


def _points(aws: Aws) -> VaultedPoints:
    return VaultedPoints(aws.client, aws, intent=aws.intent)


class _OwnSnapshots(MemberNamespaceSnapshots):
    """Snapshots that are looked at before AWS has its bad day."""

    def find(self, recovery_point: str, *, account: AccountId, region: Region) -> NamespaceSnapshot:
        return NamespaceSnapshot(name=recovery_point, namespace=a_namespace_request().resource)


def _namespace_tables(aws: Aws) -> MemberNamespaceTables:
    return MemberNamespaceTables(aws, snapshots=MemberNamespaceSnapshots(aws), otherwise=MemberRestoreJobs(aws))


def _archive(aws: Aws) -> BusArchive:
    return BusArchive(aws.own, archive="a", bus="strongroom")


def _box(aws: Aws, *, known: bool = False) -> DeadLetterBox:
    box = DeadLetterBox(aws.own, "https://dead", queues={"arn:queue": "https://queue"})
    if known:
        box._receipts[LETTER.id] = "receipt"  # noqa: SLF001 - as a letter that was had before the bad day
    return box


def _policies(aws: Aws) -> OrganizationPolicies:
    return OrganizationPolicies(aws, management_account=BACKUP_ACCOUNT, global_region=GLOBAL_REGION)


def _shares(aws: Aws) -> OrganizationVaultShares:
    return OrganizationVaultShares(aws, place=aws.intent.organization)


def _switches(aws: Aws) -> OrganizationSwitches:
    return OrganizationSwitches(aws, place=aws.intent.organization, global_region=GLOBAL_REGION)


def _paced(aws: Aws) -> PacedMemberships:
    return PacedMemberships(aws.own, pace=Pace(), since=datetime(2026, 11, 24, tzinfo=UTC))


def _clicks(aws: Aws) -> ClickQueue:
    return ClickQueue(lambda: aws.own, "https://queue", account=BACKUP_ACCOUNT, region=HOME)


def _survey(aws: Aws) -> OrganizationSurvey:
    return OrganizationSurvey(aws, account=AccountId("111111111111"), global_region=GLOBAL_REGION)


def _stacks(aws: Aws) -> Stacks:
    return Stacks(
        aws,
        management_account=BACKUP_ACCOUNT,
        global_region=GLOBAL_REGION,
        template_bucket=None,
        new_id=lambda: "1",
        sleep=lambda _: pytest.fail("waited"),
    )


def _stack_sets(aws: Aws) -> StackSets:
    return StackSets(
        aws, management_account=BACKUP_ACCOUNT, global_region=GLOBAL_REGION, sleep=lambda _: pytest.fail("waited")
    )


def _nights(aws: Aws) -> NightlyBackups:
    return NightlyBackups(aws, management_account=AccountId("111111111111"))


def _places(aws: Any) -> MemberRestorePlaces:
    return MemberRestorePlaces(aws, BucketNames(aws), OntapVolumes(aws))


def _tags(aws: Aws) -> MemberTags:
    return MemberTags(aws)  # type: ignore[arg-type]


# Of what kind a thing of a service is, where a call for many goes by that.
_KINDS = {"ec2": "volume"}


def _told(ask: Callable[..., Any], arn: str) -> None:
    """What is answered about one of many, raised where it is an error."""
    asked = {arn: {"Backup": "daily"}} if ask.__name__ == "put" else [arn]
    for answer in ask(asked, account=PAYMENTS, region=HOME).values():
        if isinstance(answer, StrongroomError):
            raise answer


def _access() -> AccountAccess:
    return AccountAccess(PAYMENTS, through="Admin", home_region=HOME, now=lambda: datetime.now(UTC))


# Every call of AWS that an adapter offers.
CALLS: dict[str, Callable[[Aws], Any]] = {
    "AccountAccess.ensure_management_account": lambda _: _access().ensure_management_account(),
    "AccountAccess.client": lambda _: _access().client("iam", account=BACKUP_ACCOUNT, region=HOME),
    "AccountInspection.has_service_linked_role": lambda aws: _inspection(aws).has_service_linked_role(PAYMENTS, "x"),
    "AccountInspection.create_service_linked_role": lambda aws: _inspection(aws).create_service_linked_role(
        PAYMENTS, "x"
    ),
    "AccountInspection.unrecorded": lambda aws: _inspection(aws).unrecorded([(PAYMENTS, HOME)]),
    "AccountInspection.opt_statuses": lambda aws: _inspection(aws).opt_statuses([(PAYMENTS, HOME)]),
    "AccountInspection.has_bucket": lambda aws: _inspection(aws).has_bucket("b", account=PAYMENTS, region=HOME),
    "AlertsTopic.announce_opened": lambda aws: AlertsTopic(lambda: aws.own, "arn").announce_opened(ALERT),
    "AlertsTopic.announce_resolved": lambda aws: AlertsTopic(lambda: aws.own, "arn").announce_resolved(
        ALERT, reason="r"
    ),
    "AlertsTopic.tell_owner": lambda aws: AlertsTopic(lambda: aws.own, "arn").tell_owner(NEWS),
    "AlertsTopic.tell_digest": lambda aws: AlertsTopic(lambda: aws.own, "arn").tell_digest(DIGEST),
    "AttributedMemberClients.client": lambda _: AttributedMemberClients(str).client(
        "backup",
        account=PAYMENTS,
        region=HOME,
        behalf=Behalf(subject="idp|omar", ticket="OPS-1", request_id="r-abcdefgh2345"),
        policy="{}",
    ),
    "BackupJobSizes.last_sizes": lambda aws: BackupJobSizes(aws, management_account=BACKUP_ACCOUNT).last_sizes(HOME),
    "BackupSettings.opt_ins": lambda aws: BackupSettings(aws, home=HOME).opt_ins(PAYMENTS, HOME),  # type: ignore[arg-type]
    "BackupSettings.is_cross_account": lambda aws: BackupSettings(aws, home=HOME).is_cross_account(),  # type: ignore[arg-type]
    "BackupVaults.find": lambda aws: _vaults(aws).find(COPY, vault=CENTRAL_VAULT),
    "BackupVaults.of_resource": lambda aws: _vaults(aws).of_resource(RESOURCE, vault=CENTRAL_VAULT),
    "BackupVaults.page": lambda aws: _vaults(aws).page(CENTRAL_VAULT, WINDOW),
    "BackupVaults.tags": lambda aws: _vaults(aws).tags(COPY, vault=CENTRAL_VAULT),
    "BackupVaults.plan": lambda aws: _vaults(aws).plan(PLAN),
    "BackupVaults.describe": lambda aws: _vaults(aws).describe(CENTRAL_VAULT),
    "BorrowedRoles.client": lambda _: BorrowedRoles(limit=1).client(
        "backup", role="arn", region=HOME, now=datetime.now(UTC), since=datetime.now(UTC)
    ),
    "Bus.publish": lambda aws: Bus(lambda: aws.own, "bus").publish(
        AlertResolved(account=PAYMENTS, region=HOME, resource="r", reason="r", kind="k", fingerprint="f")
    ),
    "Bus.publish_all": lambda aws: Bus(lambda: aws.own, "bus").publish_all(
        [AlertResolved(account=PAYMENTS, region=HOME, resource="r", reason="r", kind="k", fingerprint="f")]
    ),
    "CallbackTasks.succeed": lambda aws: CallbackTasks(aws.own).succeed("t", {}),
    "CeremonyExecutions.is_running": lambda aws: CeremonyExecutions(aws.own, f"{STATES}:stateMachine:m").is_running(
        f"{STATES}:execution:m:r-1"
    ),
    "CeremonyExecutions.ended_at": lambda aws: CeremonyExecutions(aws.own, f"{STATES}:stateMachine:m").ended_at(
        f"{STATES}:execution:m:r-1"
    ),
    "CentralCopyStarter.start": lambda aws: CentralCopyStarter(aws, intent=aws.intent).start(
        a_request(), last_hop(a_request(), recovery_point=POINT, intent=aws.intent)
    ),
    "AccountSurvey.vaults": lambda aws: AccountSurvey(aws).vaults(PAYMENTS, HOME),
    "AccountSurvey.plans": lambda aws: AccountSurvey(aws).plans(PAYMENTS, HOME),
    "CentralCopyJobs.describe": lambda aws: CentralCopyJobs(aws.client).describe("job", region=HOME),
    "CentralCopiesBegun.jobs_of": lambda aws: CentralCopiesBegun(aws.client).jobs_of(_end()),
    "Deliveries.bus": lambda aws: Deliveries(aws).bus("strongroom", account=PAYMENTS, region=HOME),
    "Deliveries.rules": lambda aws: Deliveries(aws).rules("strongroom-", account=PAYMENTS, region=HOME),
    "EvidenceBucket.put_new": lambda aws: EvidenceBucket(aws.own, "b", owner=PAYMENTS).put_new("k", "t"),
    "EvidenceBucket.put_new_bytes": lambda aws: EvidenceBucket(aws.own, "b", owner=PAYMENTS).put_new_bytes("k", b"t"),
    "EvidenceReader.keys": lambda aws: EvidenceReader(aws.own, "b", owner=PAYMENTS).keys("k"),
    "EvidenceReader.put_at": lambda aws: EvidenceReader(aws.own, "b", owner=PAYMENTS).put_at("k"),
    "EvidenceReader.read": lambda aws: EvidenceReader(aws.own, "b", owner=PAYMENTS).read("k"),
    "EvidenceReader.read_bytes": lambda aws: EvidenceReader(aws.own, "b", owner=PAYMENTS).read_bytes("k"),
    "EvidenceReader.sound_texts": lambda aws: EvidenceReader(aws.own, "b", owner=PAYMENTS).sound_texts("k"),
    "EvidenceReader.texts": lambda aws: EvidenceReader(aws.own, "b", owner=PAYMENTS).texts("k"),
    "Keys.key": lambda aws: Keys(aws).key("key", account=PAYMENTS, region=HOME),
    "Keys.sources": lambda aws: Keys(aws).sources(PAYMENTS, HOME),
    "LedgerTable.get": lambda aws: _table(aws).get(Key("p", "s")),
    "LedgerTable.get_many": lambda aws: _table(aws).get_many([Key("p", "s")]),
    "LedgerTable.put_new": lambda aws: _table(aws).put_new({"pk": "p", "sk": "s"}),
    "LedgerTable.put": lambda aws: _table(aws).put({"pk": "p", "sk": "s"}),
    "LedgerTable.change": lambda aws: _table(aws).change(Key("p", "s"), Change(set={"a": 1}, when=Exists("a"))),
    "LedgerTable.change_all": lambda aws: _table(aws).change_all(
        {Key("p", "s"): Change(set={"a": 1}, when=Exists("a"))}
    ),
    "LedgerTable.under": lambda aws: list(_table(aws).under("p")),
    "LedgerTable.newest": lambda aws: list(_table(aws).newest("p")),
    "LedgerTable.due": lambda aws: list(_table(aws).due(bucket="b", until="u")),
    "LogKey.key": lambda aws: LogKey(aws.own, "key", name="n", kind=1).key(),
    "LogSigner.sign": lambda aws: LogSigner(aws.own, "key", name="n", kind=1).sign(b"m"),
    "LedgerViewTable.page": lambda aws: _view_table(aws).page("p", most=1),
    "LedgerViewTable.several": lambda aws: _view_table(aws).several([Key("p", "s")]),
    "LedgerViewTable.remove": lambda aws: _view_table(aws).remove(Key("p", "s")),
    "LiveOrganizationTree.read": lambda aws: _tree(aws).read(),
    "NarrowedMemberClients.client": lambda _: NarrowedMemberClients(str).client(
        "backup", account=PAYMENTS, region=HOME, session="r-abcdefgh2345", policy="{}"
    ),
    "PersonMemberClients.client": lambda _: PersonMemberClients(str).client(
        "backup", account=PAYMENTS, region=HOME, subject="idp|ada"
    ),
    "MemberClients.client": lambda _: MemberClients(str, now=lambda: datetime.now(UTC)).client(
        "backup", account=PAYMENTS, region=HOME
    ),
    "MemberCopyJobs.describe": lambda aws: MemberCopyJobs(aws).describe(  # type: ignore[arg-type]
        "job", account=PAYMENTS, region=HOME
    ),
    "MemberBackupJobs.of_resource": lambda aws: MemberBackupJobs(aws).of_resource(  # type: ignore[arg-type]
        "r", account=PAYMENTS, region=HOME, since=datetime(2026, 9, 1, tzinfo=UTC)
    ),
    "MemberResources.tags": lambda aws: MemberResources(aws).tags("r", account=PAYMENTS, region=HOME),  # type: ignore[arg-type]
    "MemberBackupJobs.describe": lambda aws: MemberBackupJobs(aws).describe("j", account=PAYMENTS, region=HOME),  # type: ignore[arg-type]
    "OrganizationJobLists.page backups": lambda aws: OrganizationJobLists(lambda _: aws.own).page(
        JobKind.BACKUPS, WINDOW, region=HOME
    ),
    "OrganizationJobLists.page copies": lambda aws: OrganizationJobLists(lambda _: aws.own).page(
        JobKind.COPIES, WINDOW, region=HOME
    ),
    "MemberCopyJobs.of_promise": lambda aws: MemberCopyJobs(aws).of_promise(a_promise()),  # type: ignore[arg-type]
    "MemberCopyStarter.start": lambda aws: MemberCopyStarter(aws, intent=aws.intent).start(  # type: ignore[arg-type]
        a_promise(), attempt=1
    ),
    "MemberInspection.inspect": lambda aws: MemberInspection(aws, intent=aws.intent).inspect(  # type: ignore[arg-type]
        PAYMENTS
    ),
    "MemberKeys.manager": lambda aws: managers.MemberKeys(
        aws,  # type: ignore[arg-type]
        managers.KeptManagers(),
        now=lambda: datetime.now(UTC),
    ).manager("key", account=PAYMENTS, region=HOME),
    "MemberKeys.find": lambda aws: MemberKeys(aws).find("key", account=PAYMENTS, region=HOME),  # type: ignore[arg-type]
    "LeftPoints.status": lambda aws: LeftPoints(lambda *_: aws.own, aws, own_account=BACKUP_ACCOUNT).status(
        POINT, vault=LOCAL_VAULT
    ),
    "MemberPointTags.tags": lambda aws: MemberPointTags(
        lambda *_: aws.own, aws, native=_tags(aws), intent=aws.intent
    ).tags(POINT, account=PAYMENTS, region=HOME),
    "MemberRestorePlaces.find": lambda aws: _places(aws).find(
        (("DBSubnetGroupName", "data"),), account=PAYMENTS, region=HOME
    ),
    "MemberLists.page": lambda aws: MemberLists(aws).page(  # type: ignore[arg-type]
        "rds:DescribeDBInstances", account=PAYMENTS, region=HOME, token=None
    ),
    "MemberLists.tagged": lambda aws: MemberLists(aws).tagged(  # type: ignore[arg-type]
        ("strongroom:tier",), account=PAYMENTS, region=HOME
    ),
    "CentralScanStarter.start": lambda aws: CentralScanStarter(aws, intent=aws.intent).start(
        a_listed_copy(), subject="idp|ada"
    ),
    "MemberRestorePlaces.holder": lambda aws: _places(aws).holder(
        (("DBInstanceIdentifier", "data"),), account=PAYMENTS, region=HOME
    ),
    "OntapVolumes.holder": lambda aws: OntapVolumes(aws).holder(  # type: ignore[arg-type]
        VolumeNamed(machine="svm-1", name="data", junction=""), account=PAYMENTS, region=HOME
    ),
    "MemberRestoreJobs.describe": lambda aws: MemberRestoreJobs(aws).describe("job", request=a_request()),
    "MemberRestoreJobs.started": lambda aws: MemberRestoreJobs(aws).started(
        a_request(), recovery_point=POINT, since=datetime.now(UTC)
    ),
    "MemberRestoreJobs.running": lambda aws: MemberRestoreJobs(aws).running(a_request(), with_metadata=False),
    "MemberFinishing.take of a table": lambda aws: MemberFinishing(aws).take(
        MachineStep.CONTINUOUS_BACKUPS,
        created=f"arn:aws:dynamodb:{HOME}:{PAYMENTS}:table/orders",
        request=a_request(),
        note=None,
    ),
    "MemberFinishing.take of a cluster": lambda aws: MemberFinishing(aws).take(
        MachineStep.DELETION_PROTECTION,
        created=f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:orders",
        request=a_request(),
        note=None,
    ),
    "MemberFinishing.take of a writer": lambda aws: MemberFinishing(aws).take(
        MachineStep.WRITER, created=f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:orders", request=a_request(), note=None
    ),
    "MemberFinishing.take of readers": lambda aws: MemberFinishing(aws).take(
        MachineStep.READERS, created=f"arn:aws:rds:{HOME}:{PAYMENTS}:cluster:orders", request=a_request(), note=None
    ),
    "MemberFinishing.take of alarms": lambda aws: MemberFinishing(aws).take(
        MachineStep.ALARMS, created=f"arn:aws:rds:{HOME}:{PAYMENTS}:db:restored-1", request=a_request(), note=None
    ),
    "MemberCallJobs.describe": lambda aws: MemberCallJobs(aws, otherwise=MemberRestoreJobs(aws)).describe(
        "fs-1", request=a_called_request()
    ),
    "MemberCallJobs.started": lambda aws: MemberCallJobs(aws, otherwise=MemberRestoreJobs(aws)).started(
        a_called_request(), recovery_point=SYSTEM_POINT, since=datetime.now(UTC)
    ),
    "MemberCallStarter.start_job": lambda aws: MemberCallStarter(aws, otherwise=MemberRestoreStarter(aws)).start_job(
        a_called_request(), recovery_point=SYSTEM_POINT
    ),
    "MemberSettings.setting": lambda aws: MemberSettings(aws).setting(an_after_request()),
    "MemberSettings.setting of a bucket": lambda aws: MemberSettings(aws).setting(a_bucket_request()),
    "MemberSettings.original": lambda aws: MemberSettings(aws).original(
        STREAM, resource=RESTORED_TABLE, account=PAYMENTS, region=HOME
    ),
    "MemberSettingJobs.describe": lambda aws: MemberSettingJobs(
        MemberSettings(aws), otherwise=MemberRestoreJobs(aws)
    ).describe(RESTORED_TABLE, request=an_after_request()),
    "MemberSettingJobs.started": lambda aws: MemberSettingJobs(
        MemberSettings(aws), otherwise=MemberRestoreJobs(aws)
    ).started(an_after_request(), recovery_point="", since=datetime.now(UTC)),
    "MemberSettingStarter.start_job": lambda aws: MemberSettingStarter(
        aws, settings=FakeSettings(), otherwise=MemberRestoreStarter(aws)
    ).start_job(an_after_request(), recovery_point=""),
    "MemberSettingStarter.start_job of a stream": lambda aws: MemberSettingStarter(
        aws, settings=FakeSettings(), otherwise=MemberRestoreStarter(aws)
    ).start_job(an_after_request(call=STREAM, metadata=tuple(STREAMED.items())), recovery_point=""),
    "MemberSettingStarter.start_job of a bucket": lambda aws: MemberSettingStarter(
        aws, settings=FakeSettings(), otherwise=MemberRestoreStarter(aws)
    ).start_job(a_bucket_request(), recovery_point=""),
    "MemberTables.describe": lambda aws: MemberTables(aws, otherwise=MemberRestoreJobs(aws)).describe(
        "t-1", request=a_table_request()
    ),
    "MemberTables.started": lambda aws: MemberTables(aws, otherwise=MemberRestoreJobs(aws)).started(
        a_table_request(), recovery_point=TABLE_POINT, since=datetime.now(UTC)
    ),
    "MemberTableStarter.start_job": lambda aws: MemberTableStarter(aws, otherwise=MemberRestoreStarter(aws)).start_job(
        a_table_request(), recovery_point=TABLE_POINT
    ),
    "MemberNamespaceSnapshots.find": lambda aws: MemberNamespaceSnapshots(aws).find(
        NAMESPACE_POINT, account=PAYMENTS, region=HOME
    ),
    "MemberNamespaceTables.describe": lambda aws: _namespace_tables(aws).describe(
        "t-1", request=a_namespace_table_request()
    ),
    "MemberNamespaceTables.started": lambda aws: _namespace_tables(aws).started(
        a_namespace_table_request(), recovery_point=NAMESPACE_POINT, since=datetime.now(UTC)
    ),
    "MemberNamespaceTableStarter.start_job": lambda aws: MemberNamespaceTableStarter(
        aws, snapshots=MemberNamespaceSnapshots(aws), otherwise=MemberRestoreStarter(aws)
    ).start_job(a_namespace_table_request(), recovery_point=NAMESPACE_POINT),
    "MemberNamespaces.describe": lambda aws: MemberNamespaces(aws, otherwise=MemberRestoreJobs(aws)).describe(
        "2026-11-26T14:00:00Z/1", request=a_namespace_request()
    ),
    "MemberNamespaceStarter.start_job": lambda aws: MemberNamespaceStarter(
        aws, snapshots=_OwnSnapshots(aws), now=lambda: datetime.now(UTC), otherwise=MemberRestoreStarter(aws)
    ).start_job(a_namespace_request(), recovery_point=NAMESPACE_POINT),
    "MemberVolumes.describe": lambda aws: MemberVolumes(aws, otherwise=MemberRestoreJobs(aws)).describe(
        "vol-1", request=a_volume_request()
    ),
    "MemberVolumes.started": lambda aws: MemberVolumes(aws, otherwise=MemberRestoreJobs(aws)).started(
        a_volume_request(), recovery_point=SNAPSHOT_POINT, since=datetime.now(UTC)
    ),
    "MemberVolumeStarter.start_job": lambda aws: MemberVolumeStarter(
        aws, otherwise=MemberRestoreStarter(aws)
    ).start_job(a_volume_request(), recovery_point=SNAPSHOT_POINT),
    "MemberAccessVaults.find": lambda aws: MemberAccessVaults(aws).find(LOCAL_VAULT),
    "MemberAccessAsker.ask": lambda aws: MemberAccessAsker(aws).ask(a_request(vault=CENTRAL_VAULT, approval_team=TEAM)),
    "MemberAccessUses.of": lambda aws: MemberAccessUses(aws).of(a_request(vault=CENTRAL_VAULT, approval_team=TEAM)),
    "VaultAccessRevoker.asked": lambda aws: VaultAccessRevoker(aws).asked(a_request(vault=CENTRAL_VAULT), team=TEAM),
    "VaultAccessRevoker.open_accesses": lambda aws: VaultAccessRevoker(aws).open_accesses(CENTRAL_VAULT),
    "VaultAccessRevoker.revoke": lambda aws: VaultAccessRevoker(aws).revoke(a_request(vault=CENTRAL_VAULT), team=TEAM),
    "MemberRestoreStarter.start_job": lambda aws: MemberRestoreStarter(aws).start_job(
        a_request(), recovery_point=POINT
    ),
    "LandingZones.landing_zone": lambda aws: LandingZones(
        aws, management_account=AccountId("111111111111")
    ).landing_zone(HOME),
    "NightlyBackups.opt_ins": lambda aws: _nights(aws).opt_ins(PAYMENTS, HOME),
    "NightlyBackups.key_of": lambda aws: _nights(aws).key_of(LOCAL_VAULT),
    "NightlyBackups.content": lambda aws: _nights(aws).content(LOCAL_VAULT),
    "NightlyBackups.jobs": lambda aws: _nights(aws).jobs(HOME),
    "InvalidPolicies.has_invalid_policy": lambda aws: InvalidPolicies(aws.own, kept=KeptList()).has_invalid_policy(
        PAYMENTS
    ),
    "Organization.owner_of": lambda aws: Organization(aws.own).owner_of(PAYMENTS),
    "AccountsByList.memberships": lambda aws: AccountsByList(
        PacedClient(aws.own, Pace()), tree=OrganizationAccounts(aws.own)
    ).memberships(),
    "PacedMemberships.membership": lambda aws: _paced(aws).membership(PAYMENTS),
    "Organization.membership": lambda aws: Organization(aws.own).membership(PAYMENTS),
    "Organization.name_of": lambda aws: Organization(aws.own).name_of(PAYMENTS),
    "Organization.units_of": lambda aws: Organization(aws.own).units_of(PAYMENTS),
    "Organization.effective_backup_policy": lambda aws: Organization(aws.own).effective_backup_policy(PAYMENTS),
    "OrganizationBackupSettings.global_settings": lambda aws: _settings(aws).global_settings(),
    "OrganizationBackupSettings.switch_on": lambda aws: _settings(aws).switch_on(("x",)),
    "OrganizationBackupSettings.opt_ins": lambda aws: _settings(aws).opt_ins(HOME),
    "OrganizationBackupSettings.opt_in": lambda aws: _settings(aws).opt_in(HOME, served=("RDS",), fully_managed=()),
    "OrganizationBackupSettings.vault": lambda aws: _settings(aws).vault(CENTRAL_VAULT),
    "OrganizationBackupSettings.lock": lambda aws: _settings(aws).lock(CENTRAL_VAULT, LOCK),
    "OrganizationPolicies.policies": lambda aws: _policies(aws).policies(frozenset()),
    "OrganizationPolicies.attached": lambda aws: _policies(aws).attached("ou-1"),
    "OrganizationPolicies.resource_policy": lambda aws: _policies(aws).resource_policy(),
    "OrganizationPolicies.path": lambda aws: _policies(aws).path(PAYMENTS),
    "OrganizationPolicies.accounts_below": lambda aws: _policies(aws).accounts_below("ou-1"),
    "OrganizationPolicies.accounts_with_invalid_policy": lambda aws: _policies(aws).accounts_with_invalid_policy(),
    "OrganizationPolicies.write": lambda aws: _policies(aws).write("p-1", POLICY),
    "OrganizationPolicies.attach": lambda aws: _policies(aws).attach("p-1", "ou-1"),
    "OrganizationPolicies.detach": lambda aws: _policies(aws).detach("p-1", "ou-1"),
    "ProfilePlaces.values": lambda aws: ProfilePlaces(aws).values(
        AccountProfile(account=PAYMENTS, region=HOME, zones=("eu-west-1a",))
    ),
    "OrganizationQuotas.scps_per_target": lambda aws: OrganizationQuotas(
        aws, management_account=AccountId("111111111111"), global_region=GLOBAL_REGION
    ).scps_per_target(),
    "OrganizationSurvey.organization": lambda aws: _survey(aws).organization(),
    "OrganizationSurvey.administrators": lambda aws: _survey(aws).administrators(),
    "OrganizationSurvey.effective_backup_policy": lambda aws: _survey(aws).effective_backup_policy(PAYMENTS),
    "OrganizationSurvey.tag_keys": lambda aws: _survey(aws).tag_keys(),
    "OrganizationVaultShares.shares": lambda aws: _shares(aws).shares(CENTRAL_VAULT),
    "OrganizationVaultShares.enable": lambda aws: _shares(aws).enable(),
    "OrganizationVaultShares.share": lambda aws: _shares(aws).share(
        ShareVault(vault=CENTRAL_VAULT, name="ours", share="", added=(PAYMENTS,), removed=())
    ),
    "OrganizationSwitches.read": lambda aws: _switches(aws).read(),
    "OrganizationSwitches.enable_type": lambda aws: _switches(aws).enable_type("BACKUP_POLICY"),
    "OrganizationSwitches.trust": lambda aws: _switches(aws).trust("backup.amazonaws.com"),
    "OrganizationSwitches.delegate": lambda aws: _switches(aws).delegate(BACKUP_ACCOUNT, "backup.amazonaws.com"),
    "AccountOnboardings.begin": lambda aws: AccountOnboardings(aws.own, "arn:machine").begin(PAYMENTS, event_id="e"),
    "CopyRemediations.begin": lambda aws: CopyRemediations(lambda: aws.own, "arn:machine").begin(
        a_promise(), attempt=1
    ),
    "RestoreCeremonies.begin": lambda aws: RestoreCeremonies(aws.own, "arn:machine").begin("r-1"),
    "RestoreCeremonies.begin_closing": lambda aws: RestoreCeremonies(aws.own, "arn:machine").begin_closing(
        "r-1", now=datetime.now(UTC)
    ),
    "caller": lambda _: caller(HOME),
    "Secrets.value": lambda _: Secrets("strongroom").value("slack_bot_token"),
    "Stacks.find": lambda aws: _stacks(aws).find(PLACE),
    "Stacks.stack_sets_are_active": lambda aws: _stacks(aws).stack_sets_are_active(),
    "IntentLayers.carried": lambda aws: IntentLayers(aws).carried(PLACE),
    "IntentLayers.carried_by_some": lambda aws: IntentLayers(aws).carried_by_some(PLACE),
    "Stacks.activate_stack_sets": lambda aws: _stacks(aws).activate_stack_sets(),
    "Stacks.deploy": lambda aws: _stacks(aws).deploy(DesiredStack(place=PLACE, template="{}", parameters={})),
    "StackSets.instances": lambda aws: _stack_sets(aws).instances("x"),
    "StackSets.bring": lambda aws: _stack_sets(aws).bring("x", accounts=(PAYMENTS,), regions=(HOME,), are_new=True),
    "Surroundings.concurrency": lambda aws: Surroundings(aws).concurrency(PAYMENTS, HOME),
    "Surroundings.trails": lambda aws: Surroundings(aws).trails(PAYMENTS, HOME),
    "EvidenceLogs.log": lambda aws: EvidenceLogs(aws).log(PAYMENTS, HOME),
    "point_tags": lambda aws: point_tags(aws.own.list_tags, POINT),
    "listed_tags": lambda aws: listed_tags(aws.own.list_tags, POINT),
    "plan_found": lambda aws: plan_found(aws.own.get_backup_plan, PLAN),
    "TaggedResources.resources": lambda aws: TaggedResources(aws).resources([(PAYMENTS, HOME)]),
    "TableLogIndex.tree": lambda aws: TableLogIndex(aws.own, "log").tree(),
    "TableLogIndex.move": lambda aws: TableLogIndex(aws.own, "log").move(before=LogTree(), after=LogTree()),
    "TableLogIndex.place": lambda aws: TableLogIndex(aws.own, "log").place("k", 0),
    "TableLogIndex.places": lambda aws: TableLogIndex(aws.own, "log").places("k"),
    "TableLogIndex.placed": lambda aws: TableLogIndex(aws.own, "log").placed(),
    "VaultAccessPolicies.statements": lambda aws: VaultAccessPolicies(
        aws,  # type: ignore[arg-type]
        own_account=BACKUP_ACCOUNT,
    ).statements(LOCAL_VAULT),
    "VaultedPoints.find": lambda aws: _points(aws).find(POINT, vault=LOCAL_VAULT),
    "VaultedPoints.team_of": lambda aws: _points(aws).team_of(LOCAL_VAULT),
    "VaultedPoints.sees": lambda aws: _points(aws).sees(PAYMENTS, CENTRAL_VAULT),
    "ListedPoints.of_resource": lambda aws: _lists(aws).of_resource(RESOURCE, vault=LOCAL_VAULT),
    "ListedPoints.looked_at": lambda aws: _lists(aws).looked_at(a_listed_point()),
    "PastRestores.last": lambda aws: PastRestores(aws).last("RDS", account=PAYMENTS, region=HOME),
    "LandingVaults.landing": lambda aws: _points(aws).landing(PAYMENTS, HOME),
    "CentralWatchedCopies.out_of": lambda aws: CentralWatchedCopies(aws).out_of(
        "v", account=PAYMENTS, region=HOME, since=WINDOW.since
    ),
    "MemberWatchedRestores.describe": lambda aws: MemberWatchedRestores(aws).describe(
        "j", account=PAYMENTS, region=HOME
    ),
    "MemberWatchedRestores.ids": lambda aws: MemberWatchedRestores(aws).ids(PAYMENTS, HOME, since=WINDOW.since),
    "PolicyReach.targets_of": lambda aws: PolicyReach(aws.own).targets_of("p-1"),
    "PolicyReach.accounts_below": lambda aws: list(PolicyReach(aws.own).accounts_below("ou-a")),
    "OrganizationAccounts.memberships": lambda aws: OrganizationAccounts(aws.own).memberships(),
    "Witness.hint": lambda aws: Witness(aws, account=PAYMENTS, region=HOME).hint("r-1"),
    "Witness.witness": lambda aws: Witness(aws, account=PAYMENTS, region=HOME).witness("r-1"),
    "BusArchive.start": lambda aws: _archive(aws).start(REPLAY),
    "BusArchive.progress": lambda aws: _archive(aws).progress("r-1"),
    "DeadLetterBox.letters": lambda aws: [*_box(aws).letters()],
    "DeadLetterBox.put_down": lambda aws: _box(aws, known=True).put_down([LETTER]),
    "DeadLetterBox.send_back": lambda aws: _box(aws, known=True).send_back(LETTER, to="arn:queue"),
    "FunctionLogs.why_failed": lambda aws: FunctionLogs(aws.own, functions={"q": "f"}).why_failed("m-1", queue="q"),
    "StackParts.physical_id": lambda aws: StackParts(aws.own, "strongroom").physical_id("Queue"),
    "StackParts.named_like": lambda aws: StackParts(aws.own, "strongroom").named_like("Queue"),
    "bury": lambda _: bury("https://queue", "body", "reason", came_from="arn:queue"),
    "WishQueue.send": lambda aws: WishQueue(aws.own, "https://sqs", account=BACKUP_ACCOUNT, region=HOME).send(
        InventoryOrder(), now=datetime(2026, 11, 24, tzinfo=UTC)
    ),
    "ClickQueue.hand_on": lambda aws: _clicks(aws).hand_on(a_signed_click(), now=datetime(2026, 11, 24, tzinfo=UTC)),
    **{
        f"MemberTags.read {service}": lambda aws, service=service: _tags(aws).read(  # type: ignore[misc]
            f"arn:aws:{service}:eu-west-1:222222222222:x/y", account=PAYMENTS, region=HOME
        )
        for service in SERVICES
    },
    **{
        f"MemberTags.add {service}": lambda aws, service=service: _tags(aws).add(  # type: ignore[misc]
            f"arn:aws:{service}:eu-west-1:222222222222:x/y", {"Backup": "daily"}, account=PAYMENTS, region=HOME
        )
        for service in SERVICES
    },
    **{
        f"MemberTags.{name} {service}": lambda aws, name=name, service=service: _told(  # type: ignore[misc]
            getattr(_tags(aws), name), f"arn:aws:{service}:eu-west-1:222222222222:{_KINDS.get(service, 'x')}/y"
        )
        for name in ("look", "put", "shown")
        for service in SERVICES
    },
}
# They ask nothing of AWS.
ELSEWHERE = {
    "BucketNames.holder",  # whatever S3 answers but 404 is a bucket of somebody's
    "BorrowedRoles.clear",
    "DeadLetterBox.is_ours",
    "KeptManagers.find",
    "KeptManagers.keep",
    "KeptManagers.keep_untold",
    "MemberSettingsReader.read",  # what is refused is noted as unread
    "MemberNamespaces.started",  # of an overwritten namespace nothing is told
    "MemoryViewTable.page",
    "MemoryViewTable.remove",
    "MemoryViewTable.several",
    "make_alarms_anew",  # as `MemberFinishing.take of alarms`
    "Pace.knows",
    "Pace.may_describe",
    "Pace.may_list",
    "Pace.take_turn",
    "aws_errors",
    "backup_job_of",
    "connect",
    "copy_job_of",
    "forget",
    "forget_clients",
    "known_scan",
    "read_item",
    "listed",
    "membership_of",
    "of_type",
    "tag_errors",
    "to_moment",
    "to_text",
    "told_from_refused",
    # Taken by MemberFinishing.
    "cluster_of",
    "make_readers",
    "make_writer",
}


@pytest.fixture
def on_a_bad_day(
    intent: Intent, fake_clients: FakeClients, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Failure], Aws]]:
    """Make every call fail in one way."""

    def begin(failure: Failure) -> Aws:
        aws = Aws(failure, intent)
        fake_clients.own |= dict.fromkeys(("backup", "sts", "sqs", "secretsmanager"), aws.own)
        monkeypatch.setattr(account_access, "connect", aws.client)
        secrets.forget()
        return aws

    yield begin
    secrets.forget()


# What does not pass by itself, though its code does elsewhere: a quota of vaults, which somebody has to raise.
QUOTAS = {"MemberAccessAsker.ask": {"LimitExceededException": RestoreFailedError.__name__}}


def _raised(call: Callable[[], Any]) -> str:
    try:
        call()
    except StrongroomError as error:
        return type(error).__name__
    return "nothing"


@pytest.mark.parametrize(("who", "call"), CALLS.items(), ids=CALLS.keys())
def test_what_passes_by_itself_is_tried_again_whoever_hears_of_it(
    who: str, call: Callable[[Aws], Any], on_a_bad_day: Callable[[Failure], Aws]
) -> None:
    meanings = {}
    for name, failure in PASSING.items():
        aws = on_a_bad_day(failure)
        meanings[name] = _raised(lambda aws=aws: call(aws))  # type: ignore[misc]
    of_the_moment = {TemporarilyUnavailableError.__name__, ThrottledError.__name__}
    lasting = {name: meaning for name, meaning in meanings.items() if meaning not in of_the_moment}
    assert lasting == QUOTAS.get(who, {})


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_what_nobody_knows_is_never_tried_again_and_one_of_our_errors(
    call: Callable[[Aws], Any], on_a_bad_day: Callable[[Failure], Aws]
) -> None:
    aws = on_a_bad_day(answered("UnheardException"))
    with pytest.raises(StrongroomError, match="answered UnheardException") as caught:
        call(aws)
    assert not isinstance(caught.value, TemporarilyUnavailableError)


def _offered() -> Iterator[str]:
    """Every public function and method in the modules that call AWS."""
    for found in pkgutil.walk_packages(adapters.__path__, "strongroom.adapters."):
        module = importlib.import_module(found.name)
        if not hasattr(module, "aws_errors"):
            continue
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__ or name in ELSEWHERE:
                continue
            if inspect.isfunction(thing):
                yield name
            elif inspect.isclass(thing) and not getattr(thing, "_is_protocol", False):
                methods = (each for each, method in vars(thing).items() if inspect.isfunction(method))
                yield from (f"{name}.{method}" for method in methods if not method.startswith("_"))


@pytest.mark.parametrize(
    ("said", "meaning"),
    [({"absent": ["Odd"]}, NotFoundError), ({"early": ["Odd"]}, ResourceNotReadyError), ({}, CallRefusedError)],
    ids=["absent", "too early", "unknown"],
)
def test_a_code_means_what_the_caller_says_that_it_means_there(
    said: dict[str, list[str]], meaning: type[StrongroomError]
) -> None:
    with pytest.raises(meaning) as caught, aws_errors("it", **said):  # type: ignore[arg-type]
        raise ClientError({"Error": {"Code": "Odd", "Message": ""}}, "SomeCall")
    assert type(caught.value) is meaning


def test_every_call_of_every_adapter_is_among_those_that_are_tried() -> None:
    assert set(_offered()) - ELSEWHERE == {name.partition(" ")[0] for name in CALLS}


@pytest.mark.parametrize(
    ("operation", "code", "meaning"),
    [
        ("PutItem", "ConditionalCheckFailedException", ConditionUnmetError),
        ("GetItem", "ResourceNotFoundException", ConfigurationMissingError),
        ("UpdateItem", "TransactionConflictException", TemporarilyUnavailableError),
        ("TransactWriteItems", "AccessDeniedException", ConfigurationMissingError),
        ("DescribeExecution", "AccessDeniedException", ConfigurationMissingError),
        ("TagResource", "ResourceNotFoundException", NotFoundError),
        ("DescribeResourcePolicy", "ResourcePolicyNotFoundException", NotFoundError),
        ("ListServiceQuotas", "NoSuchResourceException", NotFoundError),
        ("GetSecretValue", "AccessDeniedException", ConfigurationMissingError),
        ("DescribeTable", "AccessDeniedException", AccessRefusedError),
        ("StartCopyJob", "InvalidRequestException", CopyRefusedError),
        ("StartRestoreJob", "InvalidRequestException", CallRefusedError),
        ("RestoreFromSnapshot", "ThrottlingException", ThrottledError),
        ("RestoreFromSnapshot", "InternalServerException", TemporarilyUnavailableError),
        ("GetSnapshot", "ThrottlingException", ThrottledError),
        ("GetNamespace", "ThrottlingException", ThrottledError),
        ("AssumeRole", "ThrottlingException", ThrottledError),
        ("AssumeRole", "Throttling", ThrottledError),
        ("AssumeRole", "ServiceUnavailable", TemporarilyUnavailableError),
        ("DescribeCopyJob", "InvalidParameterValueException", CallRefusedError),
        ("DescribeRecoveryPoint", "InvalidParameterValueException", CallRefusedError),
        ("GetRecoveryPointRestoreMetadata", "InvalidParameterValueException", CallRefusedError),
        ("ListTags", "InvalidRequestException", NotFoundError),
        ("StartCopyJob", "LimitExceededException", TemporarilyUnavailableError),
        ("StartCopyJob", "ConflictException", TemporarilyUnavailableError),
        ("ListTags", "ConflictException", TemporarilyUnavailableError),
        ("CreateChangeSet", "LimitExceededException", CallRefusedError),
        ("CreateRestoreAccessBackupVault", "LimitExceededException", CallRefusedError),
        ("SendTaskSuccess", "InvalidToken", AlreadyDoneError),
        ("PutObject", "InvalidToken", AccessRefusedError),
        ("PutObject", "NoSuchBucket", ConfigurationMissingError),
        ("PutObject", "PreconditionFailed", ConditionUnmetError),
        ("PutObject", "ConditionalRequestConflict", TemporarilyUnavailableError),
        ("GetObject", "InvalidAccessKeyId", AccessRefusedError),
        ("GetItem", "RequestExpired", ConfigurationMissingError),
        ("CreateTags", "AuthFailure", AccessRefusedError),
        ("ListRules", "ExpiredTokenException", CredentialsExpiredError),
        ("GetCallerIdentity", "InvalidClientTokenId", CredentialsUnknownError),
        ("DescribeKey", "UnrecognizedClientException", CredentialsUnknownError),
        ("AssumeRole", "RegionDisabledException", CredentialsUnknownError),
        ("DescribeStacks", "ValidationError", NotFoundError),
        ("CreateChangeSet", "ValidationError", CallRefusedError),
        ("GetBucketTagging", "NoSuchTagSet", TagsNotFoundError),
        ("CreateTags", "InvalidInstanceID.NotFound", NotFoundError),
        ("ListStackInstances", "StackSetNotFoundException", NotFoundError),
        ("UpdateStackSet", "OperationInProgressException", TemporarilyUnavailableError),
        ("AddTagsToResource", "InvalidDBInstanceState", ResourceNotReadyError),
    ],
)
def test_a_code_means_what_its_operation_means_by_it(operation: str, code: str, meaning: type[Exception]) -> None:
    with pytest.raises(StrongroomError) as caught, aws_errors():
        raise refusal(code, operation)
    assert type(caught.value) is meaning


@pytest.mark.parametrize(
    ("reasons", "meaning"),
    [
        (("None", "ConditionalCheckFailed"), ConditionUnmetError),
        (("TransactionConflict", "ConditionalCheckFailed"), ConditionUnmetError),
        (("TransactionConflict", "None"), TemporarilyUnavailableError),
        (("ThrottlingError", "None"), TemporarilyUnavailableError),
        (("ProvisionedThroughputExceeded",), TemporarilyUnavailableError),
        (("None", "ValidationError"), CallRefusedError),
        (("ItemCollectionSizeLimitExceeded", "TransactionConflict"), CallRefusedError),
        ((), TemporarilyUnavailableError),
    ],
    ids=lambda value: " and ".join(value) if isinstance(value, tuple) else "",
)
def test_a_transaction_that_was_cancelled_means_what_its_reasons_mean(
    reasons: tuple[str, ...], meaning: type[Exception]
) -> None:
    error = refusal("TransactionCanceledException", "TransactWriteItems")
    error.response["CancellationReasons"] = [{"Code": code} for code in reasons]
    with pytest.raises(StrongroomError) as caught, aws_errors():
        raise error
    assert type(caught.value) is meaning


def test_an_error_says_in_one_line_what_could_not_be_done_and_why() -> None:
    with pytest.raises(CallRefusedError) as caught, aws_errors("the lock cannot be put"):
        raise refusal("InvalidRequestException", "PutBackupVaultLockConfiguration", "too late:\n  immutable")
    said = "PutBackupVaultLockConfiguration answered InvalidRequestException: too late: immutable"
    assert str(caught.value) == f"the lock cannot be put: {said}"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("InvalidParameterValueException", NotFoundError), ("AccessDeniedException", AccessRefusedError)],
)
def test_a_code_means_that_something_is_absent_where_the_caller_says_so(code: str, meaning: type[Exception]) -> None:
    with pytest.raises(StrongroomError) as caught, aws_errors(absent=("InvalidParameterValueException",)):
        raise refusal(code, "DescribeRecoveryPoint")
    assert type(caught.value) is meaning


@pytest.mark.parametrize("failure", [NoCredentialsError(), ParamValidationError(report="no number")], ids=repr)
def test_what_was_never_sent_is_not_tried_again(failure: Exception) -> None:
    with pytest.raises(CallRefusedError), aws_errors():
        raise failure


@pytest.mark.parametrize(
    ("failure", "meaning"),
    [
        (NoCredentialsError(), CredentialsMissingError),
        (ProfileNotFound(profile="x"), CredentialsMissingError),
        (UnauthorizedSSOTokenError(), CredentialsExpiredError),
        (TokenRetrievalError(provider="sso", error_msg="x"), CredentialsExpiredError),
    ],
    ids=lambda value: type(value).__name__,
)
def test_credentials_that_are_missing_or_too_old_are_told_apart(
    failure: Exception, meaning: type[StrongroomError]
) -> None:
    for otherwise in (None, AccessRefusedError if meaning is CredentialsExpiredError else CallRefusedError):
        with pytest.raises(meaning), aws_errors(otherwise=otherwise):
            raise failure


@pytest.mark.parametrize(
    ("code", "meaning"),
    [("AccessDeniedException", RestoreFailedError), ("TooManyRequestsException", ThrottledError)],
)
def test_otherwise_stands_for_everything_that_time_does_not_mend(code: str, meaning: type[Exception]) -> None:
    with pytest.raises(StrongroomError) as caught, aws_errors(otherwise=RestoreFailedError):
        raise refusal(code, "StartRestoreJob")
    assert type(caught.value) is meaning


def test_an_error_of_ours_passes_as_it_is() -> None:
    ours = NotFoundError("gone")
    with pytest.raises(NotFoundError) as caught, aws_errors("x", otherwise=RestoreFailedError):
        raise ours
    assert caught.value is ours
