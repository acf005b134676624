"""Adding reports from the browser: files are kept beside the database, then handed to what ``rasoat`` injected."""
from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import regex
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review.ports import Ingest, Uploaded
from review.site import Site, go
from schema.errors import RasoatError

_UNSAFE = regex.compile(r"[^\p{L}\p{N}\p{M}._ ()-]+")


def safe_name(name: str) -> str:
    """The last part of a name as sent by a browser, without anything a file system or a shell could act on."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = str(_UNSAFE.sub("_", last)).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    return (f"{stem[:80]}{dot}{ending[:8]}" if dot else cleaned[:80]) or "tep"


@dataclass(slots=True)
class Job:
    """One upload: how many files were received, what has ended. ``stopped``: the rest will not."""

    received: int
    done: list[Uploaded] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    ended: bool = False
    stopped: bool = False

    @property
    def files(self) -> int:
        """An archive is one file received, and as many as it holds once it is open."""
        return len(self.done) if self.ended and not self.stopped else max(self.received, len(self.done))

    @property
    def per_minute(self) -> float:
        return 60 * len(self.done) / max(0.001, time.monotonic() - self.started)

    @property
    def left(self) -> int:
        """Seconds left at the pace so far; 0 before the first file ended."""
        return round(60 * (self.files - len(self.done)) / self.per_minute) if self.done else 0


class Jobs:
    """Uploads under way, in memory. The ledger in the database is the record; this is only the view of it."""

    def __init__(self, ingest: Ingest, folder: Path) -> None:
        self.ingest, self.folder = ingest, folder
        self.held: OrderedDict[int, Job] = OrderedDict()
        self._turn = threading.Lock()
        self._count = 0

    def keep(self, name: str, source: Path, taken: Sequence[Path]) -> Path:
        """Moves a received file to a place named by its bytes: sent again another day, it is known again.

        Sent twice at once it gets two names, so that the ledger says of each what became of it.
        """
        with source.open("rb") as read:
            digest = hashlib.file_digest(read, "sha256").hexdigest()
        place = self.folder / digest[:32]
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = place / name
        while target in taken:
            target = target.with_stem(f"{target.stem} (2)")
        shutil.move(source, target)
        return target

    def start(self, paths: Sequence[Path]) -> int:
        self._count += 1
        job = self.held[self._count] = Job(len(paths))
        while len(self.held) > 50:
            self.held.popitem(last=False)
        threading.Thread(target=self._work, args=(job, paths), daemon=True).start()
        return self._count

    def _work(self, job: Job, paths: Sequence[Path]) -> None:
        with self._turn:  # one writer at a time: uploads of two inspectors wait for each other
            job.started = time.monotonic()
            job.stopped = True  # until it is known to have come to its end
            try:
                for outcome in self.ingest(paths):
                    job.done.append(outcome)
                job.stopped = len(job.done) < job.received
            except (RasoatError, OSError):
                return
            finally:
                job.ended = True


async def _received(file: UploadFile, most: int, folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as out:
        size = 0
        while chunk := await file.read(2**20):
            size += len(chunk)
            if size > most:
                Path(out.name).unlink()
                raise HTTPException(413)
            out.write(chunk)
    return Path(out.name)


def routes(site: Site) -> list[Route]:
    limits = site.settings
    jobs = Jobs(site.ingest, site.db.with_name(site.db.name + ".uploads")) if site.ingest else None

    def form(request: Request, status: int = 200, problem: str = "") -> Response:
        return site.page(request, "upload.html", status, problem=problem)

    async def add(request: Request) -> Response:
        if jobs is None:
            raise HTTPException(404)
        sent = await site.posted(request, most=limits.upload_total_bytes, files=limits.upload_files)
        both = [*sent.getlist("files"), *sent.getlist("folder")]
        files = [one for one in both if isinstance(one, UploadFile) and one.filename]
        if not files:
            return await run_in_threadpool(form, request, 422, "upload_empty")
        jobs.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        paths: list[Path] = []
        for file in files:
            received = await _received(file, limits.upload_file_bytes, jobs.folder)
            paths.append(await run_in_threadpool(jobs.keep, safe_name(file.filename or ""), received, paths))
        return go(f"/upload/{jobs.start(paths)}")

    def _job(request: Request) -> Job:
        found = jobs.held.get(request.path_params["job"]) if jobs else None
        if found is None:
            raise HTTPException(404)
        return found

    def watch(request: Request) -> Response:
        job = _job(request)
        return site.page(request, "upload_job.html", job=job, tally=Counter(one.outcome for one in job.done))

    return [
        Route("/upload", form),
        Route("/upload", add, methods=["POST"]),
        Route("/upload/{job:int}", watch),
    ]
