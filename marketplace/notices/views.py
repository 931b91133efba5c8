"""The page of what one has been told."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from marketplace.notices.models import Notice
from marketplace.notices.services import mark_read, open_notice
from marketplace.users.requests import person


@require_GET
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    """Everything this person was told, newest first."""
    rows = Notice.objects.visible_to(person(request))
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"page": page, "notices": with_steps(page.object_list)})


def with_steps(notices: Iterable[Notice]) -> list[Notice]:
    """Each notice with its next step, unless it was read or newer news of the same thing came: then it just opens."""
    told, found = set(), list(notices)
    for notice in found:
        if notice.read_at or notice.url in told:
            notice.next_step = ""
        told.add(notice.url)
    return found


@require_POST
@login_required
def notice_mark_read(request: HttpRequest) -> HttpResponse:
    """All read."""
    mark_read(person(request))
    return redirect("notice_list")


@require_POST
@login_required
def notice_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go to what the notice is about; it counts as read."""
    notice = get_object_or_404(Notice.objects.visible_to(person(request)), public_id=public_id)
    open_notice(notice)
    is_ours = url_has_allowed_host_and_scheme(notice.url, {request.get_host()}, require_https=request.is_secure())
    return redirect(notice.url if is_ours else "notice_list")
