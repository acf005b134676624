"""Files made to hurt whoever opens them, by script: nothing hostile lies in the repository."""

from __future__ import annotations

import io
import zipfile

from tests.test_pipeline import report

MAIN = "word/document.xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def docx_with(**changed: bytes) -> bytes:
    """A sound DOCX with parts replaced or added; ``document`` stands for its main part, ``rels`` for its links."""
    names = {"document": MAIN, "rels": "word/_rels/document.xml.rels"}
    with zipfile.ZipFile(io.BytesIO(report())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return packed(members | {names.get(name, name): content for name, content in changed.items()})


def body(inner: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{inner}</w:body></w:document>'.encode()


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def entity_bomb() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return docx_with(document=body(paragraph("&l9;"), f'<!DOCTYPE b [<!ENTITY l0 "bom">{levels}]>'))


def outside_entity() -> bytes:
    return docx_with(document=body(paragraph("&x;"), '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]>'))


def deep_docx(levels: int = 10_000) -> bytes:
    open_, close = "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"
    return docx_with(document=body(open_ * levels + paragraph("đáy") + close * levels))


def dense_docx() -> bytes:
    return docx_with(document=body(paragraph(" " * 80_000_000)))


def wide_table() -> bytes:
    """One cell that says it spans two thousand million columns."""
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>' + paragraph("17 người") + "</w:tc>"
    return docx_with(document=body(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>"))


def linked_docx(port: int) -> bytes:
    """Template, picture and frame that lie on a server."""
    kinds = ("attachedTemplate", "image", "frame", "hyperlink", "oleObject")
    base = "http://schemas.openxmlformats.org"
    links = "".join(
        f'<Relationship Id="x{n}" Type="{base}/officeDocument/2006/relationships/{kind}"'
        f' Target="http://127.0.0.1:{port}/{kind}" TargetMode="External"/>'
        for n, kind in enumerate(kinds)
    )
    rels = f'<Relationships xmlns="{base}/package/2006/relationships">{links}</Relationships>'
    return docx_with(rels=rels.encode(), document=body(paragraph("Xã có 17 người dự họp.")))


def zip_bomb() -> bytes:
    return packed({"a.pdf": b"\0" * 300_000_000})


def lying_zip(size: int = 20_000_000) -> bytes:
    """Members that declare a hundred bytes and unpack to ``size``; one where a format's own mark would stand."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_BZIP2) as archive:
        for name in ("a.pdf", "mimetype"):
            archive.writestr(name, b"\0" * size)
    return held.getvalue().replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def nested_zips(depth: int = 12) -> bytes:
    data = report()
    for level in range(depth):
        data = packed({f"{level}.zip" if level else "a.docx": data})
    return data


def many_members(count: int = 2_500) -> bytes:
    return packed({f"{number}.pdf": b"" for number in range(count)})


def crowded_docx(count: int = 10_001) -> bytes:
    """A DOCX with more embedded objects than anybody puts into a report."""
    return docx_with(**{f"word/embeddings/{number}.bin": b"" for number in range(count)})


def odt(content: str) -> bytes:
    """An OpenDocument text whose body is ``content``."""
    names = {"office": "office:1.0", "text": "text:1.0"}
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for n, name in names.items())
    kind = "application/vnd.oasis.opendocument.text"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"))
    )
    body = f"<office:body><office:text>{content}</office:text></office:body>"
    return packed({
        "mimetype": kind.encode(),
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{manifest}">{entries}</m:manifest>'.encode(),
        "content.xml": f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink"'
                       f' office:version="1.2">{body}</office:document-content>'.encode(),
    })  # fmt: skip


def reaching_odt(path: str) -> bytes:
    """Shows a file of this machine as a part of itself."""
    source = f'<text:section-source xlink:type="simple" xlink:href="file://{path}" xlink:show="embed"/>'
    own = "<text:p>Xã có 17 người dự họp.</text:p>"
    return odt(f'{own}<text:section text:name="a">{source}<text:p>…</text:p></text:section>')


def reaching_rtf(path: str) -> bytes:
    words = ("INCLUDETEXT", "DDEAUTO soffice")
    fields = "".join(f'{{\\field{{\\*\\fldinst{{{word} "{path}" }}}}{{\\fldrslt ...}}}}' for word in words)
    return f"{{\\rtf1\\ansi Xa co 17 nguoi du hop. {fields}}}".encode()


def dense_odt() -> bytes:
    return odt(f"<text:p>{'a' * 80_000_000}</text:p>")


def climbing_zip() -> bytes:
    """Steps upwards, roots, drive letters, a name twice."""
    names = ("../../evil.docx", "/etc/evil.docx", "C:\\evil.docx", "a/../../evil.docx")
    return packed({name: report(f"Xã có {n} người.") for n, name in enumerate(names)})


# PDF. Tables of offsets are left out: readers mend that.


def pdf(*objects: str, root: str = "/Pages 2 0 R", before: bytes = b"") -> bytes:
    """Object 1 is the catalogue with ``root``; the others are numbered from 2 on."""
    parts = [f"<</Type /Catalog {root}>>", *objects]
    made = [f"{number} 0 obj {part} endobj\n".encode() for number, part in enumerate(parts, 1)]
    return b"%PDF-1.7\n" + before + b"".join(made) + b"trailer <</Root 1 0 R>>\n%%EOF\n"


def stream(content: str, entries: str = "") -> str:
    return f"<<{entries} /Length {len(content)}>> stream\n{content}\nendstream"


FONT = "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>"
SHOW = "BT /F 12 Tf 72 700 Td (Xa co 17 nguoi du hop, dat 50%.) Tj ET"
PAGE = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>> {more}>>"


def page_pdf(content: str = SHOW, *others: str, more: str = "", page: str = "", root: str = "") -> bytes:
    """One page: objects 2 to 5 are page tree, page, content and font; ``others`` follow from 6 on."""
    own = f"<<{PAGE.format(more=more)} {page}>>"
    tree = "<</Type /Pages /Kids [3 0 R] /Count 1>>"
    return pdf(tree, own, stream(content), FONT, *others, root=f"/Pages 2 0 R {root}")


def many_pages(count: int = 100_000) -> bytes:
    kids = "3 0 R " * count
    return pdf(f"<</Type /Pages /Kids [{kids}] /Count {count}>>", f"<<{PAGE.format(more='')}>>", stream(SHOW), FONT)


def cyclic_pages() -> bytes:
    return pdf("<</Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 /Parent 2 0 R>>", f"<<{PAGE.format(more='')}>>",
               stream(SHOW), FONT)  # fmt: skip


def cyclic_forms(times: int = 1) -> bytes:
    """A drawing that draws itself; more than once, it doubles at every level."""
    own = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X 6 0 R>>>>"
    return page_pdf(f"{SHOW} /X Do", stream("/X Do " * times, own), more="/XObject <</X 6 0 R>>")


def deep_pdf(levels: int = 100_000) -> bytes:
    return page_pdf(SHOW, "[" * levels + "]" * levels, page="/PieceInfo 6 0 R")


def acting_pdf() -> bytes:
    """Runs a program, a script and a form when it is opened."""
    acts = (
        "<</S /JavaScript /JS (app.launchURL\\('http://127.0.0.1'\\)) /Next 7 0 R>>",
        "<</S /Launch /F (/bin/sh) /Win <</F (cmd.exe)>> /Next 8 0 R>>",
        "<</S /SubmitForm /F (http://127.0.0.1/)>>",
    )
    return page_pdf(SHOW, *acts, root="/OpenAction 6 0 R /AA <</WC 6 0 R>>", page="/AA <</O 7 0 R>>")


def outside_pdf(port: int) -> bytes:
    """A picture whose bytes lie on a server."""
    link = f"<</FS /URL /F (http://127.0.0.1:{port}/x)>>"
    image = stream("", f"/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /F {link}")
    return page_pdf(f"{SHOW} q 9 0 0 9 0 0 cm /I Do Q", image, more="/XObject <</I 6 0 R>>")


def giant_image(side: int = 60_000) -> bytes:
    """A page that is one picture of 3,600 million pixels."""
    image = stream("0", f"/Type /XObject /Subtype /Image /Width {side} /Height {side} /BitsPerComponent 8"
                        " /ColorSpace /DeviceRGB /Filter /ASCIIHexDecode")  # fmt: skip
    return page_pdf("q 595 0 0 842 0 0 cm /I Do Q", image, more="/XObject <</I 6 0 R>>")


def crowded_pdf(count: int = 10_001) -> bytes:
    """A PDF with as many attached files and pictures, none of them used."""
    kinds = ("/Type /EmbeddedFile", "/Type /XObject /Subtype /Image /Width 1 /Height 1")
    return page_pdf(SHOW, *(stream("", kinds[number % 2]) for number in range(count)))


def giant_scan() -> bytes:
    """A page of five metres by five that is all picture, to be drawn for OCR."""
    image = stream("0", "/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8"
                        " /ColorSpace /DeviceGray /Filter /ASCIIHexDecode")  # fmt: skip
    content = "q 14400 0 0 14400 0 0 cm /I Do Q"
    return page_pdf(content, image, more="/XObject <</I 6 0 R>>", page="/MediaBox [0 0 14400 14400]")


def placeless_pdf() -> bytes:
    """Letters that matrices put beyond all numbers."""
    return page_pdf(f"{SHOW} {'20 50 0 0 1 0 cm ' * 40} {SHOW}")


def giant_page() -> bytes:
    return page_pdf(SHOW, page="/MediaBox [0 0 14400000 14400000]")
