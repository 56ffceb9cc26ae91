"""Jira's stand-in, driven by the `jira` client library."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from jira import JIRA
from jira.exceptions import JIRAError

from sandbox.example.drivers import DriverError, JiraDriver
from sandbox.standins.jira import rest_api as jira_stand_in


def _client(version: str) -> Any:
    given = jira_stand_in.credentials()
    options = {"rest_api_version": version}
    return JIRA(given.server, options=options, basic_auth=(given.email, given.api_token), max_retries=0, timeout=60)


@pytest.fixture
def client(endpoint: str) -> Iterator[Any]:
    """The integration's client on version 2, the library's default."""
    connected = _client("2")
    yield connected
    connected.close()


def test_the_site_is_known_as_jira_cloud_and_the_caller_by_its_token(client: Any) -> None:
    assert client.server_info()["deploymentType"] == "Cloud"
    assert client.myself()["accountId"] == "strongroom"


def test_a_wrong_token_is_refused(endpoint: str) -> None:
    given = jira_stand_in.credentials()
    with pytest.raises(JIRAError) as raised:
        JIRA(given.server, basic_auth=(given.email, "guess"), max_retries=0, get_server_info=False).myself()
    assert raised.value.status_code == 401


def test_a_ticket_tells_who_reported_it_and_who_approves_it(client: Any, endpoint: str) -> None:
    key = JiraDriver(endpoint).create_issue("Restore payments", labels=["restore", "p1"], approvers=["sana"])
    fields = client.issue(key).fields
    assert (key, fields.summary, fields.status.name) == ("OPS-1", "Restore payments", "Open")
    assert fields.status.statusCategory.key == "new"
    assert (fields.reporter.accountId, fields.reporter.emailAddress) == ("omar", "omar@strongroom.example")
    assert fields.labels == ["restore", "p1"]
    approvers = getattr(fields, jira_stand_in.credentials().approvers_field)
    assert [user.accountId for user in approvers] == ["sana"]


def test_only_the_fields_asked_for_are_answered(client: Any, endpoint: str) -> None:
    key = JiraDriver(endpoint).create_issue("Restore payments")
    assert set(client.issue(key, fields="summary,status").raw["fields"]) == {"summary", "status"}


def test_an_approval_names_the_approver_and_stands_in_the_history(client: Any, endpoint: str) -> None:
    driver = JiraDriver(endpoint)
    key = driver.create_issue("Restore payments")
    before = client.issue(key).fields.updated
    assert driver.transition(key, "Approve") == "Approved"
    issue = client.issue(key, expand="changelog")
    assert getattr(issue.fields, jira_stand_in.credentials().approved_by_field).accountId == "chiara"
    assert issue.fields.updated > before
    [history] = issue.changelog.histories
    assert (history.author.accountId, history.items[0].toString) == ("chiara", "Approved")


@pytest.mark.parametrize("person", ["omar", "maria"])
def test_nobody_but_a_named_approver_approves(endpoint: str, person: str) -> None:
    driver = JiraDriver(endpoint)
    key = driver.create_issue("Restore payments", reporter="omar", approvers=["omar", "chiara"])
    with pytest.raises(DriverError, match="not valid"):
        driver.transition(key, "Approve", person=person)
    assert driver.status(key) == "Open"


def test_a_ticket_goes_the_whole_way_and_can_be_withdrawn_on_it(client: Any, endpoint: str) -> None:
    driver = JiraDriver(endpoint)
    key = driver.create_issue("Restore payments")
    driver.transition(key, "Approve")
    assert {step["name"] for step in client.transitions(key)} == {"Start", "Withdraw", "Reopen"}
    client.transition_issue(key, "Start")
    assert client.issue(key).fields.status.name == "In Progress"
    assert driver.withdraw(key) == "Withdrawn"
    assert client.issue(key).fields.status.statusCategory.key == "done"


def test_a_transition_that_is_not_open_is_refused(client: Any, endpoint: str) -> None:
    key = JiraDriver(endpoint).create_issue("Restore payments")
    with pytest.raises(JIRAError) as raised:
        client.transition_issue(key, "31")
    assert raised.value.status_code == 400
    assert client.issue(key).fields.status.name == "Open"


def test_comments_are_added_and_read_as_text_in_version_two(client: Any, endpoint: str) -> None:
    driver = JiraDriver(endpoint)
    key = driver.create_issue("Restore payments")
    client.add_comment(key, "restored *payments*\nas payments-restored")
    assert [comment.body for comment in client.comments(key)] == ["restored *payments*\nas payments-restored"]
    [comment] = driver.comments(key)
    assert (comment["author"], comment["text"]) == ("strongroom", "restored *payments*\nas payments-restored")


def test_comments_are_documents_in_version_three(endpoint: str) -> None:
    key = JiraDriver(endpoint).create_issue("Restore payments")
    client = _client("3")
    words = {"type": "text", "text": "restored"}
    client.add_comment(key, {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [words]}]})
    [comment] = client.comments(key)
    assert comment.raw["body"]["content"][0]["content"] == [words]
    with pytest.raises(JIRAError) as raised:
        client.add_comment(key, "plain text")
    assert raised.value.status_code == 400
    client.close()


def test_the_integration_opens_a_ticket_itself(client: Any) -> None:
    fields = {"project": {"key": "OPS"}, "issuetype": {"name": "Change"}, "summary": "Restore", "description": "why"}
    issue = client.create_issue(fields=fields)
    assert (issue.key, issue.fields.description, issue.fields.reporter.accountId) == ("OPS-1", "why", "strongroom")
    with pytest.raises(JIRAError, match="You must specify a summary"):
        client.create_issue(fields=fields | {"summary": " "})


def test_users_are_found(client: Any) -> None:
    assert client.user("maria").emailAddress == "maria@strongroom.example"
    assert [user.accountId for user in client.search_users(query="sana")] == ["sana"]


def test_an_unknown_ticket_is_a_plain_404(client: Any) -> None:
    with pytest.raises(JIRAError, match="Issue does not exist") as raised:
        client.issue("OPS-99")
    assert raised.value.status_code == 404


def test_the_page_shows_a_ticket_with_the_buttons_open_to_the_person(client: Any, endpoint: str) -> None:
    key = JiraDriver(endpoint).create_issue("Restore <payments>")
    client.add_comment(key, "<b>hello</b>")
    page = f"{endpoint}/_jira/browse/{key}"
    html = {"Accept": "text/html"}
    for_chiara = requests.get(f"{page}?person=chiara", headers=html, timeout=60).text
    assert "Restore &lt;payments&gt;" in for_chiara
    assert "&lt;b&gt;hello&lt;/b&gt;" in for_chiara
    assert ">Approve</button>" in for_chiara
    assert ">Approve</button>" not in requests.get(f"{page}?person=omar", headers=html, timeout=60).text
    assert key in requests.get(f"{endpoint}/_jira/", timeout=60).text


def test_reopening_a_ticket_takes_its_approval_back(client: Any, endpoint: str) -> None:
    driver = JiraDriver(endpoint)
    key = driver.create_issue("Restore payments")
    driver.transition(key, "Approve")
    assert driver.transition(key, "Reopen", person="omar") == "Open"
    assert getattr(client.issue(key).fields, jira_stand_in.credentials().approved_by_field) is None


def _searched(**query: str) -> requests.Response:
    given = jira_stand_in.credentials()
    address = f"{given.server}/rest/api/3/search/jql"
    return requests.get(address, params=query, auth=(given.email, given.api_token), timeout=60)


def test_a_search_answers_pages_of_the_newest_with_the_fields_asked_for(endpoint: str) -> None:
    driver = JiraDriver(endpoint)
    for summary in ("first", "second"):
        driver.create_issue(summary, labels=["restore"])
    page = _searched(jql="project = OPS AND labels = restore", fields="summary", maxResults="1").json()
    assert [each["fields"] for each in page["issues"]] == [{"summary": "second"}]
    assert (page["isLast"], "nextPageToken" in page) == (False, True)
    [alone] = _searched(jql='labels = "restore" AND creator = omar', maxResults="1").json()["issues"]
    assert "key" not in alone
    assert _searched(jql="creator = currentUser()").json() == {"issues": [], "isLast": True}


@pytest.mark.parametrize(
    "jql", ["", "ORDER BY created", "labels ~ restore"], ids=["nothing", "all", "another operator"]
)
def test_a_search_that_is_not_understood_or_has_no_bounds_is_refused(jql: str, endpoint: str) -> None:
    assert _searched(jql=jql).status_code == 400


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"summary": "two\nlines"}, "summary"),
        ({"summary": "s" * 256}, "summary"),
        ({"labels": ["two words"]}, "labels"),
        ({"issuetype": {"name": "Epic"}}, "issuetype"),
    ],
    ids=["two lines", "too long", "a label with a space", "another type"],
)
def test_what_jira_does_not_take_is_refused_by_its_field(changes: dict[str, Any], field: str, endpoint: str) -> None:
    given = jira_stand_in.credentials()
    fields = {"project": {"key": "OPS"}, "summary": "s", "issuetype": {"name": "Task"}} | changes
    answer = requests.post(
        f"{given.server}/rest/api/3/issue",
        json={"fields": fields},
        auth=(given.email, given.api_token),
        timeout=60,
    )
    assert (answer.status_code, [*answer.json()["errors"]]) == (400, [field])
