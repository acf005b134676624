"""Adding reports from the browser: files are kept beside the database, then handed to what ``rasoat`` injected."""
from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import regex
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
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
    """One upload: what was received, what has ended. ``stopped`` says why the rest will not."""

    names: list[str]
    done: list[Uploaded] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    ended: bool = False
    stopped: bool = False

    @property
    def per_minute(self) -> float:
        return 60 * len(self.done) / max(0.001, time.monotonic() - self.started)

    @property
    def left(self) -> int:
        """Seconds left at the pace so far; 0 before the first file ended."""
        return round(60 * max(0, len(self.names) - len(self.done)) / self.per_minute) if self.done else 0


class Jobs:
    """Uploads under way, in memory. The ledger in the database is the record; this is only the view of it."""

    def __init__(self, ingest: Ingest, folder: Path) -> None:
        self.ingest, self.folder = ingest, folder
        self.held: OrderedDict[int, Job] = OrderedDict()
        self._turn = threading.Lock()
        self._count = 0

    def keep(self, name: str, source: Path) -> Path:
        """Moves a received file to a place of its own, named by its bytes: equal bytes are kept once."""
        with source.open("rb") as read:
            digest = hashlib.file_digest(read, "sha256").hexdigest()
        place = self.folder / digest[:32]
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = place / safe_name(name)
        shutil.move(source, target)
        return target

    def start(self, names: list[str], paths: Sequence[Path]) -> int:
        self._count += 1
        job = self.held[self._count] = Job(names)
        while len(self.held) > 50:
            self.held.popitem(last=False)
        threading.Thread(target=self._work, args=(job, paths), daemon=True).start()
        return self._count

    def _work(self, job: Job, paths: Sequence[Path]) -> None:
        with self._turn:  # one writer at a time: uploads of two inspectors wait for each other
            job.started = time.monotonic()
            try:
                for outcome in self.ingest(paths):
                    job.done.append(outcome)
            except (RasoatError, OSError):
                job.stopped = True
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
        names = [safe_name(f.filename or "") for f in files]
        paths = []
        for name, file in zip(names, files, strict=True):
            received = await _received(file, limits.upload_file_bytes, jobs.folder)
            paths.append(await run_in_threadpool(jobs.keep, name, received))
        return go(f"/upload/{jobs.start(names, paths)}")

    def _job(request: Request) -> Job:
        found = jobs.held.get(request.path_params["job"]) if jobs else None
        if found is None:
            raise HTTPException(404)
        return found

    def watch(request: Request) -> Response:
        return site.page(request, "upload_job.html", job=_job(request))

    def progress(request: Request) -> Response:
        job = _job(request)
        return JSONResponse({"done": len(job.done), "all": len(job.names), "ended": job.ended})

    return [
        Route("/upload", form),
        Route("/upload", add, methods=["POST"]),
        Route("/upload/{job:int}", watch),
        Route("/upload/{job:int}.json", progress),
    ]
