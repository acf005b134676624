"""Signing in and out, and the reviewer's name where nobody has to sign in."""
from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from review import users
from review.ports import Role
from review.security import REVIEWER, SESSION, cookie
from review.site import Site, visitor_of


def inside(path: str) -> str:
    """Where to go after signing in: a path of this site, never another one."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


def routes(site: Site) -> list[Route]:
    def form(request: Request, status: int = 200, problem: str = "", goal: str = "") -> Response:
        goal = inside(goal or request.query_params.get("next", "/"))
        return site.page(request, "login.html", status, problem=problem, goal=goal)

    def _check(name: str, password: str) -> Role | None:
        with site.reading() as connection:
            return users.sign_in(connection, name, password)

    async def sign_in(request: Request) -> Response:
        sent = await site.posted(request, anyone=True)
        name, goal = str(sent.get("name", "")).strip()[:80], str(sent.get("next", "/"))
        keys = (f"address {request.client.host if request.client else ''}", f"name {name}")
        if not site.tries.allowed(*keys):
            return await run_in_threadpool(form, request, 429, "sign_in_wait", goal)
        role = await run_in_threadpool(_check, name, str(sent.get("password", ""))[:1000])
        if role is None:
            site.tries.failed(*keys)
            return await run_in_threadpool(form, request, 403, "sign_in_wrong", goal)
        answer = RedirectResponse(inside(goal), 303)
        token = site.sessions.open(name)
        answer.headers.append("set-cookie", cookie(SESSION, token, site.settings.session_seconds))
        return answer

    async def sign_out(request: Request) -> Response:
        await site.posted(request, anyone=True)
        site.sessions.close(visitor_of(request).session)
        answer = RedirectResponse("/login" if site.settings.login else "/", 303)
        answer.headers.append("set-cookie", cookie(SESSION, "", 0))
        return answer

    async def rename(request: Request) -> Response:
        sent = await site.posted(request)
        answer = RedirectResponse(inside(str(sent.get("next", "/"))), 303)
        if not site.settings.login:
            name = "".join(c for c in str(sent.get("name", "")) if c.isprintable()).strip()[:80]
            answer.headers.append("set-cookie", cookie(REVIEWER, quote(name, safe=""), 365 * 24 * 3600))
        return answer

    return [
        Route("/login", form),
        Route("/login", sign_in, methods=["POST"]),
        Route("/logout", sign_out, methods=["POST"]),
        Route("/name", rename, methods=["POST"]),
    ]
