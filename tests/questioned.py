"""A district of three communes for the tests of saved questions: real files, read by the real batch.

An Mẫu sends two quarters (the second one twice, the later one corrected), Bình Mẫu two, Cát Mẫu one (taken for a scan),
and one file is none. What is wrong with them stands in ``REPORTS``, so every answer is known beforehand. The repeated
word is dismissed, the missing number waived.
"""

from __future__ import annotations

from pathlib import Path

from checks.messages import render
from rasoat.batch import Batch
from rasoat.progress import Quiet
from rasoat.settings import Settings
from samples.docx_file import docx_bytes
from schema import catalogue, waivers
from schema.store import Store
from tests.minireport import report

TITLE = "Kết quả công tác cải cách hành chính quý {quarter} năm 2024"
REPORTS = {
    "an-1.docx": """
@commune An Mẫu
@title {I}
@number 11/BC-UBND
@issued 2024-04-02
# I. Kết quả
Trong quý, xã tiếp nhận 1.105 hồ sơ. Số cán bộ, công chức hiện có là 19 người.
Thực hiện Kế hoạch số 125/KH-UBND ngày 21/01/2024 của UBND huyện Mẫu về cải cách hành chính.
Năm 2024 phấn đấu thu ngân sách đạt 900 triệu đồng. Thu ngân sách quý I đạt 230 triệu đồng.
""",
    "an-2.docx": """
@commune An Mẫu
@title {II}
@number 21/BC-UBND
@issued 2024-07-20
# I. Kết quả
Trong quý, xã tiếp nhận 1.204 hồ sơ. Số cán bộ, công chức hiện có là 18 người.
Tổng số 20 vụ việc, gồm 12 vụ khiếu nại và 07 vụ tố cáo.
Thực hiện Kế hoạch số 125/KH-UBND ngày 21/01/2024 của UBND huyện Mẫu về cải cách hành chính.
""",
    "an-2-sua.docx": """
@commune An Mẫu
@title {II}
@number 21/BC-UBND
@issued 2024-07-22
# I. Kết quả
Trong quý, xã tiếp nhận 1.204 hồ sơ. Số cán bộ, công chức hiện có là 18 người.
Tổng số 20 vụ việc, gồm 12 vụ khiếu nại và 07 vụ tố cáo.
Thực hiện Kế hoạch số 125/KH-UBND ngày 21/01/2024 của UBND huyện Mẫu về cải cách hành chính.
""",
    "binh-1.docx": """
@commune Bình Mẫu
@title {I}
@number 5/BC-UBND
@issued 2024-04-03
# I. Kết quả
Trong quý, xã tiếp nhận 800 hồ sơ. Số cán bộ, công chức hiện có là 21 người.
Trang thông tin điện tử của xã đã đăng 160 tin, bài.
Thực hiện Kế hoạch số 125/KH-UBND ngày 12/01/2024 của UBND huyện Mẫu về cải cách hành chính.
""",
    "binh-2.docx": """
@commune Bình Mẫu
@title {II}
@number 9/BC-UBND
@issued 2024-07-01
# I. Kết quả
Trong quý, xã tiếp nhận 850 hồ sơ. Số cán bộ, công chức hiện có là 21 người.
Trang thông tin điện tử của xã đã đăng 208 tin, bài (quý trước 171 tin, bài).
Thực hiện Kế hoạch số 125/KH-UBND ngày 12/01/2024 của UBND huyện Mẫu và Kế hoạch của UBND tỉnh về việc về việc cải cách.
""",
    "cat-1.docx": """
@commune Cát Mẫu
@title {I}
@lacks number
@issued 2024-04-10
# I. Kết quả
Trong quý, xã tiếp nhận 640 hồ sơ. Tổng số 15 vụ việc, gồm 09 vụ khiếu nại và 05 vụ tố cáo.
Thực hiện Quyết định số 41 của UBND tỉnh.
""",
}


def build(folder: Path) -> Path:
    """The database ``huyen.db`` with these reports."""
    came = folder / "nhan"
    came.mkdir()
    titles = {quarter: TITLE.format(quarter=quarter) for quarter in ("I", "II")}
    for name, source in REPORTS.items():
        (came / name).write_bytes(docx_bytes(report(source.format(**titles))))
    (came / "hong.pdf").write_bytes(b"")
    db = folder / "huyen.db"
    with Store(db) as store:
        store.set_indicators((one.code, one.name_vi, one.unit, one.kind) for one in catalogue.load())
        Batch(store, Settings(), render, Quiet()).run([came])
        with store.transaction() as conn:
            scan = "UPDATE report SET format = 'scan', pages = 2, status = 'partial' WHERE file_name = 'cat-1.docx'"
            conn.execute(scan)
        (word,) = store.conn.execute("SELECT fingerprint FROM finding WHERE rule = 'repeated-word'").fetchone()
        store.decide(word, "dismissed", "lỗi gõ, không ảnh hưởng", "Thanh Tra")
        number = waivers.Scope(rule="missing-header")
        waivers.add(store, number, "xã mới, chưa có số", "Thanh Tra", "2024-08-01T08:00:00")
    return db
