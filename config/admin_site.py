"""The admin site: Django's, with our own models only, and with an answer
to every filter.

Libraries bring pages of their own for accounts, second factors and
sessions, on which an operator could read secrets and sign in as anybody.
This one takes none of them.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import DataError, OperationalError
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

# What a database or Python says to a filter that cannot be used, such as
# the year 10000000000000000000000.
SENSELESS = (
    AttributeError,
    ValueError,
    TypeError,
    OverflowError,
    ArithmeticError,
    DataError,
    OperationalError,
    ValidationError,
)

EMPTY_HEADER = re.compile(r"<th((?:\s[^<>]*)?)>\s*</th>")


def is_key(field: Any, value: Any) -> bool:
    """Whether the primary key of a row could have this value."""
    try:
        field.clean(value, None)
    except ValidationError:
        return False
    return "\x00" not in str(value)


def without_empty_headers(response: HttpResponse) -> None:
    """Turn header cells that hold nothing into plain ones, which nobody is
    told about as headers without a name.

    Django's own templates have them in every table of a form.
    """
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = EMPTY_HEADER.sub(r"<td\1></td>", response.text)


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of a list in the admin, without a count of a whole table.

    Up to `most` rows are counted. Of a longer list nobody needs the
    number: the highest key stands for it, so that every row is on a page;
    of a part of one, `most`.
    """

    most = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: self.most + 1].values("pk").count()
        if counted <= self.most:
            return counted
        if rows.query.where:
            return self.most
        return max(counted, rows.order_by("pk").values_list("pk", flat=True).last())


class GroupAdmin(AdminSite):
    def register(
        self, model_or_iterable: Any, admin_class: Any = None, **options: Any
    ) -> None:
        models: Iterable[Any] = model_or_iterable
        if isinstance(model_or_iterable, ModelBase):
            models = [model_or_iterable]
        ours = [model for model in models if model._meta.app_label in settings.OUR_APPS]
        super().register(ours, admin_class, **options)
        for model in ours:
            page: Any = self._registry[model]
            page.paginator, page.show_full_result_count = BoundedPaginator, False

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        inner = self._named(super().admin_view(view, cacheable))
        page = getattr(view, "__self__", None)  # of a page of one model

        @wraps(inner)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            """A list whose filter cannot be used is shown without it.

            Lists ask the database while they are rendered.
            """
            if isinstance(page, ModelAdmin) and not all(
                is_key(page.opts.pk, each)
                for each in request.POST.getlist(ACTION_CHECKBOX_NAME)
            ):
                messages.error(
                    request,
                    _("What was chosen is not on this list. Nothing was changed."),
                )
                return HttpResponseRedirect(request.get_full_path())
            if not request.GET:
                return inner(request, *args, **kwargs)
            try:
                response: Any = inner(request, *args, **kwargs)
                if hasattr(response, "render"):
                    return response.render()
                return response
            except SENSELESS:
                messages.warning(
                    request, _("This filter cannot be used here, so it was ignored.")
                )
                return HttpResponseRedirect(request.path)

        return answered

    def _named(self, view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def named(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response: Any = view(request, *args, **kwargs)
            if hasattr(response, "add_post_render_callback"):
                response.add_post_render_callback(without_empty_headers)
            return response

        return named
