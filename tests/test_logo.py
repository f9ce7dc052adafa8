"""The title and the logo of an account: a small picture from its own folder, in which nothing runs."""

import struct
import zlib
from base64 import b64decode
from dataclasses import replace

import pytest

from wockit.analysis.analyse import analyse
from wockit.notes import SettingsError
from wockit.reading.account_file import account_file_text, read_account_file
from wockit.reading.logo import LARGEST_LOGO, Logo
from wockit.show.letterhead import logo_of, title_of
from wockit.show.opening import masthead
from wockit.weekly.outputs import record

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png(across=2, down=1):
    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", across, down, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0" * 7)) + part(b"IEND", b"")


@pytest.fixture
def about(tmp_path):
    """What an account file says that names a file with these bytes as its logo."""

    def read(data=None, name="logo.png", more=""):
        if data is not None:
            (tmp_path / name).write_bytes(data)
        (tmp_path / "account.toml").write_text(f'marketplace = "US"\nlogo = "{name}"\n{more}', encoding="utf-8")
        return read_account_file(tmp_path / "account.toml")

    return read


@pytest.mark.parametrize(
    ("data", "kind"), [(png(), "png"), (SVG, "svg+xml"), (b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, "svg+xml")]
)
def test_a_png_or_an_svg_is_known_by_what_is_in_it(about, data, kind):
    logo = about(data, name="logo").logo
    assert logo == Logo(kind, data)
    assert b64decode(logo.address.partition(";base64,")[2]) == data


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (None, "there is no file 'logo.png'"),
        (b"\x89PNG\r\n\x1a\n", "neither a PNG nor a plain SVG"),
        (png(across=30_000), "neither a PNG nor a plain SVG"),
        (b"GIF89a", "neither a PNG nor a plain SVG"),
        (SVG[:-6], "neither a PNG nor a plain SVG"),
        (b"<html><svg/></html>", "neither a PNG nor a plain SVG"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG, "neither a PNG nor a plain SVG"),
        (SVG.replace(b"</svg>", b'<use href="#a"/>' * 21 + b"</svg>"), "neither a PNG nor a plain SVG"),
        (SVG.decode().encode("utf-16"), "neither a PNG nor a plain SVG"),
        (png() + b" " * LARGEST_LOGO, "more than 500,000 bytes"),
    ],
)
def test_any_other_file_is_refused_with_what_to_do(about, data, found):
    with pytest.raises(SettingsError, match=f"account.toml, 'logo': .*{found}.*Use a PNG or SVG"):
        about(data)


@pytest.mark.parametrize("how", ["link", "parent", "absolute"])
def test_a_file_outside_the_account_is_never_read(about, tmp_path, how):
    (tmp_path.parent / "secret.png").write_bytes(png())
    name = {"link": "logo.png", "parent": "../secret.png", "absolute": str(tmp_path.parent / "secret.png")}[how]
    if how == "link":
        (tmp_path / name).symlink_to(tmp_path.parent / "secret.png")
    with pytest.raises(SettingsError, match="a place outside the account"):
        about(name=name)


@pytest.mark.parametrize("key", ["title", "logo"])
def test_what_is_no_text_is_refused(tmp_path, key):
    (tmp_path / "account.toml").write_text(f'marketplace = "US"\n{key} = 3\n')
    with pytest.raises(SettingsError, match=f"account.toml, '{key}': expected text, found 3"):
        read_account_file(tmp_path / "account.toml")


def test_title_and_logo_stand_at_the_head_of_the_page_and_nothing_in_them_runs(build):
    account = build({"A": {"units_available": 9.0, "units_shipped_30_days": 9.0}})
    assert title_of(account) == "Sample account: stock and advertising"
    assert logo_of(account).html == ""
    own = replace(account, title="Kitchen <b>& Garden", logo=Logo("svg+xml", SVG))
    html = masthead(analyse(own)).html
    assert html.startswith('<img class="logo" alt="" src="data:image/svg+xml;base64,')
    assert "<h1>Kitchen &lt;b&gt;&amp; Garden</h1>" in html
    assert "<script" not in html


def test_a_report_rests_on_the_logo_too(about, tmp_path):
    about(png())
    assert "logo.png" in record(tmp_path, "")["inputs"]


def test_a_new_account_file_tells_of_both():
    text = account_file_text("My shop", "US")
    assert '# title = "My shop"' in text
    assert '# logo = ""' in text
