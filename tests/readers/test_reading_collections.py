"""Mail, subtitles, TREC and WARC; readers of others; what all readers promise."""

import base64
import io
import mailbox
import sys
from email.message import EmailMessage

import pytest
from kashaf.index.readers import KINDS, Document, Options, bytes_source, dispatch, read
from kashaf.index.readers.formats import FORMATS

PROSE = "وصل الوفد إلى العاصمة مساء الخميس، وقال المتحدث إن الاتفاق مفيد للجميع."


def documents(name, data, **options):
    return list(read(bytes_source(name, data), Options(**options)))


def message(**headers):
    mail = EmailMessage()
    mail["Subject"] = "دعوة إلى الاجتماع"
    mail["From"] = "سمير <samir@example.org>"
    mail["Date"] = "Tue, 05 Mar 2024 10:00:00 +0300"
    for name, value in headers.items():
        mail[name] = value
    return mail


def test_mail_with_an_attachment():
    mail = message()
    mail.set_content(PROSE)
    mail.add_alternative(f"<p>{PROSE} صفحة</p>", subtype="html")
    mail.add_attachment("نص مرفق".encode(), "text", "plain", filename="ملحق.txt")
    body, attached = documents("a.eml", bytes(mail))
    assert body.fields == {
        "title": "دعوة إلى الاجتماع",
        "date": "2024-03-05T10:00:00+03:00",
        "from": "سمير <samir@example.org>",
        "body": PROSE,
    }
    assert (attached.part, attached.fields["body"]) == ("ملحق.txt", "نص مرفق")


def test_mail_of_a_page_alone():
    mail = message()
    mail.set_content(f"<h1>رأس</h1><p>{PROSE}</p>", subtype="html")
    [item] = documents("saved", bytes(mail))
    assert item.fields["body"] == f"رأس\n\n{PROSE}"


def test_mail_of_old_programs():
    text = PROSE.encode("cp1256")
    subject = "=?windows-1256?B?" + base64.b64encode("مرحباً بكم".encode("cp1256")).decode() + "?="
    head = f"From: a@b.c\nTo: d@e.f\nSubject: {subject}\n\n".encode()
    [item] = documents("a.eml", head + text)
    assert item.fields["title"] == "مرحباً بكم"
    assert item.fields["body"] == PROSE


def test_a_box_of_mail(tmp_path):
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        mail = message()
        mail.set_content(f"From هنا رسالة {number}\n{PROSE}")
        box.add(mail)
    box.close()
    items = documents("box", (tmp_path / "box").read_bytes())
    assert [item.part for item in items] == ["1", "2", "3"]
    assert items[1].fields["body"].endswith(PROSE)


def test_subtitles():
    srt = (
        "1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>مرحباً يا صديقي</i>\r\n- أهلاً\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}كيف الحال؟\r\n"
    )
    [item] = documents("a.srt", srt.encode("cp1256"))
    assert item.fields["body"] == "مرحباً يا صديقي\n- أهلاً\nكيف الحال؟"
    [item] = documents("a", b"WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000\nhello <b>you</b>\n")
    assert item.fields["body"] == "hello you"


TREC = """<DOC>
<DOCNO> 20010915_AFP_ARB.0001 </DOCNO>
<DATE>20010915</DATE>
<HEADLINE> عنوان الخبر </HEADLINE>
<TEXT>
<P>الفقرة الأولى &amp; غيرها</P>
<P>الثانية</P>
</TEXT>
</DOC>
<DOC>
<DOCNO>2</DOCNO>
<TEXT></TEXT>
</DOC>
<DOC>
<DOCNO>3</DOCNO>
<BODY>نص</BODY>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256", "utf-16"])
def test_trec(encoding):
    first, empty, last = documents("docs", TREC.encode(encoding))
    assert first.fields == {
        "id": "20010915_AFP_ARB.0001",
        "title": "عنوان الخبر",
        "body": "الفقرة الأولى & غيرها\nالثانية",
        "date": "2001-09-15",
    }
    assert (empty.kind, empty.line) == ("empty", 10)
    assert last.fields == {"id": "3", "body": "نص"}


def test_warc():
    pytest.importorskip("warcio")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    for packed in (False, True):
        file = io.BytesIO()
        writer = WARCWriter(file, gzip=packed)
        page = f"<html><title>صفحة</title><p>{PROSE}</p></html>".encode("cp1256")
        for number, (status, data) in enumerate([("200 OK", page), ("404 No", page)]):
            record = writer.create_warc_record(
                f"http://example.org/{number}.html",
                "response",
                payload=io.BytesIO(data),
                http_headers=StatusAndHeaders(status, [("Content-Type", "text/html")], "HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2024-05-06T07:08:09Z"},
            )
            writer.write_record(record)
        [item] = documents("a.warc", file.getvalue())
        assert item.fields == {
            "title": "صفحة",
            "body": PROSE,
            "url": "http://example.org/0.html",
            "date": "2024-05-06T07:08:09+00:00",
        }
        assert item.part == "1"


def test_a_missing_extra_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    for name in [name for name in sys.modules if name.startswith("kashaf.index.readers.pdf")]:
        monkeypatch.delitem(sys.modules, name)
    [item] = documents("a.pdf", b"%PDF-1.4\n")
    assert item.kind == "extra-missing"
    assert item.reason == "needs kashaf[pdf]: pip install 'kashaf[pdf]'"


def test_another_package_may_read_what_is_unknown_here(monkeypatch):
    class Entry:
        @staticmethod
        def load():
            return lambda source, options: iter([Document({"body": "theirs"})])

    monkeypatch.setattr(dispatch, "_registered", lambda: {"xyz": Entry, "txt": Entry, "7z": Entry})
    assert documents("a.xyz", b"some text")[0].fields == {"body": "theirs"}
    assert documents("a.7z", b"7z\xbc\xaf\x27\x1c")[0].fields == {"body": "theirs"}
    assert documents("a.txt", b"some text")[0].fields == {"body": "some text"}


def test_a_reader_that_fails_is_reported(monkeypatch):
    def fail(source, options):
        raise ValueError("some\ntrouble")
        yield

    monkeypatch.setattr(dispatch, "_reader", lambda source, options: fail)
    [item] = documents("a.txt", b"x")
    assert (item.kind, item.reason) == ("damaged", "ValueError: some trouble")


def test_the_table_is_sound():
    names = [form.name for form in FORMATS]
    assert len(set(names)) == len(names)
    for form in FORMATS:
        assert form.module or (form.refusal and form.kind in KINDS)
        assert form.magic or form.start or form.suffixes
