"""The command line. Commands are thin: they open the store, call one thing, print, and give an exit status.

Everything heavy is imported inside the commands, so that ``rasoat --help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rasoat import accounts, cli_district, cli_export, cli_query, messages, waiving
from rasoat.exits import DATABASE, INTERRUPTED, OK, SOME_FAILED, USAGE
from rasoat.options import Db, LangOption, choice
from rasoat.settings import Lang, Settings, language
from schema.errors import RasoatError, SettingsError, StoreError

if TYPE_CHECKING:
    from rasoat.intake import Intake
    from schema.model import Finding
    from schema.store import Store

app = typer.Typer(
    name="rasoat",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Rà soát báo cáo cấp xã: đọc hàng loạt, trích số liệu kèm vị trí, chỉ ra chỗ không khớp.",
)

app.add_typer(accounts.app, name="user")
app.add_typer(waiving.app, name="waive")
app.add_typer(cli_district.app)
app.add_typer(cli_query.app)
app.add_typer(cli_export.app)

Jobs = Annotated[int, typer.Option(min=1, help="Số tệp đọc cùng lúc.")]
OcrOption = Annotated[str, typer.Option("--ocr", help="Nhận dạng bản quét: auto | off | force.")]
Timeout = Annotated[float, typer.Option(min=1, help="Giây tối đa cho một tệp (bản quét được thêm theo trang).")]
Memory = Annotated[int, typer.Option(min=256, help="MiB bộ nhớ tối đa cho một tệp.")]
LogFormatOption = Annotated[str, typer.Option("--log-format", help="Tiến độ trên stderr: text | json.")]
SettingsOption = Annotated[
    Path | None,
    typer.Option("--settings", help="Tệp mức độ và ngưỡng của huyện; giữ trong cơ sở dữ liệu.", show_default=False),
]


def _print_version(asked: bool) -> None:
    if asked:
        print(_version())
        raise typer.Exit


@app.callback()
def _main(
    lang: LangOption = None,
    version: Annotated[
        bool, typer.Option("--version", help="In phiên bản.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    if lang:
        os.environ["RASOAT_LANG"] = lang


def _version() -> str:
    from importlib.metadata import version

    return version("rasoat")


def _lang(given: str | None) -> Lang:
    return language(given)


def _render(lang: Lang) -> Callable[[Finding], str]:
    from checks.messages import render

    return lambda finding: render(finding, lang)


def _store(db: Path, **options: Any) -> Store:
    from schema.store import Store

    return Store(db, **options)


def _keep(db: Path, settings: Path, lang: Lang) -> None:
    from rasoat import tuning

    with _store(db) as store:
        tuning.keep(store, settings, lang)


@app.command(help="Đọc tệp, thư mục (cả thư mục con) và tệp nén; trích, kiểm tra và lưu. Chạy lại không nhân đôi.")
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Tệp PDF, DOCX, DOC, ZIP hoặc thư mục.")],
    db: Db,
    jobs: Jobs = 1,
    ocr: OcrOption = "auto",
    timeout: Timeout = 120,
    memory: Memory = 2048,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Thử lại những tệp lần trước chưa đọc được hoặc chưa đủ.")
    ] = False,
    log_format: LogFormatOption = "text",
    settings: SettingsOption = None,
    lang: LangOption = None,
) -> None:
    intake = _intake(jobs, ocr, timeout, memory, log_format, lang, retry_failed)
    if settings:
        _keep(db, settings, _lang(lang))
    summary = intake.run(db, paths)
    raise typer.Exit(INTERRUPTED if summary.interrupted else SOME_FAILED if summary.bad else OK)


@app.command(help="Theo dõi một thư mục (kể cả thư mục mạng): tệp nào chép xong thì đọc. Dừng bằng Ctrl-C.")
def watch(
    folder: Annotated[Path, typer.Argument(help="Thư mục nhận báo cáo; không tệp nào bị xóa hay sửa.")],
    db: Db,
    every: Annotated[float, typer.Option(min=0.1, help="Bao nhiêu giây xem thư mục một lần.")] = 5,
    settle: Annotated[float, typer.Option(min=0, help="Tệp phải giữ nguyên bao nhiêu giây mới được đọc.")] = 10,
    jobs: Jobs = 1,
    ocr: OcrOption = "auto",
    timeout: Timeout = 120,
    memory: Memory = 2048,
    log_format: LogFormatOption = "text",
    lang: LangOption = None,
) -> None:
    tongue = _lang(lang)
    if not folder.is_dir():
        raise SettingsError(messages.text("no-folder", tongue, folder=messages.printable(str(folder))))
    intake = _intake(jobs, ocr, timeout, memory, log_format, lang)
    intake.watch(db, folder, every, settle, lambda words: print(words, file=sys.stderr, flush=True))
    raise typer.Exit(INTERRUPTED)


def _intake(
    jobs: int, ocr: str, timeout: float, memory: int, log_format: str, lang: str | None, retry: bool = False
) -> Intake:
    from rasoat.intake import Intake

    tongue = _lang(lang)
    choice(ocr, ("auto", "off", "force"), tongue)
    choice(log_format, ("text", "json"), tongue)
    settings = Settings(ocr=ocr, timeout=timeout, memory_mb=memory)  # type: ignore[arg-type]  # just checked
    return Intake(settings, tongue, "json" if log_format == "json" else "text", jobs, retry)


@app.command(help="Chạy lại các phép kiểm tra trên dữ liệu đã lưu, không đọc lại tệp.")
def check(db: Db, settings: SettingsOption = None, lang: LangOption = None) -> None:
    from rasoat import recheck, tuning

    tongue = _lang(lang)
    with _store(db, create=False) as store:
        if settings:
            tuning.keep(store, settings, tongue)
        print(recheck.told(store, tongue))


@app.command(help="Liệt kê các phát hiện kèm trích dẫn hai phía, trang và phép tính lại.")
def findings(
    db: Db,
    report: Annotated[str | None, typer.Option(help="Mã báo cáo hoặc (một phần) tên tệp.", show_default=False)] = None,
    severity: Annotated[str | None, typer.Option(help="error | warning | info.", show_default=False)] = None,
    status: Annotated[
        str | None, typer.Option(help="open | confirmed | dismissed | fixed.", show_default=False)
    ] = None,
    rule: Annotated[str | None, typer.Option(help="Mã quy tắc.", show_default=False)] = None,
    waived: Annotated[bool, typer.Option("--waived", help="Kể cả quy tắc đã được miễn.")] = False,
    format: Annotated[str, typer.Option(help="table | json | csv | sarif.")] = "table",
    lang: LangOption = None,
) -> None:
    from rasoat import export
    from schema import queries

    tongue = _lang(lang)
    choice(severity, ("error", "warning", "info"), tongue)
    choice(status, ("open", "confirmed", "dismissed", "fixed"), tongue)
    choice(format, ("table", "json", "csv", "sarif"), tongue)
    with _store(db, read_only=True) as store:
        every = waived or format != "table"  # for programs, waived ones too: marked, with their reason
        chosen = queries.FindingFilter(report, severity, status, rule, every)
        rows = queries.findings(store.conn, chosen)
        hidden = 0 if every else len(queries.findings(store.conn, replace(chosen, waived=True))) - len(rows)
    if tongue != "vi":
        export.translate(rows, tongue)
    if format == "json":
        print(export.findings_json(rows))
    elif format == "sarif":
        print(export.sarif(rows, _version()))
    elif format == "csv":
        export.csv_table(sys.stdout, export.findings_sheet(rows))
    else:
        from rasoat import show

        show.on_stdout(lambda out: show.findings(rows, tongue, out))
        if hidden:
            print(messages.text("hidden-waived", tongue, count=hidden))


@app.command(help="Sổ nhận tệp: mỗi tệp từng nộp, kết quả, lý do và việc cần làm.")
def files(
    db: Db,
    failed: Annotated[bool, typer.Option("--failed", help="Chỉ những tệp chưa đọc được hoặc chưa đủ.")] = False,
    format: Annotated[str, typer.Option(help="table | json | csv.")] = "table",
    lang: LangOption = None,
) -> None:
    import json

    from rasoat import export, show
    from schema import queries

    tongue = _lang(lang)
    choice(format, ("table", "json", "csv"), tongue)
    with _store(db, read_only=True) as store:
        rows = queries.files(store.conn, failed)
    if format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif format == "csv":
        export.csv_table(sys.stdout, ("files", list(rows[0]) if rows else [], [list(row.values()) for row in rows]))
    else:
        show.on_stdout(lambda out: show.files(rows, tongue, out))


@app.command(help="Kiểm tra lại các cam kết của cơ sở dữ liệu; không in gì khi mọi thứ đều đúng.")
def verify(db: Db, lang: LangOption = None) -> None:
    from schema.verify import broken

    _lang(lang)
    with _store(db, read_only=True) as store:
        lines = list(broken(store.conn))
    for line in lines:
        print(messages.printable(line))
    raise typer.Exit(SOME_FAILED if lines else OK)


@app.command(help="Sao lưu trong lúc vẫn đang làm việc.")
def backup(db: Db, to: Annotated[Path, typer.Option(help="Tệp sao lưu mới.")], lang: LangOption = None) -> None:
    tongue = _lang(lang)
    with _store(db, create=False) as store:
        store.backup(to)
    print(messages.text("backed-up", tongue, path=to))


@app.command(help="Khôi phục cơ sở dữ liệu từ bản sao lưu; bản sao được kiểm tra trước và giữ nguyên.")
def restore(
    db: Db,
    copy: Annotated[Path, typer.Option("--from", help="Tệp sao lưu (của 'rasoat backup').", show_default=False)],
    force: Annotated[
        bool, typer.Option("--force", help="Thay cả cơ sở dữ liệu mới hơn, của nơi khác hoặc đã hỏng; bản cũ được giữ.")
    ] = False,
    lang: LangOption = None,
) -> None:
    from schema import restore

    tongue = _lang(lang)
    done = restore.restore(copy, db, force=force)
    counts = {"files": done.files, "reports": done.reports, "decisions": done.decisions, "moment": done.moment or "–"}
    print(messages.text("restored", tongue, copy=messages.printable(str(copy)), **counts))
    if done.kept:
        print(messages.text("restore-kept", tongue, path=messages.printable(str(done.kept))))


@app.command(help="Trang web cho thanh tra: xem phát hiện cạnh nhau trên ảnh trang.")
def review(
    db: Db,
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng.")] = 8642,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Tên máy mà thanh tra gõ, khi không mở ở đúng địa chỉ đó.")
    ] = None,
    lang: LangOption = None,
) -> None:
    from rasoat.web import serve

    serve(db, host, port, _lang(lang), allow_host or ())


def run(arguments: Sequence[str]) -> int:
    """The whole program; returns the exit status of the contract."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    lang = _early_language(arguments)
    try:
        status = app(list(arguments), standalone_mode=False)
        return int(status or OK)
    except StoreError as error:
        print(messages.database(error, lang), file=sys.stderr)
        return DATABASE
    except RasoatError as error:
        print(messages.failure(error, lang), file=sys.stderr)
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:  # `rasoat findings | head`
        sys.stderr.close()
        return OK
    except Exception as error:
        shown = getattr(error, "show", None)  # typer's own usage errors; anything else is a fault of ours
        if shown is None:
            raise
        shown()
        return USAGE


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _early_language(arguments: Sequence[str]) -> Lang:
    """The language for what goes wrong before a command has read its options."""
    try:
        given = arguments[arguments.index("--lang") + 1] if "--lang" in arguments[:-1] else None
        return language(given)
    except SettingsError:
        return "vi"
