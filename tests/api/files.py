"""Small files of every kind that is taken, and of some that are not."""
import io
import struct
import zipfile
import zlib

OOXML = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def pdf(words="x"):
    body = "%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%% %s\ntrailer<</Root 1 0 R>>\n%%%%EOF\n"
    return (body % words).encode()


def png():
    def part(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check
    return (b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
            + part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b""))


def jpeg():
    return (b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0\x43\0" + b"\x08" * 64
            + b"\xff\xd9")


def zipped(names, first=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        if first is not None:
            z.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            z.writestr(name, "<x/>" * 50)
    return out.getvalue()


def office(ending, *more):
    if ending in OOXML:
        return zipped(["[Content_Types].xml", "_rels/.rels", OOXML[ending], *more])
    return zipped(["content.xml", *more], "application/vnd.oasis.opendocument." + ODF[ending])


def upload(client, path, data, etag=None, query=None, headers=None, **said):
    """POST …/attachments: the bytes are the body."""
    said = {"kind": "other", "file_name": "文書.pdf", "confidentiality": 2} | said
    said = {name: value for name, value in said.items() if value is not None}
    sent = {"Content-Type": "application/octet-stream", "If-Match": etag}
    return client.request("POST", path + "/attachments", body=data, query=said | (query or {}),
                          headers=sent | (headers or {}))
