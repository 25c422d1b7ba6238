"""The request as views see it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from members.models import Member


class MemberRequest(HttpRequest):
    """A request by a member who is signed in: `request.member` is a
    Member, never anonymous.
    """

    member: Member
    htmx: HtmxDetails
