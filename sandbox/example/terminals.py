"""What makes a terminal that of one person in this sandbox: a file to source, and profiles of the AWS CLI."""

import shlex
import sys
from pathlib import Path
from typing import Final

from sandbox.organization import seed
from sandbox.people import PEOPLE
from sandbox.settings import HOME_REGION, ROOT_SECRET

PAGES: Final = {"Slack": "_slack/", "Jira": "_jira/", "ServiceNow": "_servicenow/", "Identity": "_idp/"}
# What a terminal may have of another world.
_FORGOTTEN: Final = (
    "STRONGROOM_TOKEN AWS_PROFILE AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
)
_SOURCED: Final = """\
# `source` this with the name of a person: the terminal is then theirs, in this sandbox.
case "${{1:-}}" in
    {names}) ;;
    *) echo "say who: {told}" >&2; return 2 ;;
esac
unset {forgotten}
export PATH={programs}:"$PATH" SANDBOX={url} STRONGROOM_API={api} HOME_REGION={region}
export STRONGROOM_TOKEN_FILE={folder}/token-"$1" AWS_CONFIG_FILE={folder}/aws-profiles
cd {folder} || return
echo "You are $1. Your password and code, for each login: {url}/_idp/authenticator/$1"
echo "{pages}"
"""


def write_terminal(folder: Path, *, url: str, api_url: str) -> Path:
    """The file to source, written into the folder that has the intent; it is gone with the sandbox."""
    (folder / "aws-profiles").write_text("".join(_profile(account, url=url) for account in seed.ACCOUNTS))
    names = [person.name for person in PEOPLE]
    script = folder / "as"
    script.write_text(
        _SOURCED.format(
            names="|".join(names),
            told=", ".join(f"{person.name} ({person.title.lower()})" for person in PEOPLE),
            forgotten=_FORGOTTEN,
            programs=shlex.quote(str(Path(sys.executable).parent)),
            url=url,
            api=api_url,
            region=HOME_REGION,
            folder=shlex.quote(str(folder)),
            pages="  ".join(f"{name} {url}/{path}" for name, path in PAGES.items()),
        )
    )
    return script


def _profile(account: seed.SeedAccount, *, url: str) -> str:
    """The root of an account, as the AWS CLI knows it."""
    return (
        f"[profile {account.name}]\nregion = {HOME_REGION}\nendpoint_url = {url}\n"
        f"aws_access_key_id = {account.id}\naws_secret_access_key = {ROOT_SECRET}\n"
        "s3 =\n  addressing_style = path\n\n"  # a bucket has no host of its own here
    )
