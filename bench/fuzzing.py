"""Reports turned into what a hostile or broken sender might send: seeded, and aware of how the formats are built.

``inputs(seed, count)`` gives names and bytes; the same seed gives the same inputs.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator

from samples.docx_file import docx_bytes
from samples.markup import Report, parse
from samples.pdf_file import pdf_bytes

Mutator = Callable[[random.Random, bytes], bytes]
HEAD = """@commune Mẫu
@district Thử
@place Mẫu
@parent UBND HUYỆN THỬ
@agency UBND XÃ MẪU
@number 1/BC-UBND
@issued 2023-12-12
@kind BÁO CÁO
@title Kết quả công tác năm 2023
@signature CHỦ TỊCH
"""
BODY = """# I. Tổ chức bộ máy
Xã có {q 17 cán bộ|17 cán bộ}, đạt {p 50|50%}; theo Kế hoạch số 15/KH-UBND ngày 10/02/2023.
## 1. Kết quả
- Hoàn thành {r 9/10|9/10} nhiệm vụ; thu {q 6.2 tỷ đồng|6,2 tỷ đồng}.
"""
PLAIN = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (app.alert(1))>>>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R 6 0 R] /Count 2>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 118>> stream
q 1 0 0 1 0 0 cm 0 0 200 90 re S 0 20 200 1 re S Q BT /F 12 Tf 20 50 Td (17 nguoi) Tj 0 -14 Td [(5) -20 (0%)] TJ ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding>> endobj
6 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Rotate 90 /Contents [4 0 R 4 0 R] /Annots [7 0 R]
 /Resources <</Font <</F 5 0 R>> /XObject <</X 8 0 R>>>>>> endobj
7 0 obj <</Type /Annot /Subtype /Link /Rect [0 0 9 9] /A <</S /URI /URI (about:blank)>>>> endobj
8 0 obj <</Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources <</XObject <</X 8 0 R>>>> /Length 5>> stream
/X Do
endstream endobj
trailer <</Root 1 0 R /Size 9>>
%%EOF
"""
NUMBERS = (b"0", b"-1", b"1", b"2147483647", b"4294967296", b"99999999999999999999", b"1e308", b"00000000001")
NAMES = (b"/Page", b"/Pages", b"/Catalog", b"/Font", b"/FlateDecode", b"/LZWDecode", b"/JBIG2Decode", b"/JavaScript")
XML_BITS = (
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&#0;", b"&#xD800;", b"&nosuch;", b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:r/>",
    b'<w:gridSpan w:val="99999999"/>', b'<w:vMerge/>', b'<w:numId w:val="-7"/>', b"<![CDATA[x]]>", b"\xff\xfe", b"<",
)  # fmt: skip


def seeds() -> dict[str, list[bytes]]:
    """Small sound files by format."""
    reports: list[Report] = [parse(HEAD + BODY), parse(HEAD + BODY * 12)]
    docx, pdf = [docx_bytes(one) for one in reports], [PLAIN, *map(pdf_bytes, reports)]
    return {"pdf": pdf, "docx": docx, "zip": [packed({"a.docx": docx[0], "b/c.pdf": pdf[1], "d.txt": b"x"})]}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# Bytes of any format


def flipped(rng: random.Random, data: bytes) -> bytes:
    held = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 64))):
        held[rng.randrange(len(held))] ^= 1 << rng.randrange(8)
    return bytes(held)


def truncated(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def cut_out(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 2000) :]


def repeated(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randrange(1, 500)]
    return data[:start] + piece * rng.randrange(2, 40) + data[start:]


def noise(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + rng.randbytes(rng.randrange(1, 300)) + data[start:]


ANY: tuple[Mutator, ...] = (flipped, truncated, cut_out, repeated, noise)


# What a PDF is made of


def _replaced(rng: random.Random, data: bytes, pattern: bytes, choices: tuple[bytes, ...]) -> bytes:
    """A few of the places where ``pattern`` stands hold something else."""
    spots = [match.span() for match in re.finditer(pattern, data)]
    for start, end in sorted(rng.sample(spots, min(len(spots), rng.choice((1, 2, 5)))), reverse=True):
        data = data[:start] + rng.choice(choices) + data[end:]
    return data


def pdf_numbers(rng: random.Random, data: bytes) -> bytes:
    return _replaced(rng, data, rb"(?<=[ \[/\n])\d+(?=[ \]\n/>])", NUMBERS)


def pdf_names(rng: random.Random, data: bytes) -> bytes:
    return _replaced(rng, data, rb"/[A-Z][A-Za-z0-9]+", NAMES)


def pdf_references(rng: random.Random, data: bytes) -> bytes:
    """References point elsewhere: to themselves, to each other, to nothing."""
    count = max(2, len(re.findall(rb"\d+ 0 obj", data)))
    return _replaced(rng, data, rb"\d+ 0 R", tuple(b"%d 0 R" % rng.randrange(count + 2) for _ in range(5)))


PDF: tuple[Mutator, ...] = (pdf_numbers, pdf_names, pdf_references)


# What a DOCX or any zip is made of


def _part(rng: random.Random, data: bytes, change: Mutator) -> bytes:
    """One member changed, the package whole: what gets past the checksums."""
    members = unpacked(data)
    filled = [name for name, content in members.items() if content]
    main = [name for name in filled if "document" in name and rng.random() < 0.6]
    name = rng.choice(main or filled)
    members[name] = change(rng, members[name])
    return packed(members, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)))


def part_bytes(rng: random.Random, data: bytes) -> bytes:
    return _part(rng, data, rng.choice(ANY))


def part_xml(rng: random.Random, data: bytes) -> bytes:
    return _part(rng, data, lambda rng, xml: _replaced(rng, xml, rb"(?<=>)(?=<)", XML_BITS))


def part_attributes(rng: random.Random, data: bytes) -> bytes:
    values = (*NUMBERS, b"", b"true", b"rId1")
    return _part(rng, data, lambda rng, xml: _replaced(rng, xml, rb'(?<==")[^"]*(?=")', values))


def part_tags(rng: random.Random, data: bytes) -> bytes:
    """Elements lose their end, or stand where another stood."""
    tags = (b"<w:p>", b"</w:p>", b"<w:tr>", b"</w:tc>", b"<w:tbl>", b"<w:sdt>", b"")
    return _part(rng, data, lambda rng, xml: _replaced(rng, xml, rb"</?w:\w+>", tags))


def member_lost(rng: random.Random, data: bytes) -> bytes:
    members = unpacked(data)
    del members[rng.choice(list(members))]
    return packed(members)


def member_names(rng: random.Random, data: bytes) -> bytes:
    """Roots, steps upwards, controls, and names that an archive holds twice."""
    strange = ("../../x.docx", "/etc/x.pdf", "a\u202efdp.exe", "=1+1.docx", "\x1b[2J.pdf", "a" * 300 + ".pdf", ".")
    return packed({rng.choice((name, *strange)): content for name, content in unpacked(data).items()})


def zip_fields(rng: random.Random, data: bytes) -> bytes:
    """Sizes, methods, flags and offsets of the directory that tell another story than the members."""
    spots = [match.start() for match in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", data)]
    held = bytearray(data)
    at = rng.choice(spots) + rng.randrange(4, 22)
    held[at : at + 4] = rng.choice((b"\xff" * 4, b"\0" * 4, rng.randbytes(4)))
    return bytes(held[: len(data)])


def nested(rng: random.Random, data: bytes) -> bytes:
    return packed({"in.zip": data, "b.docx": flipped(rng, data)})


ZIPPED: tuple[Mutator, ...] = (part_bytes, part_xml, part_attributes, part_tags, member_lost, member_names)
# Each format by what changes it while it stays whole, and by what breaks it
FORMATS: dict[str, tuple[tuple[Mutator, ...], tuple[Mutator, ...]]] = {
    "pdf": (PDF, ANY),
    "docx": (ZIPPED, (*ANY, zip_fields)),
    "zip": ((*ZIPPED, nested), (*ANY, zip_fields)),
}


def inputs(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """``count`` names and contents, no two names alike."""
    rng, sound = random.Random(seed), seeds()
    for number in range(count):
        kind = rng.choices(tuple(FORMATS), (5, 5, 1))[0]
        data = rng.choice(sound[kind])
        bending, breaking = FORMATS[kind]
        chosen = [rng.choice(bending)] if number % 2 else []
        if number % 3 != 1 or not chosen:
            chosen.append(rng.choice(breaking))
        for mutator in chosen:
            data = mutator(rng, data) or data
        yield f"{number:05}-{chosen[0].__name__}.{kind}", data
