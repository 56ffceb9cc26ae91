"""Starting a sandbox and leaving nothing behind: no process, no port, no directory, no environment variable."""

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from copy import replace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from sandbox import host
from sandbox.seams import host as seams
from sandbox.settings import BACKUP_ACCOUNT, HOME_REGION, HOST_ADDRESS, Settings

RUN_DIR_PREFIX = "strongroom-sandbox-"
START_SECONDS = 120.0
STOP_SECONDS = 10.0

_REMOVED = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE")


class PortInUseError(Exception):
    """The sandbox did not start because another program listens on its port."""


class StartError(Exception):
    """The sandbox did not start because its server failed or took too long."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A running sandbox."""

    settings: Settings

    @property
    def url(self) -> str:
        """The front door, which is also every AWS endpoint."""
        return self.settings.endpoint

    @property
    def run_dir(self) -> Path:
        """The directory that vanishes with the sandbox."""
        if self.settings.run_dir is None:
            raise StartError("the sandbox has no directory yet")
        return self.settings.run_dir


@contextlib.contextmanager
def running(settings: Settings | None = None, parts: Sequence[str] = host.PARTS) -> Iterator[Sandbox]:
    """Run a sandbox in this process, its server on a thread, for as long as the block lasts; port 0 means any."""
    wanted = settings or Settings()
    with _claimed_port(wanted.port) as listener, _run_dir(wanted) as run_dir:
        actual = replace(wanted, port=listener.getsockname()[1], run_dir=run_dir)
        with _environment(actual):
            server = _Server(listener)
            try:
                server.start(host.build(actual, parts))
                yield Sandbox(actual)
            finally:
                host.stop(parts)  # while the front door still answers the functions that are at work
                server.stop()
                seams.stop_workers()
                seams.restore()


@contextlib.contextmanager
def _claimed_port(port: int) -> Iterator[socket.socket]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST_ADDRESS, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortInUseError(f"port {port} on {HOST_ADDRESS} is in use: {error.strerror}") from error
    except OverflowError as error:
        listener.close()
        raise StartError(f"there is no port {port}: name one up to 65535") from error
    with contextlib.closing(listener):
        yield listener


@contextlib.contextmanager
def _run_dir(settings: Settings) -> Iterator[Path]:
    _sweep_orphans()
    run_dir = settings.run_dir or Path(tempfile.mkdtemp(prefix=f"{RUN_DIR_PREFIX}{os.getpid()}-"))
    run_dir.mkdir(parents=True, exist_ok=True)
    try:
        yield run_dir
    finally:
        shutil.rmtree(run_dir, ignore_errors=True)


def _sweep_orphans() -> None:
    """Remove the directories of sandboxes that were killed before they could."""
    for path in Path(tempfile.gettempdir()).glob(f"{RUN_DIR_PREFIX}*"):
        owner = path.name.removeprefix(RUN_DIR_PREFIX).split("-", 1)[0]
        if owner.isdigit() and not _is_running(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def environment(settings: Settings) -> dict[str, str]:
    """What MiniStack and the Lambda workers find in their environment."""
    run_dir = str(settings.run_dir)
    return {
        "AUTH": "true",
        "GATEWAY_PORT": str(settings.port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_ACCOUNT_ID": BACKUP_ACCOUNT,
        "MINISTACK_REGION": HOME_REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "SFN_WAIT_SCALE": str(settings.wait_scale),
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "STATE_DIR": f"{run_dir}/state",
        "S3_DATA_DIR": f"{run_dir}/s3",
        "TMPDIR": run_dir,
        "LAMBDA_WARM_TTL_SECONDS": str(settings.lambda_idle_seconds),
        "LOG_LEVEL": settings.log_level,
        "DOCKER_HOST": f"unix://{run_dir}/no-docker.sock",
    }


@contextlib.contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    before = dict(os.environ)
    directory_before = tempfile.tempdir
    for name in _REMOVED:
        os.environ.pop(name, None)
    os.environ.update(environment(settings))
    tempfile.tempdir = str(settings.run_dir)
    try:
        yield
    finally:
        tempfile.tempdir = directory_before
        os.environ.clear()
        os.environ.update(before)


class _Server:
    """Hypercorn on a thread with an event loop of its own."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread: threading.Thread | None = None

    def start(self, app: Any) -> None:
        self._thread = threading.Thread(target=self._run, args=(app,), name="front-door", daemon=True)
        self._thread.start()
        if not self._started.wait(START_SECONDS) or self._failure is not None:
            raise StartError(f"the server did not start: {self._failure or 'it took too long'}") from self._failure

    def stop(self) -> None:
        if self._thread is None:
            self._loop.close()
            return
        if not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(STOP_SECONDS)

    def _run(self, app: Any) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve(app))
        except (OSError, RuntimeError, ExceptionGroup) as error:
            self._failure = error
        finally:
            self._started.set()
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    async def _serve(self, app: Any) -> None:
        config = Config()
        config.bind = [f"fd://{os.dup(self._listener.fileno())}"]
        config.graceful_timeout = 1.0
        config.shutdown_timeout = 3.0
        config.keep_alive_timeout = 75.0
        config.accesslog = None
        config.loglevel = "WARNING"

        async def until_stopped() -> None:
            self._started.set()
            await self._stopping.wait()

        await serve(app, config, shutdown_trigger=until_stopped)
