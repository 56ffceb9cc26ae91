"""What `--record` keeps: AWS's answers and the events that were given, redacted, a file each."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from strongroom.adapters.aws.doctor.reading import Answer
from strongroom.domain.doctor.recorded_events import name_of
from strongroom.domain.doctor.redaction import Redactor
from strongroom.domain.errors import MalformedRequestError
from strongroom.domain.intent.model import Organization

# The accounts of the example, so that a recording fits beside the project's samples.
_MANAGEMENT, _BACKUP, _AUDIT = "111111111111", "999999999999", "888888888888"
_UNKEPT: Final = "the folder of a recording is new or empty, so that nothing is mixed or overwritten"


class Recording:
    """A folder of `answers/<service>/<Operation>-<n>.json` and `events/<source>/<name>-<n>.json`.

    Nothing reaches the folder that was not redacted; one pseudonym stands for one name in all of it.
    """

    def __init__(self, folder: Path, *, place: Organization) -> None:
        """Begin in a new or empty folder, or raise MalformedRequestError."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise MalformedRequestError(f"--record {folder}: {_UNKEPT}")
        self._folder = folder
        known: dict[str, str] = {
            place.management_account: _MANAGEMENT,
            place.backup_account: _BACKUP,
            **({} if place.audit_account is None else {place.audit_account: _AUDIT}),
        }
        self._redactor = Redactor(accounts=known)
        self._counts: Counter[str] = Counter()
        self._has_begun = False
        self._waiting: list[Answer] = []
        self._writing = Lock()  # answers arrive from several threads

    def hear(self, answer: Answer) -> None:
        """Keep an answer, once the recording has begun."""
        if not self._has_begun:
            self._waiting.append(answer)
            return
        kept = {
            "service": answer.service,
            "operation": answer.operation,
            "account": answer.account,
            "region": answer.region,
            "request": answer.request,
            "status": answer.status,
            "answer": _parsed(answer.body),
        }
        self._keep(f"answers/{answer.service}/{answer.operation}", kept)

    def begin(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Write from now on: what was heard so far, and these events; before it nothing is left behind."""
        self._has_begun = True
        for answer in self._waiting:
            self.hear(answer)
        for event in events:
            self._keep(f"events/{name_of(event)}", event)

    def _keep(self, name: str, document: Mapping[str, Any]) -> None:
        with self._writing:
            self._counts[name] += 1
            path = self._folder / f"{name}-{self._counts[name]}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(self._redactor.redact(document), indent=2, default=str, ensure_ascii=False)
            path.write_text(text + "\n", encoding="utf-8")


def _parsed(body: str) -> Any:
    """JSON as it is, XML as a text."""
    try:
        return json.loads(body)
    except json.JSONDecodeError:
        return body
