"""What a person may get wrong, at the command's real entry: one line that says it, no traceback, and never a secret."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.integration.standins.misbehaving import answer, serving

ROOT = Path(__file__).parents[3]
EXAMPLE = str(ROOT / "strongroom.yaml")
SECRET = "se-cr-et"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join((str(ROOT / "cli"), str(ROOT / "layers" / "core"))),
    "STRONGROOM_TOKEN": SECRET,
    "AWS_ACCESS_KEY_ID": "999999999999",
    "AWS_SECRET_ACCESS_KEY": SECRET,
}
LIST = ("restore", "list", "--api")
# Whoever runs in the background of a shell ignores Ctrl-C, and so would the command that it starts.
ENTRY = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("strongroom_cli", run_name="__main__")
"""


def started(*arguments: str, folder: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ENTRY, *arguments],
        cwd=folder,
        env={**ENVIRONMENT, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def last_line(process: subprocess.Popen[str], *, code: int) -> str:
    """What was told at the end; with it goes whatever must hold of every ending."""
    out, told = process.communicate(timeout=60)
    assert process.returncode == code, told
    assert "Traceback" not in told
    assert SECRET not in out + told
    return told.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no command was given"),
        (("compil",), "did you mean 'compile'?"),
        (("restore", "aprove"), "did you mean 'approve'?"),
        (("policy", "x" * 40), "there are effective, lint, attack"),
        (("a\nb\x1b[2J",), "there is no 'a\\nb\\x1b[2J'"),
        (("--verson",), "--verson"),
        (("compile", "none.yaml", "--out", "out"), "none.yaml: error: the file cannot be read: No such file"),
        (("compile", EXAMPLE, "--out", "/proc/none/out"), "--out /proc/none/out cannot be written"),
        (("compile", EXAMPLE, "--out", "/dev/null/out"), "--out /dev/null/out cannot be written"),
        (("policy", "lint", "none.json"), "none.json: the file cannot be read: No such file"),
        (("policy", "effective", "none.json"), "none.json: the file cannot be read: No such file"),
        (("policy", "attack", "none.json"), "none.json: the file cannot be read: No such file"),
        (("policy", "lint", "/"), "/: more than 2000 folders lie below: name one of them"),
        (("scp", "show", "--intent", "none.yaml"), "none.yaml: error: the file cannot be read: No such file"),
        (("plan", "none.yaml"), "none.yaml: error: the file cannot be read: No such file"),
        (("apply", "none.yaml"), "none.yaml: error: the file cannot be read: No such file"),
        (("login", "--intent", "none.yaml"), "none.yaml: error: the file cannot be read: No such file"),
        (("evidence", "verify", "none.json"), "none.json cannot be read: No such file or directory"),
        ((*LIST, "http://localhost:1"), "the API at http://localhost:1 cannot be reached"),
        ((*LIST, "http://localhost:99999"), "--api or STRONGROOM_API is no address"),
        ((*LIST, f"http://localhost:{SECRET}"), "--api or STRONGROOM_API is no address"),
        ((*LIST, f"https://[{SECRET}"), "--api or STRONGROOM_API is no address"),
        ((*LIST, f"https://me:{SECRET}@api.example"), "say it without user, query and fragment"),
        ((*LIST, f"https://api.example/?token={SECRET}"), "say it without user, query and fragment"),
        ((*LIST, "http://api.example"), "say https://"),
    ],
    ids=lambda each: " ".join(each)[:60] or "nothing" if isinstance(each, tuple) else "",
)
def test_bad_input_is_one_line_and_no_success(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    process = started(*arguments, folder=tmp_path)
    assert told in last_line(process, code=bad_input_of(arguments))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (("plan", EXAMPLE), {"AWS_ENDPOINT_URL": f"http://localhost:{SECRET}"}, "AWS_ENDPOINT_URL is no address"),
        (("apply", EXAMPLE), {"AWS_ENDPOINT_URL_STS": "http://localhost:99999"}, "AWS_ENDPOINT_URL_STS is no address"),
        (("plan", EXAMPLE), {"AWS_PROFILE": "nobody"}, "(nobody) could not be found"),
        ((*LIST, "http://localhost:1"), {"STRONGROOM_TOKEN": f"two\n{SECRET}"}, "what is kept as your token is none"),
        ((*LIST, "http://localhost:1"), {"STRONGROOM_TOKEN": f"ü{SECRET}"}, "what is kept as your token is none"),
    ],
    ids=["endpoint", "endpoint of a service", "profile", "token of two lines", "token of other letters"],
)
def test_a_bad_environment_is_one_line_and_no_success(
    arguments: tuple[str, ...], environment: dict[str, str], told: str, tmp_path: Path
) -> None:
    process = started(*arguments, folder=tmp_path, environment=environment)
    assert told in last_line(process, code=bad_input_of(arguments))


@pytest.mark.parametrize("verb", [("list",), ("show", "r-abcdefgh2345")])
@pytest.mark.parametrize(
    ("status", "content", "told"),
    [
        (200, b"{}", "the API's answer says nothing of "),
        (200, b'{"restores": [{}], "request": {}, "statement": {}}', "the API's answer says nothing of "),
        (302, b"{}", "the API answered with status 302"),
        (200, b"[" * 100_000, "the API answered with status 200 and no JSON"),
    ],
    ids=["nothing", "half of it", "elsewhere", "too deep"],
)
def test_an_api_that_is_another_one_is_one_line(
    verb: tuple[str, ...], status: int, content: bytes, told: str, tmp_path: Path
) -> None:
    with serving(answer(content, status=status, Location="/elsewhere")) as site:
        process = started("restore", *verb, "--api", site.url, folder=tmp_path)
        assert told in last_line(process, code=2)


def bad_input_of(arguments: tuple[str, ...]) -> int:
    """With `plan`, 2 means that there are changes."""
    return 1 if arguments[:1] == ("plan",) else 2


def test_a_full_disk_is_one_line_and_2(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "strongroom_cli", "scp", "show", "--intent", EXAMPLE, "--statement", "KeepRoles"],
            env=ENVIRONMENT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "strongroom: the output cannot be used: No space left on device"


def test_a_name_that_no_terminal_can_show_is_no_failure(tmp_path: Path) -> None:
    process = started("compile", EXAMPLE, "--out", "out\udcff", folder=tmp_path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert r"out\udcff/intent.json" in out.splitlines()


def test_ctrl_c_while_it_works_is_one_line_and_130(tmp_path: Path) -> None:
    endless = tmp_path / "endless.json"
    os.mkfifo(endless)
    process = started("policy", "lint", str(endless), folder=tmp_path)
    with endless.open("w"):  # opens when the other side reads
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
    assert (process.returncode, out, told) == (130, "", "strongroom: interrupted\n")


def test_ctrl_c_while_it_begins_waits_for_nothing(tmp_path: Path) -> None:
    interrupting = """
        import os, signal, threading, time
        threading.Thread(target=time.sleep, args=(600,)).start()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(600)
    """
    (tmp_path / "jsonschema.py").write_text(textwrap.dedent(interrupting), encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), ENVIRONMENT["PYTHONPATH"]))
    process = started("scp", "show", folder=tmp_path, environment={"PYTHONPATH": path})
    assert last_line(process, code=130) == "strongroom: interrupted"
