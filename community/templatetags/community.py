from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from community.forms import PostForm
from community.models import Post
from community.places import Place
from members import kept

register = template.Library()


@register.inclusion_tag("community/_composer.html", takes_context=True)
def composer(context: Context, place: Place) -> dict[str, Any]:
    """The short form that writes to the feed or to the thread of `place`; with the words of an ended session."""
    request = context["request"]
    fields = {"kind": Post.Kind.DISCUSSION.value}
    if place and place.step:
        fields["step"] = str(place.step.key)
    if place and place.paper:
        fields["paper"] = place.paper.arxiv_id
    form = PostForm(member=request.member, initial={**fields, **kept.take(request, reverse("community:new_post"))})
    return {"form": form, "place": place or form.place(), "request": request, "user": request.member}
