"""``rasoat user``, and what it changes for those who are signed in."""

from __future__ import annotations

import io
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from rasoat.cli import run
from review import users
from review.app import create_app
from schema.errors import SettingsError
from tests.review_site import PATIENT, build
from tests.test_review import client_of, sign_in

WORDS = "mật khẩu rất dài"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return build(tmp_path)


def add(db: Path, monkeypatch: pytest.MonkeyPatch, *more: str, name: str = "hoa", password: str = WORDS) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return run(["user", "add", name, "--db", str(db), "--password-stdin", *more])


def test_users_are_added_listed_and_removed(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(db, monkeypatch) == 0
    assert add(db, monkeypatch, "--role", "viewer", name="xem") == 0
    assert capsys.readouterr().out.splitlines() == [
        "hoa đăng nhập được với vai trò inspector.",
        "xem đăng nhập được với vai trò viewer.",
    ]
    assert run(["user", "list", "--db", str(db)]) == 0
    assert [line.split("\t")[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["hoa", "inspector"],
        ["xem", "viewer"],
    ]
    assert run(["user", "remove", "hoa", "--db", str(db)]) == 0
    assert run(["user", "remove", "hoa", "--db", str(db)]) == 2
    assert "rasoat user list" in capsys.readouterr().err
    with sqlite3.connect(db) as connection:
        assert [row[0] for row in users.listed(connection)] == ["xem"]


def test_what_cannot_be_is_told(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(db, monkeypatch, password="ngắn") == 2
    assert "ít nhất 10 ký tự" in capsys.readouterr().err
    assert add(db, monkeypatch, "--lang", "en", password="short") == 2
    assert "at least 10 characters" in capsys.readouterr().err
    assert add(db, monkeypatch, "--role", "chief") == 2
    assert add(db, monkeypatch, name="a\u202eb") == 2
    assert add(tmp_path / "none.db", monkeypatch) == 3
    assert not (tmp_path / "none.db").exists()
    assert run(["user", "list", "--db", str(db)]) == 0
    assert not [line for line in capsys.readouterr().out.splitlines() if "\t" in line]


def test_a_page_open_to_others_needs_users_and_names(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", "--db", str(db), "--host", "192.0.2.7"]) == 2
    assert "rasoat user add" in capsys.readouterr().err
    add(db, monkeypatch)
    assert run(["review", "--db", str(db), "--host", "0.0.0.0"]) == 2
    assert "--allow-host" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["removed", "new password", "other role"])
def test_a_session_ends_with_what_it_was_granted_for(db: Path, change: str) -> None:
    users.add(db, "hoa", WORDS)
    with client_of(create_app(db, settings=replace(PATIENT, login=True))) as client:
        assert sign_in(client, " hoa ", WORDS)[0] == 303
        assert client.get("/").status_code == 200
        if change == "removed":
            users.remove(db, "hoa")
        else:
            users.add(db, "hoa", WORDS + "!", "viewer" if change == "other role" else "inspector")
        assert client.get("/").status_code == 303


def test_names_are_kept_apart(db: Path) -> None:
    with pytest.raises(SettingsError):
        users.add(db, "  ", WORDS)
    users.add(db, " Hoà ", WORDS)
    with sqlite3.connect(db) as connection:
        assert users.sign_in(connection, "Hoà", WORDS) == "inspector"
        assert users.sign_in(connection, "hoa", WORDS) is None
        assert users.sign_in(connection, "Hoà", WORDS.upper()) is None
