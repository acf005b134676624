"""``rasoat query``: saved questions, ours and the office's, or one SELECT. ``rasoat metadata``: they in Datasette."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rasoat import messages
from rasoat.options import Db, LangOption
from rasoat.settings import Lang, language
from schema.errors import QueryError, Refusal, SettingsError

if TYPE_CHECKING:
    from schema.asking import Answer, Limits
    from schema.questions import Question

app = typer.Typer()

Questions = Annotated[
    Path | None,
    typer.Option(
        help="Tệp .toml hoặc thư mục câu hỏi riêng; mặc định: TÊN.questions.toml hoặc TÊN.questions/ cạnh TÊN.db.",
        show_default=False,
    ),
]
FORMATS = ("table", "csv", "json", "jsonl")
SHOWN, MOST = 1000, 100_000
MEMORY_MB = 1024
GRACE = 2.0
"""Seconds after which a question that hears no clock is ended with the process."""


@app.command(help="Trả lời câu hỏi có sẵn, câu hỏi riêng của huyện, hoặc một câu SELECT (chỉ đọc, có giới hạn).")
def query(
    question: Annotated[
        str, typer.Argument(help="Tên câu hỏi, câu SELECT, hoặc - để đọc câu SELECT từ stdin.", show_default=False)
    ] = "",
    db: Annotated[Path | None, typer.Option("--db", help="Cơ sở dữ liệu SQLite.", show_default=False)] = None,
    listing: Annotated[bool, typer.Option("--list", help="Liệt kê các câu hỏi và tham số của chúng.")] = False,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="Tham số: tên=giá_trị; cho được nhiều lần.", show_default=False)
    ] = None,
    questions: Questions = None,
    seconds: Annotated[float, typer.Option(help="Giới hạn thời gian, tính bằng giây.")] = 10,
    rows: Annotated[
        int | None,
        typer.Option(help=f"Nhiều nhất bao nhiêu dòng; mặc định {SHOWN} cho bảng, {MOST} cho định dạng khác."),
    ] = None,
    format: Annotated[str, typer.Option(help="table | csv | json | jsonl.")] = "table",
    to: Annotated[
        Path | None, typer.Option(help="Ghi ra tệp .csv, .json, .jsonl hoặc .xlsx.", show_default=False)
    ] = None,
    lang: LangOption = None,
) -> None:
    from schema import questions as saved

    tongue = language(lang)
    _check(format, to, tongue)
    _within("--seconds", seconds, 0.1, 3600, tongue)
    _within("--rows", SHOWN if rows is None else rows, 1, 1_000_000, tongue)
    with _said(tongue):
        known = saved.load(questions or (saved.beside(db) if db else None))
        if listing:
            answer = listed(known, tongue)
        elif not question.strip():
            raise _wrong("what-question", tongue)
        elif db is None:
            raise _wrong("query-where", tongue)
        else:
            most = rows or (SHOWN if format == "table" and not to else MOST)
            answer = _answer(db, question, known, _given(param or (), tongue), seconds, most, tongue)
    cut = _deliver(answer, format, to, tongue)
    raise typer.Exit(1 if cut else 0)


@app.command(help="Ghi tệp mô tả để mở cơ sở dữ liệu bằng Datasette: tên bảng, nhãn, bộ lọc, câu hỏi có sẵn.")
def metadata(
    db: Db,
    to: Annotated[Path, typer.Option(help="Tệp .json sẽ ghi.", show_default=False)],
    questions: Questions = None,
    lang: LangOption = None,
) -> None:
    import json

    from rasoat import metadata as datasette
    from schema import questions as saved
    from schema.store import Store

    tongue = language(lang)
    with _said(tongue), Store(db, read_only=True) as store:
        made = datasette.metadata(store.conn, db.stem, saved.load(questions or saved.beside(db)))
    with _writing(to, tongue):
        to.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def listed(known: dict[str, Question], lang: Lang) -> Answer:
    """The questions with their titles and parameters; a parameter with its default, where it has one."""
    from schema.asking import Answer

    def told(one: Question) -> str:
        return "; ".join(
            f"{p.name}{'' if p.default is None else '=' + p.default}: {p.vi if lang == 'vi' else p.en}"
            for p in one.parameters
        )

    rows = [(name, one.vi if lang == "vi" else one.en, told(one)) for name, one in known.items()]
    return Answer(("question", "title", "parameters"), list(rows))


def _answer(
    db: Path, question: str, known: dict[str, Question], given: dict[str, str], seconds: float, rows: int, lang: Lang
) -> Answer:
    from schema.asking import Limits, ask, bound_memory
    from schema.questions import bind
    from schema.store import Store

    limits = Limits(seconds=seconds, rows=rows)
    with Store(db, read_only=True) as store, _ended(limits, lang):
        bound_memory(store.conn, MEMORY_MB)
        if found := known.get(question.strip()):
            return ask(store.conn, found.sql, bind(store.conn, found, given), limits)
        sql = sys.stdin.read() if question == "-" else question
        if len(sql.split()) == 1 and sql.strip().replace("-", "").isalnum():
            raise QueryError(Refusal.UNKNOWN_QUESTION, name=sql.strip()[:80], choices=", ".join(known))
        return ask(store.conn, sql, given, limits)


@contextmanager
def _ended(limits: Limits, lang: Lang) -> Iterator[None]:
    """SQLite looks at our clock between its steps; what does not come back from one step is ended with the process."""
    from rasoat import answers
    from rasoat.exits import USAGE

    said = answers.refused(QueryError(Refusal.TOO_SLOW, seconds=f"{limits.seconds:g}"), lang)

    def end() -> None:
        print(said, file=sys.stderr, flush=True)
        os._exit(USAGE)

    timer = threading.Timer(limits.seconds + GRACE, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _wrong(name: str, lang: Lang, /, **values: object) -> SettingsError:
    """Wrong usage, told with its code as refused questions are."""
    return SettingsError(f"{messages.text(name, lang, **values)} [{name}]")


@contextmanager
def _said(lang: Lang) -> Iterator[None]:
    """A refused question is wrong usage, told in the user's language."""
    try:
        yield
    except QueryError as error:
        from rasoat import answers

        raise SettingsError(answers.refused(error, lang)) from error


def _given(params: list[str] | tuple[str, ...], lang: Lang) -> dict[str, str]:
    made = {}
    for one in params:
        name, sign, value = one.partition("=")
        if not sign or not name.strip().isidentifier():
            raise _wrong("bad-param", lang, value=messages.printable(one))
        made[name.strip()] = value
    return made


def _check(format: str, to: Path | None, lang: Lang) -> None:
    if format not in FORMATS:
        raise _wrong("bad-choice", lang, value=format, choices=" | ".join(FORMATS))
    if to and to.suffix.lower() not in (".csv", ".json", ".jsonl", ".xlsx"):
        raise _wrong("bad-answer-file", lang, path=messages.printable(str(to)))


def _within(name: str, value: float, least: float, most: float, lang: Lang) -> None:
    if not least <= value <= most:  # NaN is not, either
        raise _wrong("bad-limit", lang, name=name, least=f"{least:g}", most=f"{most:.0f}")


def _deliver(answer: Answer, format: str, to: Path | None, lang: Lang) -> bool:
    """Print or write the answer; whether it is not the whole one, which is told on stderr."""
    from rasoat import answers

    shortened = False
    if to:
        with _writing(to, lang):
            answers.save(answer, to)
    elif format == "table":
        shortened = answers.table(answer, lang)
    else:
        answers.write(answer, format, sys.stdout)  # type: ignore[arg-type]  # checked when the command began
    if shortened:
        print(messages.text("cells-cut", lang, most=answers.LONGEST_SHOWN), file=sys.stderr)
    if answer.cut:
        print(messages.text(f"answer-cut-{answer.cut}", lang, rows=len(answer.rows)), file=sys.stderr)
    return bool(answer.cut)


@contextmanager
def _writing(to: Path, lang: Lang) -> Iterator[None]:
    shown = messages.printable(str(to))
    try:
        yield
    except OSError as error:
        raise _wrong("cannot-write", lang, path=shown, detail=error.strerror) from error
    print(messages.text("exported", lang, path=shown))
