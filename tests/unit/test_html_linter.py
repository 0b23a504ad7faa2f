"""The linter of pages refuses what it says it refuses: a rule nobody can break would guard nothing."""

import pytest

from tests.journeys.html import BrokenPage, lint, parse

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{head}</head>
<body><a href="#main">跳到主要内容</a><main id="main">{main}</main>{foot}</body></html>"""


def check(
    main: str = "", *, title: str = "标题 - 站点", heading: str = "<h1>标题</h1>", head: str = "", foot: str = ""
) -> None:
    lint(parse(PAGE.format(title=title, head=head, main=heading + main, foot=foot)), HEADERS)


def test_a_sound_page_passes() -> None:
    check(
        '<form method="post" action="/x/"><input type="hidden" name="csrfmiddlewaretoken" value="t">'
        '<label for="a">姓名</label><input id="a" name="a" aria-describedby="h"><p id="h">提示</p>'
        "<fieldset><legend>类型</legend>"
        '<input type="radio" name="r" id="r1" value="1"><label for="r1">甲</label></fieldset>'
        "<button>保存</button></form>"
        '<div class="table"><table><caption>表</caption><thead><tr><th scope="col">列</th></tr></thead>'
        "<tbody><tr><td>值</td></tr></tbody></table></div>"
        '<img src="/static/a.svg" alt="">'
    )


@pytest.mark.parametrize(
    ("main", "sentence"),
    [
        ("<h1>又一个</h1>", "exactly one h1"),
        ("<h3>跳级</h3>", "skips a level"),
        ('<p id="main">同名</p>', "appears 2 times"),
        ('<input id="a" aria-describedby="none">', "leads nowhere"),
        ('<a href="#none">无处</a>', "leads nowhere"),
        ('<input name="a">', "exactly one label"),
        ('<label for="a"></label><input id="a">', "is empty"),
        ('<label for="a">姓名<span>（必填）</span></label><input id="a">', "nothing else"),
        ('<label for="a">姓名</label><label for="a">名字</label><input id="a">', "exactly one label"),
        ('<fieldset><input type="radio" id="r"><label for="r">甲</label></fieldset>', "no legend"),
        ('<a href="/x/"><svg></svg></a>', "no text"),
        ('<form><input type="submit" value="好"></form>', "use button"),
        ('<img src="/a.png">', "no alt"),
        ('<p style="color:red">红</p>', "style sheet"),
        ("<script>1</script>", "scripts stand in files"),
        ('<p onclick="x()">点</p>', "has onclick"),
        ('<a href="javascript:x()">点</a>', "is a script"),
        ('<img src="https://elsewhere.example/a.png" alt="">', "comes from elsewhere"),
        ('<p tabindex="2">先</p>', "order of reading"),
        ('<form method="post"><button>好</button></form>', "no CSRF token"),
        ('<form action="/x/"></form>', "no button"),
        ('<nav aria-label="甲"></nav><nav aria-label="甲"></nav>', "2 nav are called '甲'"),
        ("<center>中</center>", "center is not used"),
        ('<div class="table"><table><tbody><tr><td>值</td></tr></tbody></table></div>', "caption"),
        ("<table><caption>表</caption><tbody><tr><th>列</th></tr></tbody></table>", "class table"),
        ('<p align="right">右</p>', "by an attribute"),
        ("<p>你好 {{ name }}</p>", "not filled in"),
        ("<p>None</p>", "not filled in"),
        ("<p>True</p>", "not filled in"),
    ],
)
def test_each_rule_can_be_broken(main: str, sentence: str) -> None:
    with pytest.raises(BrokenPage, match=sentence):
        check(main)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"title": "别的"}, "does not start with"),
        ({"heading": ""}, "exactly one h1"),
        ({"heading": "<h1></h1>"}, "h1 is empty"),
        ({"main": '<label for="a">名</label><input id="a" aria-invalid="true">'}, "错误：标题"),
        ({"head": '<link rel="stylesheet" href="//cdn.example/a.css">'}, "comes from elsewhere"),
        ({"foot": "<main></main>"}, "exactly one main"),
    ],
)
def test_the_frame_is_checked(arguments: dict[str, str], sentence: str) -> None:
    with pytest.raises(BrokenPage, match=sentence):
        check(**arguments)


@pytest.mark.parametrize("source", ["<p>没有文档类型</p>", PAGE.replace("</main>", "</div>"), "<!doctype html><p></b>"])
def test_repairable_pages_are_refused(source: str) -> None:
    with pytest.raises(BrokenPage, match="not valid HTML"):
        parse(source)


@pytest.mark.parametrize("header", list(HEADERS))
def test_headers_are_demanded(header: str) -> None:
    page = parse(PAGE.format(title="标题", head="", main="<h1>标题</h1>", foot=""))
    with pytest.raises(BrokenPage):
        lint(page, {**HEADERS, header: ""})


def test_an_unsafe_policy_is_refused() -> None:
    page = parse(PAGE.format(title="标题", head="", main="<h1>标题</h1>", foot=""))
    policy = HEADERS["Content-Security-Policy"] + "; img-src 'unsafe-inline'"
    with pytest.raises(BrokenPage, match="unsafe"):
        lint(page, {**HEADERS, "Content-Security-Policy": policy})
