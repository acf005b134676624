"""DOCX, construct by construct: what Word prints is what is read, once, in order, and the census says so."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from ingest.docx_numbering import shown
from schema.errors import Reason
from tests.reading import kinds, lines, outline, read
from tests.reading_docx import abstract, docx, item, level, num, p, r, tbl, tc, tr

OUTER = [
    level(0, "upperRoman", "%1."),
    level(1, "decimal", "%2."),
    level(2, "decimal", "%2.%3."),
    level(3, "lowerLetter", "%4)"),
]


def test_lists_of_several_levels_restart_under_each_outer_item() -> None:
    made = docx(
        item("Kết quả") + item("Trồng trọt", 1) + item("Lúa", 2) + item("Vụ đông xuân", 3) + item("Vụ mùa", 3)
        + item("Ngô", 2) + item("Chăn nuôi", 1) + item("Lợn", 2) + item("Phương hướng") + item("Trồng trọt", 1),
        numbering=abstract(0, *OUTER) + num(1, 0),
    )  # fmt: skip
    assert lines(read(made)) == [
        "I. Kết quả",
        "1. Trồng trọt",
        "1.1. Lúa",
        "a) Vụ đông xuân",
        "b) Vụ mùa",
        "1.2. Ngô",
        "2. Chăn nuôi",
        "2.1. Lợn",
        "II. Phương hướng",
        "1. Trồng trọt",
    ]


def test_a_list_linked_to_a_style_numbers_its_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/>'
        '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    made = docx(
        p("KẾT QUẢ", properties='<w:pStyle w:val="H1"/>')
        + p("Về kinh tế", properties='<w:pStyle w:val="H2"/>')
        + p("Thu ngân sách đạt 5,2 tỷ đồng.")
        + p("NHIỆM VỤ", properties='<w:pStyle w:val="H1"/>'),
        styles=styles,
        numbering=abstract(
            0,
            level(0, "upperRoman", "%1.", '<w:pStyle w:val="H1"/>'),
            level(1, "decimal", "%2.", '<w:pStyle w:val="H2"/>'),
        )
        + num(1, 0),
    )
    document = read(made)
    assert lines(document) == ["I. KẾT QUẢ", "1. Về kinh tế", "Thu ngân sách đạt 5,2 tỷ đồng.", "II. NHIỆM VỤ"]
    assert outline(document) == [(1, "I", "KẾT QUẢ"), (2, "1", "Về kinh tế"), (1, "II", "NHIỆM VỤ")]


def test_an_instance_restarts_its_list_once_and_two_instances_share_a_count() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    made = docx(
        item("Một") + item("Hai") + item("Năm", num=2) + item("Sáu", num=2) + item("Bảy", num=3),
        numbering=abstract(0, level(0, "decimal", "%1.")) + num(1, 0) + num(2, 0, restart) + num(3, 0),
    )
    assert lines(read(made)) == ["1. Một", "2. Hai", "5. Năm", "6. Sáu", "7. Bảy"]


def test_a_level_that_never_restarts_counts_on() -> None:
    made = docx(
        item("Một") + item("Điều", 1) + item("Hai") + item("Điều", 1),
        numbering=abstract(
            0, level(0, "upperRoman", "%1."), level(1, "decimal", "Điều %2.", '<w:lvlRestart w:val="0"/>')
        )
        + num(1, 0),
    )
    assert lines(read(made)) == ["I. Một", "Điều 1. Điều", "II. Hai", "Điều 2. Điều"]


def test_legal_numbering_prints_an_outer_roman_number_as_a_digit() -> None:
    made = docx(
        item("Một") + item("Hai", 1),
        numbering=abstract(0, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", "<w:isLgl/>")) + num(1, 0),
    )
    assert lines(read(made)) == ["I. Một", "1.1. Hai"]


def test_a_list_turned_off_prints_no_number() -> None:
    made = docx(item("Một") + item("Không", num=0) + item("Hai"),
                numbering=abstract(0, level(0, "decimal", "%1.")) + num(1, 0))  # fmt: skip
    assert lines(read(made)) == ["1. Một", "Không", "2. Hai"]


def test_points_typed_by_hand_with_d_stroke_follow_the_vietnamese_alphabet() -> None:
    made = docx("".join(p(f"{letter}) Công tác {letter}") for letter in "abcdđe"))
    document = read(made)
    assert lines(document) == [f"{letter}) Công tác {letter}" for letter in "abcdđe"]
    assert {kind for kind, _ in kinds(document)} <= {"list-item", "heading"}


@pytest.mark.parametrize(
    ("count", "shape", "text"),
    [
        (4, "upperRoman", "IV"),
        (19, "lowerRoman", "xix"),
        (27, "lowerLetter", "aa"),
        (3, "decimalZero", "03"),
        (21, "vietnameseCounting", "hai mươi mốt"),
        (15, "vietnameseCounting", "mười lăm"),
        (2, "none", ""),
    ],
)
def test_number_formats(count: int, shape: str, text: str) -> None:
    assert shown(count, shape) == text


def test_bullets_of_symbol_fonts_are_the_signs_they_print() -> None:
    levels = level(0, "bullet", "-"), level(1, "bullet", "\uf0b7"), level(2, "bullet", "\uf02b")
    made = docx(item("Một") + item("Hai", 1) + item("Ba", 2), numbering=abstract(0, *levels) + num(1, 0))
    assert lines(read(made)) == ["- Một", "• Hai", "+ Ba"]


def test_content_controls_around_words_paragraphs_and_rows_are_read() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    made = docx(
        p("Xã có ", control.format(r("1.205")), " hộ.")
        + control.format(p("Đoạn trong khung."))
        + tbl(tr("Thôn", "Số hộ"), control.format(tr("Một", "605")), tr("Hai", control.format(tc("600"))))
        + p("Hết.")
    )
    document = read(made)
    assert lines(document) == ["Xã có 1.205 hộ.", "Đoạn trong khung.", "Thôn\tSố hộ", "Một\t605", "Hai\t600", "Hết."]
    assert document.partial is None


BOX = "<w:txbxContent>{}</w:txbxContent>"


def test_a_text_box_stands_in_choice_and_fallback_but_is_read_once() -> None:
    inner = BOX.format(p("Tổng số 12 người."))
    box = (
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:inline><a:graphic><a:graphicData>"
        f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    document = read(docx(p("Trước khung.", box) + p("Sau khung.")))
    assert lines(document) == ["Trước khung.", "Tổng số 12 người.", "Sau khung."]
    assert document.partial is None


def test_notes_are_passages_of_their_own_and_their_digit_is_never_glued() -> None:
    note = '<w:{0} w:id="{1}"><w:p><w:r><w:{0}Ref/></w:r>' + r(" Kế hoạch số 12/KH-UBND.") + "</w:p></w:{0}>"
    foot = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
    end = '<w:r><w:endnoteReference w:id="3"/></w:r>'
    made = docx(
        p("Xã ban hành 03 kế hoạch", foot, " trong năm", end, ".") + p("Đoạn sau."),
        footnotes='<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>' + note.format("footnote", 2),
        endnotes=note.format("endnote", 3),
    )
    document = read(made)
    assert lines(document) == [
        "Xã ban hành 03 kế hoạch trong năm.",
        "1 Kế hoạch số 12/KH-UBND.",
        "1 Kế hoạch số 12/KH-UBND.",
        "Đoạn sau.",
    ]
    assert [kind for kind, _ in kinds(document)] == ["paragraph", "footnote", "footnote", "paragraph"]


def test_a_raised_digit_typed_by_hand_is_a_mark_but_square_metres_stay() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    document = read(docx(p("Nhà rộng 120 m", r("2", raised), " theo đề án", r("1", raised), " đã duyệt.")))
    assert lines(document) == ["Nhà rộng 120 m2 theo đề án đã duyệt."]
    assert document.partial is None


def test_headers_and_footers_are_furniture() -> None:
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rheader1"/>' + (
        '<w:footerReference w:type="default" r:id="rfooter1"/></w:sectPr>'
    )
    document = read(docx(p("Xã có 12 thôn.") + section, header1=p("Báo cáo mật"), footer1=p("Lưu hành nội bộ")))
    furniture = [("header", "Báo cáo mật"), ("footer", "Lưu hành nội bộ")]
    assert kinds(document) == [("paragraph", "Xã có 12 thôn."), *furniture]
    assert [passage.zone for passage in document.passages] == ["body", "furniture", "furniture"]


def test_fields_give_their_result_and_never_their_instruction() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = '<w:r><w:instrText xml:space="preserve"> REF tong \\h </w:instrText></w:r>'
    complex_field = mark.format("begin") + instruction + mark.format("separate") + r("846") + mark.format("end")
    simple = '<w:fldSimple w:instr="NUMPAGES">' + r("12") + "</w:fldSimple>"
    link = '<w:hyperlink r:id="x">' + r("dichvucong.gov.vn") + "</w:hyperlink>"
    document = read(docx(p("Đạt ", complex_field, " lượt, ", simple, " trang, tại ", link, ".")))
    assert lines(document) == ["Đạt 846 lượt, 12 trang, tại dichvucong.gov.vn."]


def test_smart_tags_and_custom_xml_are_seen_through() -> None:
    tag = '<w:smartTag w:uri="x" w:element="date"><w:smartTagPr/>{}</w:smartTag>'
    custom = '<w:customXml w:element="y"><w:customXmlPr/>{}</w:customXml>'
    document = read(docx(p("Ngày ", tag.format(r("12/3/2024")), " có ", custom.format(r("37")), " hồ sơ.")))
    assert lines(document) == ["Ngày 12/3/2024 có 37 hồ sơ."]
    assert document.partial is None


def test_soft_hyphens_vanish_and_no_break_hyphens_print() -> None:
    document = read(docx(p("phát", "<w:r><w:softHyphen/></w:r>", " triển 18/KH", "<w:r><w:noBreakHyphen/></w:r>",
                           "UBND", r("\u00a0ngày\u200b 02/3/2024\u00ad."))))  # fmt: skip
    assert lines(document) == ["phát triển 18/KH-UBND ngày 02/3/2024."]


def test_tracked_changes_read_as_accepted_and_are_noticed() -> None:
    made = docx(
        p("Có ", f'<w:ins w:id="1" w:author="a">{r("18")}</w:ins>',
          '<w:del w:id="2" w:author="a"><w:r><w:delText>17</w:delText></w:r></w:del>', " người.")
        + p(f'<w:moveFrom w:id="3">{r("Câu dời đi.")}</w:moveFrom>', "Còn lại.")
        + p(f'<w:moveTo w:id="4">{r("Câu dời đến.")}</w:moveTo>')
        + "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + r("Hai đoạn ") + "</w:p>" + p("đã gộp.")
        + tbl(tr("A", "1"), "<w:tr><w:trPr><w:del/></w:trPr>" + tc("B") + tc("2") + "</w:tr>", tr("C", "3"))
        + p("Hết.")
    )  # fmt: skip
    document = read(made)
    assert lines(document) == ["Có 18 người.", "Còn lại.", "Câu dời đến.", "Hai đoạn đã gộp.", "A\t1", "C\t3", "Hết."]
    assert document.notices == ("tracked-changes",)
    assert document.partial is None


def test_merged_cells_stand_once_with_their_spans() -> None:
    made = docx(
        tbl(
            tr(tc("TT", merge="restart"), tc("Hồ sơ", span=2), tc("Ghi chú", merge="restart")),
            tr(tc("", merge="continue"), tc("Nhận"), tc("Trả"), tc("", merge="continue")),
            tr("1", "46", "45", ""),
        )
        + p("Hết.")
    )
    document = read(made)
    cells = [(p.row, p.col, p.row_span, p.col_span, document.text[p.start : p.end]) for p in document.passages[:-1]]
    assert cells[:5] == [(0, 0, 2, 1, "TT"), (0, 1, 1, 2, "Hồ sơ"), (0, 3, 2, 1, "Ghi chú"), (1, 1, 1, 1, "Nhận"),
                         (1, 2, 1, 1, "Trả")]  # fmt: skip
    assert lines(document)[:3] == ["TT\tHồ sơ\tGhi chú", "Nhận\tTrả", "1\t46\t45\t"]
    assert [(table.rows, table.cols, table.header_rows) for table in document.tables] == [(3, 4, 2)]


def test_a_nested_table_is_read_inside_its_cell() -> None:
    inner = tbl(tr("nam", "12"), tr("nữ", "13"))
    made = docx(tbl(tr("Thôn", "Số liệu"), tr("Một", tc(p("Gồm:"), inner, p("người")))) + p("Hết."))
    assert lines(read(made)) == ["Thôn\tSố liệu", "Một\tGồm: nam 12 nữ 13 người", "Hết."]


def test_a_header_row_marked_by_the_file_counts_and_one_copied_by_hand_is_dropped() -> None:
    rows = tr("Thôn", "Số hộ", header=True), tr("Một", "605"), tr("Thôn", "Số hộ"), tr("Hai", "600")
    made = docx(tbl(*rows) + p("Hết."))
    document = read(made)
    assert lines(document) == ["Thôn\tSố hộ", "Một\t605", "Hai\t600", "Hết."]
    assert document.tables[0].header_rows == 1


def test_text_that_another_file_brings_in_makes_the_census_partial() -> None:
    document = read(docx(p("Có 12 thôn.") + '<w:altChunk r:id="x"/>'))
    assert (lines(document), document.partial) == (["Có 12 thôn."], Reason.CENSUS)
    assert document.notices == ("embedded-text",)


@pytest.mark.parametrize(
    ("ole", "partial"),
    [
        ('ProgID="Excel.Sheet.12" DrawAspect="Content"', Reason.CENSUS),
        ('ProgID="Word.Document.8"', Reason.CENSUS),
        ('ProgID="Excel.Sheet.8" DrawAspect="Icon"', None),
        ('ProgID="Equation.3" DrawAspect="Content"', None),
    ],
)
def test_a_sheet_shown_as_a_picture_makes_the_census_partial(ole: str, partial: Reason | None) -> None:
    name = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    document = read(docx(p("Có 12 thôn.") + f"<w:p><w:r><w:object><o:OLEObject {name} {ole}/></w:object></w:r></w:p>"))
    assert (lines(document), document.partial) == (["Có 12 thôn."], partial)


def test_hidden_text_does_not_print_and_is_noticed() -> None:
    document = read(docx(p("Có 12 thôn", r(" (nháp: 13)", "<w:vanish/>"), ".")))
    assert (lines(document), document.notices, document.partial) == (["Có 12 thôn."], ("hidden-text",), None)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_letterhead_set_in_a_table_without_borders_is_no_table(form: Literal["NFC", "NFD"]) -> None:
    typed = (
        tbl(tr(tc(p("UBND HUYỆN MẪU"), p("UBND XÃ AN MẪU")), tc(p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
                                                               p("Độc lập - Tự do - Hạnh phúc"))),
            tr("Số: 12/BC-UBND", "An Mẫu, ngày 15 tháng 6 năm 2024"))
        + p("BÁO CÁO") + p("Kết quả công tác") + p("Xã có 12 thôn.")
        + tbl(tr(tc(p("Nơi nhận:"), p("- UBND huyện;"), p("- Lưu: VT.")), tc(p("TM. ỦY BAN NHÂN DÂN"), p("CHỦ TỊCH"))))
        + p("")
    )  # fmt: skip
    document = read(docx(unicodedata.normalize(form, typed)))
    assert not document.tables
    assert lines(document) == [
        "UBND HUYỆN MẪU", "UBND XÃ AN MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/BC-UBND", "An Mẫu, ngày 15 tháng 6 năm 2024", "BÁO CÁO", "Kết quả công tác", "Xã có 12 thôn.",
        "Nơi nhận:", "- UBND huyện;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH",
    ]  # fmt: skip


def test_a_letterhead_set_with_tabs_is_two_columns() -> None:
    tab = "<w:r><w:tab/></w:r>"
    made = docx(
        p("UBND XÃ AN MẪU", tab, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        + p("Số: 12/BC-UBND", tab, "Độc lập - Tự do - Hạnh phúc")
        + p("BÁO CÁO") + p("Xã có 12 thôn.")
        + p("Nơi nhận:", tab, "TM. ỦY BAN NHÂN DÂN")
    )  # fmt: skip
    assert lines(read(made)) == ["UBND XÃ AN MẪU", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 12/BC-UBND",
                                 "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Xã có 12 thôn.", "Nơi nhận:",
                                 "TM. ỦY BAN NHÂN DÂN"]  # fmt: skip


TCVN3 = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
TCVN3_CAPITALS = '<w:rFonts w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/>'
VNI = '<w:rFonts w:ascii="VNI-Times" w:hAnsi="VNI-Times"/>'


def test_tcvn3_runs_are_decoded_by_font_and_bytes() -> None:
    document = read(docx(p(r("§¶ng ñy x· ®· häp 12 phiªn.", TCVN3)) + p(r("b¸o c¸o", TCVN3_CAPITALS)) + p("Đã xong.")))
    assert lines(document) == ["Đảng ủy xã đã họp 12 phiên.", "BÁO CÁO", "Đã xong."]
    assert document.notices == ("legacy-encoding",)


def test_a_letter_of_tcvn3_that_is_word_s_soft_hyphen_is_u_with_horn() -> None:
    hyphen = f"<w:r><w:rPr>{TCVN3}</w:rPr><w:softHyphen/></w:r>"
    document = read(docx(p(r("Ph", TCVN3), hyphen, r("¬ng h\u00adíng", TCVN3))))
    assert lines(document) == ["Phương hướng"]


def test_vni_runs_are_decoded_across_runs() -> None:
    document = read(docx(p(r("Ñaûng uyû xaõ ñaõ ho", VNI), r("ïp 12 phieân.", VNI))))
    assert lines(document) == ["Đảng uỷ xã đã họp 12 phiên."]


def test_a_run_in_a_legacy_font_that_is_unicode_already_stays() -> None:
    document = read(docx(p(r("Đảng ủy xã đã họp; tổng số 12 phiên.", TCVN3)) + p(r("Ủy ban: 3 người", VNI))))
    assert lines(document) == ["Đảng ủy xã đã họp; tổng số 12 phiên.", "Ủy ban: 3 người"]
    assert document.notices == ()


def test_decomposed_letters_are_composed_and_look_alikes_stay_as_written() -> None:
    document = read(docx(p("Xã Hoà Bình và thôn Hòa An; Quyết định 12/QÐ-UBND.")))
    assert lines(document) == ["Xã Hoà Bình và thôn Hòa An; Quyết định 12/QÐ-UBND."]


def test_a_table_of_contents_repeats_no_heading() -> None:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    toc = '<w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
    made = docx(
        p(mark.format("begin"), toc, mark.format("separate"), "I. KẾT QUẢ", "<w:r><w:tab/></w:r>", "1")
        + p("II. NHIỆM VỤ", "<w:r><w:tab/></w:r>", "4", mark.format("end"))
        + p("I. KẾT QUẢ CHUNG") + p("Có 12 thôn.") + p("II. NHIỆM VỤ TỚI") + p("Làm tiếp.")
    )  # fmt: skip
    assert [number for _, number, _ in outline(read(made))] == ["I", "II"]
