"""Median time of each page over 2,000 reports and 20,000 findings: ``python bench/review_pages.py [REPORTS]``."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from starlette.testclient import TestClient

from review.app import create_app
from schema.store import Store
from tests.review_site import Builder

PAGES = (
    "/", "/findings", "/findings?severity=error&commune=Xã+7", "/findings?page=200", "/findings/start",
    "/findings/9000", "/reports/77", "/indicators", "/indicators/staff.total", "/search?q=giao+thong",
    "/search?q=đường", "/questions", "/questions/findings-by-rule", "/questions/communes-by-findings",
    "/questions/most-cited", "/downloads",
)
LINES = [f"{n}. Đường giao thông nông thôn dài 12,5 km, có {n} người, đạt 90,87% kế hoạch của xã." for n in range(60)]
RULES = ("total-mismatch", "value-conflict", "repeated-word", "percent-mismatch")


def fill(made: Builder, folder: Path, reports: int) -> None:
    made.insert("indicator", code="staff.total", label="Số cán bộ")
    finding = 0
    for report in range(1, reports + 1):
        period = f"20{10 + report % 8}-{(3, 6, 9, 12)[report % 4]:02}-30"
        made.report(report, folder / f"{report}.docx", LINES, "docx", f"Xã {report % 200}", period)
        for n in range(20):
            made.mention(report, "indicator", f"{n} người", indicator="staff.total", value=str(n), value_text=str(n),
                         decimals=0, unit="người", qualifier="=", basis="actual", cumulative=0)  # fmt: skip
        for n in range(10):
            finding += 1
            severity = ("error", "warning", "info")[n % 3]
            words = [(f"{n} người", []), (f"{n + 1} người", [])]
            made.finding(finding, report, RULES[n % 4], severity, f"{n} ≠ {n + 1}", words)


def main() -> None:
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "bench.db"
        with Store(db) as store, store.transaction() as connection:
            connection.execute("pragma defer_foreign_keys = 1")
            fill(Builder(store), Path(folder), reports)
        with TestClient(create_app(db), base_url="http://127.0.0.1", follow_redirects=False) as client:
            for page in PAGES:
                times, size = [], 0
                for _ in range(7):
                    begun = time.perf_counter()
                    answer = client.get(page)
                    times.append(1000 * (time.perf_counter() - begun))
                    size = len(answer.content)
                print(f"{statistics.median(times):8.1f} ms  {size / 1000:7.1f} kB  {answer.status_code}  {page}")


if __name__ == "__main__":
    main()
