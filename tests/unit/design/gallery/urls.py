from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path

from tests.unit.design.gallery.forms import LogInForm, RegisterForm, UnitForm
from tongban.design import display, menus
from tongban.kernel import clock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120"><rect width="320" height="120" fill="#eef"/>'
    '<text x="60" y="80" font-size="64" font-family="monospace">K7 PX</text></svg>'
)
SERVICES = [
    ("高企认定", "高新技术企业认定的申报、受理与结果查询。", "award", "法人单位", "需实名认证"),
    ("科小企评价", "科技型中小企业信息填报、自评与入库登记。", "chart", "法人单位", "需实名认证"),
    ("科技人才信息登记", "登记学历、专长与成果，便于各计划遴选专家。", "people", "个人", "需实名认证"),
    ("人类遗传资源管理", "采集、保藏、国际合作等事项的申请与备案。", "flask", "法人单位", ""),
]
NOTICES = [
    ("关于开展 2026 年度高新技术企业认定工作的通知", "2026-11-18"),
    ("火炬中心业务办理平台账号转移说明", "2026-11-10"),
    ("实名认证系统升级期间服务安排", "2026-10-29"),
    ("谨防冒充工作人员索要短信验证码的提示", "2026-10-12"),
]


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/home.html", {"services": SERVICES, "notices": NOTICES})


def log_in(request: HttpRequest) -> HttpResponse:
    context = {"form": LogInForm(request.POST or None), "heading": "自然人登录", "submit_label": "登录"}
    return render(request, "gallery/log_in.html", context)


def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if form.is_bound and form.is_valid():
        if form.act == "send-code":
            form.code_sent("code", to=form.cleaned_data["phone"], resend_at=clock.now() + timedelta(seconds=60))
        elif not form.act:
            return redirect("gallery:done")
    context = {"form": form, "heading": "自然人注册", "submit_label": "注册账号", "session_seconds": 1800}
    return render(request, "gallery/register.html", context)


def account(request: HttpRequest) -> HttpResponse:
    request.user = SimpleNamespace(is_authenticated=True, login_name="zhangsan")  # type: ignore[assignment]
    return render(
        request,
        "gallery/account.html",
        {
            "heading": "我的信息",
            "badge": {"kind": "good", "text": "已实名认证"},
            "step_names": ["填写信息", "核对信息", "提交审核"],
            "acting_as": "北京样例科技有限公司",
            "rows": [("姓名", "张*"), ("证件号码", "110***********002X"), ("手机号码", "138****1234", "#", "更换")],
            "tabs": [menus.Link("#1", "法人单位", current="page"), menus.Link("#2", "自然人")],
            "page": Paginator(range(200), 10).page(5),
            "events": [
                SimpleNamespace(at=NOON, title="审核通过", text="实名认证已生效。"),
                SimpleNamespace(at=NOON - timedelta(days=1), title="已受理", text=""),
                SimpleNamespace(at=NOON - timedelta(days=2), title="已提交", text="编号 20261121-0007"),
            ],
        },
    )


def unit(request: HttpRequest) -> HttpResponse:
    context = {"form": UnitForm(request.POST or None), "heading": "修改法人信息", "submit_label": "保存"}
    return render(request, "design/account_form_page.html", {**context, "cancel_url": "/", "cancel_label": "取消"})


def page(template: str, **context: Any) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        return render(request, template, context)

    return view


def show(request: HttpRequest) -> HttpResponse:
    answer = redirect(request.POST.get("next", "/"))
    display.keep(answer, display.Mode(request.POST["mode"]), secure=False)
    return answer


def picture(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PICTURE, content_type="image/svg+xml")


def names() -> Iterator[Any]:
    """Every address the frame of a page may link to, except 我的授权: menus leave out what does not exist."""
    linked = {entry.url_name for entry in (*menus.NAVIGATION, *menus.ACCOUNT) if not entry.realm}
    linked |= {"site:search", "accounts:log-in", "accounts:register", "accounts:log-out"}
    for namespace in sorted({name.partition(":")[0] for name in linked}):
        here = sorted(name.partition(":")[2] for name in linked if name.startswith(f"{namespace}:"))
        routes = [path(f"{name if name == 'account' else f'account/{name}'}/", account, name=name) for name in here]
        if namespace == "site":
            routes.append(path("display/", show, name="display"))
        yield path("", include((routes, namespace)))


PAGES = {
    "home": home,
    "log-in": log_in,
    "register": register,
    "account": account,
    "unit": unit,
    "done": page("gallery/done.html", heading="已提交人工审核", reference_label="办件编号", reference="20261123-0007"),
    "stop": page(
        "gallery/stop.html", heading="确定要更换手机号码吗", submit_label="确定", cancel_url="/", cancel_label="返回"
    ),
    "sorry": page("gallery/sorry.html", heading="页面暂时打不开"),
}

urlpatterns = [
    path("", home),
    path("gallery/", include(([path(f"{name}/", view, name=name) for name, view in PAGES.items()], "gallery"))),
    path("", include(([path("challenge/picture/", picture, name="picture")], "challenge"))),
    *names(),
]
