"""What is kept of a ceremony is put together into bundles that can be judged without us, also while it goes on."""

import pytest

from strongroom.adapters.identity.signatures import CryptographySignatures
from strongroom.domain.canonical import digest_of
from strongroom.domain.errors import MalformedRecordError, NotFoundError
from strongroom.domain.evidence.bundles import read_bundle
from strongroom.domain.evidence.findings import FindingState
from strongroom.domain.evidence.history import COPY_BACK, RESTORE
from strongroom.domain.evidence.replay import replay, replay_act
from strongroom.domain.proofs.statements import Decision
from strongroom.services.evidence.bundle_ceremony import bundle_ceremony, bundle_way
from tests.fakes.evidence.watching import WatchWorld

SIGNATURES = CryptographySignatures()


def test_a_ceremony_that_has_ended_is_proven_by_its_bundle(watch: WatchWorld) -> None:
    request = watch.restore()
    watch.finish(request)
    kept = watch.ceremony.kept(request)
    text = bundle_ceremony(kept, witnessed=watch.watching.evidence.witnessed(request))
    trust = watch.trust.at(kept.sealed.request.requested_at)
    assert replay(read_bundle(text), trust=trust, signatures=SIGNATURES).state is FindingState.PROVEN


def test_a_ceremony_that_goes_on_has_no_bundle_yet(watch: WatchWorld) -> None:
    request = watch.restore()
    with pytest.raises(NotFoundError, match="has not ended"):
        bundle_ceremony(watch.ceremony.kept(request), witnessed=watch.watching.evidence.witnessed(request))


@pytest.mark.parametrize(("act", "job"), [(RESTORE, "restore-1"), (COPY_BACK, "copy-1")])
def test_the_way_to_an_act_shows_that_it_was_approved_while_the_ceremony_goes_on(
    act: object, job: str, watch: WatchWorld
) -> None:
    request = watch.ceremony.come_to_restore() if act is RESTORE else watch.ceremony.come_to_copy()
    chosen = RESTORE if act is RESTORE else COPY_BACK
    kept = watch.ceremony.kept(request)
    way = bundle_way(kept, chosen, witnessed=watch.watching.evidence.witnessed(request))
    trust = watch.trust.at(kept.sealed.request.requested_at)
    found = replay_act(way, act=chosen, trust=trust, signatures=SIGNATURES)
    assert (found.job, found.asked.id, found.seen_at) == (job, request, watch.now)


def test_a_proof_that_the_log_has_not_seen_yet_is_left_out_of_the_way(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_copy()
    watch.ceremony.sign(request, "sana", Decision.DENY)
    kept = watch.ceremony.kept(request)
    way = bundle_way(kept, COPY_BACK, witnessed=watch.watching.evidence.witnessed(request))
    assert (len(kept.proofs), len(way.proofs), len(way.log["proofs"])) == (2, 1, 1)
    assert set(way.log["proofs"]) < set(map(digest_of, kept.proofs))


def test_where_nothing_was_intended_there_is_no_way(watch: WatchWorld) -> None:
    request = watch.ceremony.come_to_approval()
    kept = watch.ceremony.kept(request)
    way = bundle_way(kept, RESTORE, witnessed={})
    with pytest.raises(MalformedRecordError, match="no restore-intended"):
        replay_act(way, act=RESTORE, trust=watch.trust.at(watch.now), signatures=SIGNATURES)
