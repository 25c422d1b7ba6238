"""Pages of one mail: for its member to read, and for the owner to check and resend."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mail import ledger, previews
from mail.messages import MessageBuilder
from mail.models import Delivery
from mail.views.frames import shown_in_a_frame
from mail.views.runs import send_soon
from members.access import owner_only
from members.requests import MemberRequest


@require_safe
def digest_page(request: MemberRequest, pk: int) -> HttpResponse:
    """A digest as a page, for its member."""
    mine = Delivery.objects.filter(
        kind__in=[Delivery.Kind.DIGEST, Delivery.Kind.TEST], member=request.member
    )
    delivery = get_object_or_404(mine.select_related("member__mail_preference"), pk=pk)
    return render(
        request, "mail/digest.html", MessageBuilder(timezone.now()).page(delivery)
    )


@require_safe
@owner_only
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """Any mail as it was or will be sent.

    It is built again, so a post that was removed since then is not in it.
    """
    delivery = get_object_or_404(
        Delivery.objects.select_related("member__mail_preference"), pk=pk
    )
    shown = previews.for_reader(delivery, request.member)
    built = MessageBuilder(timezone.now()).build(shown)
    context = {
        "delivery": delivery,
        "message": built,
        "text": built.body,
        "stands_in": shown is not delivery,
    }
    return render(request, "mail/preview.html", context)


@require_safe
@owner_only
@shown_in_a_frame
def preview_html(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(
        Delivery.objects.select_related("member__mail_preference"), pk=pk
    )
    shown = previews.for_reader(delivery, request.member)
    alternatives = MessageBuilder(timezone.now()).build(shown).alternatives
    if not alternatives:
        raise Http404
    return HttpResponse(alternatives[0][0])


@require_POST
@owner_only
def send_again(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member"), pk=pk)
    if ledger.send_again(delivery, timezone.now()):
        send_soon()
        messages.success(
            request,
            _("Sending it to %(email)s again.") % {"email": delivery.member.email},
        )
    return redirect("mail:runs")


@require_POST
@owner_only
def count_as_sent(request: MemberRequest, pk: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery.objects.select_related("member"), pk=pk)
    if ledger.count_as_sent(delivery, timezone.now()):
        messages.success(
            request,
            _("Counted as sent to %(email)s.") % {"email": delivery.member.email},
        )
    return redirect("mail:runs")
