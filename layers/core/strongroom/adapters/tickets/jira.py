"""Jira: one ticket at a time, read and commented on by its exact key."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from strongroom.domain.errors import AccessRefusedError, NotFoundError, TemporarilyUnavailableError
from strongroom.domain.restores.tickets import Ticket, parse_ticket_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from strongroom.domain.intent.ceremony import Tickets

ACTIONS: tuple[str, ...] = ()

_TIMEOUT_SECONDS = 5


class JiraTickets:
    """The ticket system, kept in Jira."""

    def __init__(self, tickets: Tickets, *, token: Callable[[], str]) -> None:
        """`token` gives the API token of `tickets.user`, asked for only when it is needed."""
        self._tickets = tickets
        self._token = token

    def read(self, key: str) -> Ticket:
        """The ticket; NotFoundError when there is none."""
        # A key with a slash would reach another issue: only what looks like a key is ever sent.
        parse_ticket_key(key, system="jira")
        fields = ("status", "labels", "summary", "description", self._tickets.approver_field)
        with _refusals_translated(key):
            issue = self._jira.issue(key, fields=",".join(fields))
        found = issue.raw["fields"]
        if issue.key != key:
            raise NotFoundError(f"there is no ticket {key}; it may have moved to {issue.key}")
        return Ticket(
            key=issue.key,
            status=found["status"]["name"],
            approver=_account(found.get(self._tickets.approver_field)),
            text=f"{found.get('summary') or ''}\n{_text(found.get('description'))}",
            labels=tuple(found.get("labels") or ()),
        )

    def comment(self, key: str, text: str) -> None:
        """Tell the ticket's readers."""
        parse_ticket_key(key, system="jira")
        with _refusals_translated(key):
            self._jira.add_comment(key, text)

    @cached_property
    def _jira(self) -> Any:
        from jira import JIRA

        return JIRA(
            server=self._tickets.url.rstrip("/"),
            basic_auth=(self._tickets.user, self._token()),
            timeout=_TIMEOUT_SECONDS,
            max_retries=1,
            get_server_info=False,
        )


def _account(value: Any) -> str:
    """The account id of a user field that names exactly one person; empty for everything else."""
    people = value if isinstance(value, list) else [value]
    if len(people) != 1 or not isinstance(people[0], dict):
        return ""
    return str(people[0].get("accountId") or "")


def _text(description: Any) -> str:
    if description is None:
        return ""
    # API version 3 answers rich text as a document; its JSON holds every word of it.
    return description if isinstance(description, str) else json.dumps(description, ensure_ascii=False)


@contextmanager
def _refusals_translated(key: str) -> Iterator[None]:
    from jira import JIRAError
    from requests import RequestException

    try:
        yield
    except JIRAError as error:
        # The error's own text carries headers with our credentials: only its status is passed on.
        raise _meaning(key, error.status_code) from None
    except RequestException as error:
        raise TemporarilyUnavailableError(f"the ticket system cannot be reached: {type(error).__name__}") from None


def _meaning(key: str, status: int | None) -> AccessRefusedError | NotFoundError | TemporarilyUnavailableError:
    match status:
        case 404:
            return NotFoundError(f"there is no ticket {key}")
        case 400 | 401 | 403:
            return AccessRefusedError(f"the ticket system refused {key} with status {status}")
        case _:
            return TemporarilyUnavailableError(f"the ticket system answered {key} with status {status}")
