"""``rasoat user``: who may sign in to the inspectors' page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rasoat import messages
from rasoat.options import Db, LangOption, choice
from rasoat.settings import Lang, language
from schema.errors import SettingsError

app = typer.Typer(no_args_is_help=True, help="Người được đăng nhập trang thanh tra: thêm, liệt kê, thu hồi.")

Name = Annotated[str, typer.Argument(help="Tên đăng nhập; cũng là tên ghi vào mỗi quyết định.")]
ROLES = ("inspector", "viewer")


@app.command(help="Cấp quyền đăng nhập, hoặc đổi mật khẩu và vai trò của người đã có.")
def add(
    name: Name,
    db: Db,
    role: Annotated[str, typer.Option(help="inspector (được quyết định) | viewer (chỉ xem).")] = "inspector",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ dòng đầu của stdin thay vì hỏi.")
    ] = False,
    lang: LangOption = None,
) -> None:
    from review import users

    tongue = language(lang)
    choice(role, ROLES, tongue)
    _exists(db)
    users.add(db, name, _password(tongue, password_stdin), "viewer" if role == "viewer" else "inspector", tongue)
    print(messages.text("user-added", tongue, name=name.strip(), role=role))


@app.command("list", help="Liệt kê tên, vai trò và ngày đặt mật khẩu.")
def listing(db: Db, lang: LangOption = None) -> None:
    from review import users
    from schema.store import Store

    language(lang)
    with Store(db, read_only=True) as store:
        for name, role, since in users.listed(store.conn):
            print(f"{messages.printable(name)}\t{role}\t{since[:10]}")


@app.command(help="Thu hồi quyền đăng nhập; phiên đang mở của người đó kết thúc ngay.")
def remove(name: Name, db: Db, lang: LangOption = None) -> None:
    from review import users

    tongue = language(lang)
    _exists(db)
    if not users.remove(db, name):
        raise SettingsError(messages.text("user-unknown", tongue, name=messages.printable(name)))
    print(messages.text("user-removed", tongue, name=name.strip()))


def _exists(db: Path) -> None:
    """Raises StoreError for a file that is missing, or no database of ours."""
    from schema.store import Store

    with Store(db, create=False):
        pass


def _password(lang: Lang, stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = typer.prompt(messages.text("user-password", lang), hide_input=True, confirmation_prompt=True, err=True)
    return asked
