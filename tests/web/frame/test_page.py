"""The checker of pages catches what it says it catches."""

from __future__ import annotations

import pytest

from tests.web.page import findings

GOOD = (
    """<html lang="id"><head><title>Meja</title></head><body><main><h1>Meja</h1>{}</main></body>"""
)

SLIPS = [
    "<h1>Dua</h1>",
    '<p id="a"></p><p id="a"></p>',
    '<label for="nowhere">Nama</label>',
    '<input name="email">',
    '<form action="/x" method="post"><button>Kirim</button></form>',
    '<form method="get"><button>Cari</button></form>',
    '<form action="/x"><input type="hidden" name="csrf_token" value="1"><button>A</button></form>',
    '<form action="/x"><label>A<input></label></form>',
    '<form action="/x"><form action="/y"><button>A</button></form></form>',
    "<form><button>Cari</button></form>",
    '<p style="color: red">x</p>',
    "<style>p { color: red }</style>",
    "<script>go()</script>",
    '<a href="/x" onclick="go()">x</a>',
    '<a href="//elsewhere.example">x</a>',
    '<a href="javascript:go()">x</a>',
    '<a href="/x"></a>',
    "<button></button>",
    '<img src="/x.svg">',
    "<table><tr><th>x</th></tr></table>",
    "<p>Paling lambat %(at)s</p>",
    "<p>Penanggung jawab: None</p>",
    "<p>You have no line manager in the system, so this cannot be escalated further.</p>",
]


def test_a_good_page_passes():
    assert findings(GOOD.format("<p>Isi</p>")) == []


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_caught(slip):
    assert findings(GOOD.format(slip))
