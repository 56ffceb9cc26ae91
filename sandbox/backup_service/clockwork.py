"""The service's own thread: everything AWS Backup does happens on it, one step at a time."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any


class Clockwork:
    """An event loop on a thread of its own, so that requests and jobs never race."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._jobs: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="aws-backup", daemon=True)
        self._thread.start()

    def submit[T](self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Do work on the service's thread; ask the future for the result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def spawn(self, job: Coroutine[Any, Any, None]) -> None:
        """Start a job that goes on by itself (call it on the service's thread)."""
        task = self._loop.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._finish)

    async def settle(self) -> None:
        """Wait until no job is left, the ones that jobs started included."""
        while self._jobs:
            await asyncio.wait(self._jobs)

    def stop(self) -> None:
        """Cancel what still runs and end the thread."""
        if self._loop.is_closed():
            return
        self.submit(self._cancel_jobs()).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _cancel_jobs(self) -> None:
        for task in list(self._jobs):
            task.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._loop.call_exception_handler({"message": "a job of AWS Backup broke", "exception": error})
