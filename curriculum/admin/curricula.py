from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum import actions, fileformat
from curriculum.admin.retiring import InDraftFilter, Listed, Retiring
from curriculum.changes import Changes, ImportConflict, changes, known
from curriculum.difference import difference
from curriculum.export import document_of
from curriculum.forms import CurriculumForm, ImportForm, PublishForm, SlugsOnce, StepRow
from curriculum.models import Curriculum, Step
from curriculum.views.files import file_response
from members import budget, toomany
from members.limits import TooMany
from members.requests import MemberRequest


class StepInline(Listed):
    model = Step
    form, formset = StepRow, SlugsOnce
    fields = ("position", "title", "slug", "purpose", "hours", "retired_at")
    readonly_fields = ("retired_at",)
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Curriculum)
class CurriculumAdmin(Retiring):
    form = CurriculumForm
    list_display = (
        "title",
        "slug",
        "steps_in_draft",
        "newest_release",
        "published",
        "retired",
    )
    list_filter = (InDraftFilter, "language")
    search_fields = ("title", "slug", "summary")
    prepopulated_fields = {"slug": ["title"]}
    inlines = (StepInline,)
    change_form_template = "curriculum/admin/curriculum.html"
    change_list_template = "curriculum/admin/curricula.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Curriculum]:
        counted = (
            super()
            .get_queryset(request)
            .annotate(newest=Max("releases__number"), at=Max("releases__published_at"))
        )
        return counted.annotate(
            steps_there=Count("steps", filter=Q(steps__retired_at=None), distinct=True)
        ).order_by("title")

    @admin.display(description=gettext_lazy("steps"))
    def steps_in_draft(self, row: Any) -> int:
        steps: int = row.steps_there
        return steps

    @admin.display(description=gettext_lazy("release"), ordering="newest")
    def newest_release(self, row: Any) -> str:
        if not row.newest:
            return _("none yet")
        return format_html(
            '<a href="{}">{}</a>',
            reverse("curriculum:releases", args=[row.slug]),
            row.newest,
        )

    @admin.display(description=gettext_lazy("published"), ordering="at")
    def published(self, row: Any) -> Any:
        return row.at

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "import/", wrap(self.import_page), name="curriculum_curriculum_import"
            ),
            path(
                "<int:pk>/publish/",
                wrap(self.publish_page),
                name="curriculum_curriculum_publish",
            ),
            path(
                "<int:pk>/export/",
                wrap(self.export),
                name="curriculum_curriculum_export",
            ),
            *super().get_urls(),
        ]

    def export(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft as a curriculum file."""
        draft = self._draft(request, pk)
        return file_response(document_of(draft), f"{draft.slug}-draft.yaml")

    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What a release would change, and a button that makes it."""
        draft = self._draft(request, pk)
        form = PublishForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                by, changelog = (
                    cast(MemberRequest, request).member,
                    form.cleaned_data["changelog"],
                )
                budget.spend(by, budget.RELEASES, now=timezone.now())
                release = actions.publish(
                    draft, by=by, changelog=changelog, now=timezone.now()
                )
            except TooMany as refusal:
                form.add_error(None, toomany.words(refusal))
            except (
                actions.NothingChanged,
                actions.LintFailed,
                actions.DraftChanged,
            ) as error:
                form.add_error(None, str(error).split("\n"))  # type: ignore[arg-type]
            else:
                messages.success(
                    request,
                    _("Published as release %(number)s.") % {"number": release.number},
                )
                return redirect("admin:curriculum_curriculum_change", draft.pk)
        newest = draft.releases.order_by("-number").first()
        document = document_of(draft)
        changed: dict[str, Any] = {}
        problems: list[str] = []
        if newest is not None:
            changed = difference(newest.document, document)
        if request.method != "POST":
            problems = list(actions.lint(document))
        context = {
            "title": _("Publish “%(title)s”") % {"title": draft.title},
            "draft": draft,
            "form": form,
            "newest": newest,
            "is_same": newest is not None and newest.document == document,
            "difference": changed,
            "problems": problems,
        }
        return self._page(request, "curriculum/admin/publish.html", context)

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """A file to be looked at, then imported.

        Nothing of it is lost when it is wrong.
        """
        self._check(request)
        if request.method == "POST":
            form = ImportForm(request.POST, request.FILES)
        else:
            form = ImportForm()
        context: dict[str, Any] = {"title": _("Import a curriculum file"), "form": form}
        if request.method == "POST" and form.is_valid():
            source = form.source()
            if isinstance(source, str):
                text = source
            else:
                text = source.decode("utf-8", "replace")
            try:
                budget.spend(
                    cast(MemberRequest, request).member,
                    budget.FILES,
                    len(source),
                    now=timezone.now(),
                )
                document = fileformat.load(source, *known())
                found = changes(document, now=timezone.now())
                if "import" in request.POST:
                    return self._imported(
                        request,
                        actions.import_document(document, now=timezone.now()),
                        found,
                    )
                context["changes"] = found
            except fileformat.Malformed as error:
                lines = text.splitlines()
                context["problems"] = [
                    (p, lines[p.line - 1][:200] if p.line <= len(lines) else "")
                    for p in error.problems
                ]
            except ImportConflict as error:
                context["conflicts"] = error.problems
            except TooMany as refusal:
                context["refusal"] = toomany.words(refusal)
            context["form"] = ImportForm(
                initial={"text": text.replace("\x00", "\ufffd")}
            )
        return self._page(request, "curriculum/admin/import.html", context)

    def _imported(
        self, request: HttpRequest, draft: Curriculum | None, found: Changes
    ) -> HttpResponse:
        new, changed, retired = (
            sum(len(getattr(rows, name)) for rows in found.rows().values())
            for name in ("created", "changed", "retired")
        )
        words = _("Imported: %(new)s new, %(changed)s changed, %(retired)s retired.")
        messages.success(
            request, words % {"new": new, "changed": changed, "retired": retired}
        )
        if draft is None:
            return redirect("admin:curriculum_resource_changelist")
        return redirect("admin:curriculum_curriculum_change", draft.pk)

    def _draft(self, request: HttpRequest, pk: int) -> Curriculum:
        self._check(request)
        return get_object_or_404(Curriculum, pk=pk)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), "opts": self.opts, **context},
        )
