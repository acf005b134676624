"""Around every page: which host names are answered, who is asking, and what the browser may do with the answer."""
from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review.ports import Lang, Role, Settings

SESSION, NONCE, LANG, REVIEWER = "rasoat_session", "rasoat_csrf", "rasoat_lang", "rasoat_reviewer"
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
Stands = Callable[[str], tuple[Role, str] | None]
"""A user's role and when the password was set; None for nobody."""
_OPEN_TO_ALL = ("/login", "/static/")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. ``name`` is '' and ``role`` None for one who has not signed in where that is required."""

    name: str
    role: Role | None
    session: str
    nonce: str
    lang: Lang


class Sessions:
    """Signed-in visitors, in memory: a restart signs everyone out. They expire ``seconds`` after signing in, and at
    once when the user is removed or gets another password or role (``stands`` answers otherwise than it did).
    """

    def __init__(self, seconds: int, stands: Stands) -> None:
        self.seconds, self._stands = seconds, stands
        self._held: OrderedDict[str, tuple[str, tuple[Role, str] | None, float]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, name: str) -> str:
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._held[token] = (name, self._stands(name), time.monotonic() + self.seconds)
            while len(self._held) > 1000:
                self._held.popitem(last=False)
        return token

    def who(self, token: str) -> tuple[str, Role] | None:
        with self._lock:
            found = self._held.get(token)
            if found is None:
                return None
            name, granted, ends = found
            if granted is None or ends < time.monotonic() or self._stands(name) != granted:
                del self._held[token]
                return None
            return name, granted[0]

    def close(self, token: str) -> None:
        with self._lock:
            self._held.pop(token, None)


class Tries:
    """Failed sign-ins by client address and by name; more than ``most`` in ``window`` seconds must wait."""

    def __init__(self, most: int, window: int) -> None:
        self.most, self.window = most, window
        self._held: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()

    def allowed(self, *keys: str) -> bool:
        since = time.monotonic() - self.window
        with self._lock:
            return all(sum(at > since for at in self._held.get(key, ())) < self.most for key in keys)

    def failed(self, *keys: str) -> None:
        with self._lock:
            for key in keys:
                self._held[key] = [*self._held.pop(key, [])[-self.most :], time.monotonic()]
            while len(self._held) > 10_000:
                self._held.popitem(last=False)


class Tokens:
    """CSRF tokens: an HMAC over the visitor's nonce cookie and session, so none works for anyone else."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def make(self, visitor: Visitor) -> str:
        about = f"{visitor.nonce}|{visitor.session}".encode()
        return hmac.new(self._secret, about, hashlib.sha256).hexdigest()

    def good(self, visitor: Visitor, token: str) -> bool:
        return bool(visitor.nonce) and hmac.compare_digest(self.make(visitor).encode(), token.encode())


def _host(value: str) -> str:
    """The name without its port; an IPv6 address keeps its brackets."""
    end = value.rfind("]")
    return (value[: end + 1] if end >= 0 else value.split(":", 1)[0]).lower()


def cookies_of(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def cookie(name: str, value: str, seconds: int | None = None) -> str:
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}"


class Guard:
    """Plain ASGI, the outermost layer: host check, visitor, sign-in wall, headers and cookies of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings, sessions: Sessions) -> None:
        self.app, self.settings, self.sessions = app, settings, sessions
        self.hosts = {host.lower() for host in settings.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        held = cookies_of(headers.get("cookie", ""))
        fresh = [] if len(held.get(NONCE, "")) >= 32 else [cookie(NONCE, secrets.token_urlsafe(32))]
        visitor = self._visitor(scope, held, nonce=fresh[0].split(";")[0].split("=", 1)[1] if fresh else held[NONCE])
        if visitor.lang != held.get(LANG, self.settings.lang):
            fresh.append(cookie(LANG, visitor.lang))
        scope["visitor"] = visitor

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    out[name] = value
                out.setdefault("cache-control", "no-store")
                for one in fresh:
                    out.append("set-cookie", one)
            await send(message)

        await (self._refusal(scope, headers, visitor) or self.app)(scope, receive, decorated)

    def _visitor(self, scope: Scope, held: dict[str, str], nonce: str) -> Visitor:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [held.get(LANG, "")])[0]
        lang: Lang = "en" if asked == "en" else "vi" if asked == "vi" else self.settings.lang
        if not self.settings.login:
            return Visitor(unquote(held.get(REVIEWER, ""))[:80] or self.settings.reviewer, "inspector", "", nonce, lang)
        token = held.get(SESSION, "")
        known = self.sessions.who(token) if token else None
        return Visitor(known[0] if known else "", known[1] if known else None, token if known else "", nonce, lang)

    def _refusal(self, scope: Scope, headers: Headers, visitor: Visitor) -> ASGIApp | None:
        if _host(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("Host không hợp lệ / unknown host", 400)
        if headers.get("sec-fetch-site") == "cross-site" and scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("cross-site", 403)
        if visitor.role is None and not scope["path"].startswith(_OPEN_TO_ALL):
            if scope["method"] not in {"GET", "HEAD"}:
                return PlainTextResponse("sign in", 403)
            return RedirectResponse(f"/login?next={quote(scope['path'])}", 303)
        return None
