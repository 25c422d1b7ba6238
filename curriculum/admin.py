"""The curators' desk for what is taught. Nothing is deleted here that a record could point to: it is retired."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Count, Max, Q, QuerySet, SlugField
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from curriculum import actions, fileformat
from curriculum.changes import Changes, Conflict, changes, known
from curriculum.difference import difference
from curriculum.export import document_of
from curriculum.forms import (
    ActivityForm,
    CurriculumForm,
    ImportForm,
    PublishForm,
    ResourceForm,
    RouteForm,
    RouteRow,
    SectionForm,
    SlugsOnce,
    StepForm,
    StepRow,
)
from curriculum.models import Activity, Curriculum, Resource, Route, Section, Step
from curriculum.views.files import file_response
from members.requests import MemberRequest


class InDraftFilter(admin.SimpleListFilter):
    title = gettext_lazy("draft")
    parameter_name = "draft"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in", _("In the draft")), ("retired", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(retired_at__isnull=self.value() == "in") if self.value() else queryset


class Retiring(admin.ModelAdmin):
    """Retire and bring back instead of delete."""

    actions = ["retire", "bring_back"]
    list_per_page = 50
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=gettext_lazy("Retire: take out of the draft"))
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = actions.retire(queryset, now=timezone.now())
        self.message_user(request, ngettext("%(n)s retired.", "%(n)s retired.", count) % {"n": count})

    @admin.action(description=gettext_lazy("Bring back into the draft"))
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        try:
            count = actions.bring_back(queryset)
        except actions.AddressTaken as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.message_user(request, ngettext("%(n)s brought back.", "%(n)s brought back.", count) % {"n": count})

    @admin.display(description=gettext_lazy("retired"), ordering="retired_at")
    def retired(self, row: Any) -> Any:
        return row.retired_at


class Listed(admin.TabularInline):
    """Rows to put in order and look through, each with a link to all of its fields."""

    extra = 0
    can_delete = False
    show_change_link = True
    ordering = ("position", "pk")
    formfield_overrides = {
        CharField: {"widget": TextInput(attrs={"size": 34})},
        SlugField: {"widget": TextInput(attrs={"size": 18})},
    }


class StepInline(Listed):
    model = Step
    form, formset = StepRow, SlugsOnce
    fields = ("position", "title", "slug", "purpose", "hours", "retired_at")
    readonly_fields = ("retired_at",)
    prepopulated_fields = {"slug": ["title"]}


class RouteInline(Listed):
    model = Route
    form, formset = RouteRow, SlugsOnce
    fields = ("position", "title", "slug", "kind", "hours", "retired_at")
    readonly_fields = ("retired_at",)
    prepopulated_fields = {"slug": ["title"]}


class ActivityInline(Listed):
    """Those on the table are changed on their own pages, where what they ask for can be chosen."""

    model = Activity
    fields = ("position", "title", "do", "aspect", "minutes", "core", "asks_for", "retired_at")
    readonly_fields = ("asks_for", "retired_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).select_related("resource", "section")

    @admin.display(description=gettext_lazy("asks for"))
    def asks_for(self, row: Activity) -> str:
        return " · ".join(part.title for part in (row.resource, row.section) if part)


class CommonActivityInline(ActivityInline):
    verbose_name_plural = gettext_lazy("activities on every route")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).filter(route=None)


@admin.register(Curriculum)
class CurriculumAdmin(Retiring):
    form = CurriculumForm
    list_display = ("title", "slug", "steps_in_draft", "newest_release", "published", "retired")
    list_filter = (InDraftFilter, "language")
    search_fields = ("title", "slug", "summary")
    prepopulated_fields = {"slug": ["title"]}
    inlines = (StepInline,)
    change_form_template = "curriculum/admin/curriculum.html"
    change_list_template = "curriculum/admin/curricula.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Curriculum]:
        counted = (
            super().get_queryset(request).annotate(newest=Max("releases__number"), at=Max("releases__published_at"))
        )
        return counted.annotate(steps_there=Count("steps", filter=Q(steps__retired_at=None), distinct=True)).order_by(
            "title"
        )

    @admin.display(description=gettext_lazy("steps"))
    def steps_in_draft(self, row: Any) -> int:
        return int(row.steps_there)

    @admin.display(description=gettext_lazy("release"), ordering="newest")
    def newest_release(self, row: Any) -> str:
        if not row.newest:
            return _("none yet")
        return format_html('<a href="{}">{}</a>', reverse("curriculum:releases", args=[row.slug]), row.newest)

    @admin.display(description=gettext_lazy("published"), ordering="at")
    def published(self, row: Any) -> Any:
        return row.at

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("import/", wrap(self.import_page), name="curriculum_curriculum_import"),
            path("<int:pk>/publish/", wrap(self.publish_page), name="curriculum_curriculum_publish"),
            path("<int:pk>/export/", wrap(self.export), name="curriculum_curriculum_export"),
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
                by, changelog = cast(MemberRequest, request).member, form.cleaned_data["changelog"]
                release = actions.publish(draft, by=by, changelog=changelog, now=timezone.now())
            except (actions.NothingChanged, actions.LintFailed) as error:
                form.add_error(None, str(error).split("\n"))  # type: ignore[arg-type]
            else:
                messages.success(request, _("Published as release %(number)s.") % {"number": release.number})
                return redirect("admin:curriculum_curriculum_change", draft.pk)
        newest = draft.releases.order_by("-number").first()
        document = document_of(draft)
        context = {
            "title": _("Publish “%(title)s”") % {"title": draft.title},
            "draft": draft,
            "form": form,
            "newest": newest,
            "is_same": newest is not None and newest.document == document,
            "difference": difference(newest.document, document) if newest else {},
            "problems": list(actions.lint(document)) if request.method != "POST" else [],
        }
        return self._page(request, "curriculum/admin/publish.html", context)

    def import_page(self, request: HttpRequest) -> HttpResponse:
        """A file to be looked at, then imported. Nothing of it is lost when it is wrong."""
        self._check(request)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        context: dict[str, Any] = {"title": _("Import a curriculum file"), "form": form}
        if request.method == "POST" and form.is_valid():
            source = form.source()
            text = source if isinstance(source, str) else source.decode("utf-8", "replace")
            try:
                document = fileformat.load(source, *known())
                found = changes(document, now=timezone.now())
                if "import" in request.POST:
                    return self._imported(request, actions.import_document(document, now=timezone.now()), found)
                context["changes"] = found
            except fileformat.Malformed as error:
                lines = text.splitlines()
                context["problems"] = [
                    (p, lines[p.line - 1][:200] if p.line <= len(lines) else "") for p in error.problems
                ]
            except Conflict as error:
                context["conflicts"] = error.problems
            context["form"] = ImportForm(initial={"text": text.replace("\x00", "\ufffd")})
        return self._page(request, "curriculum/admin/import.html", context)

    def _imported(self, request: HttpRequest, draft: Curriculum | None, found: Changes) -> HttpResponse:
        new, changed, retired = (
            sum(len(getattr(rows, name)) for rows in found.rows().values())
            for name in ("created", "changed", "retired")
        )
        words = _("Imported: %(new)s new, %(changed)s changed, %(retired)s retired.")
        messages.success(request, words % {"new": new, "changed": changed, "retired": retired})
        if draft is None:
            return redirect("admin:curriculum_resource_changelist")
        return redirect("admin:curriculum_curriculum_change", draft.pk)

    def _draft(self, request: HttpRequest, pk: int) -> Curriculum:
        self._check(request)
        return get_object_or_404(Curriculum, pk=pk)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


@admin.register(Step)
class StepAdmin(Retiring):
    form = StepForm
    list_display = ("title", "curriculum", "position", "purpose", "hours", "retired")
    list_display_links = ("title",)
    list_editable = ("position",)
    list_filter = ("curriculum", InDraftFilter, "purpose")
    list_select_related = ("curriculum",)
    search_fields = ("title", "slug", "summary")
    ordering = ("curriculum__title", "position")
    prepopulated_fields = {"slug": ["title"]}
    inlines = (RouteInline, CommonActivityInline)


@admin.register(Route)
class RouteAdmin(Retiring):
    form = RouteForm
    list_display = ("title", "step", "curriculum", "position", "kind", "hours", "retired")
    list_filter = ("step__curriculum", InDraftFilter, "kind")
    search_fields = ("title", "slug", "summary", "step__title")
    ordering = ("step__curriculum__title", "step__position", "position")
    autocomplete_fields = ("step",)
    prepopulated_fields = {"slug": ["title"]}
    inlines = (ActivityInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Route]:
        return super().get_queryset(request).select_related("step__curriculum")

    @admin.display(ordering="step__curriculum__title")
    def curriculum(self, row: Route) -> Curriculum:
        return row.step.curriculum


@admin.register(Activity)
class ActivityAdmin(Retiring):
    form = ActivityForm
    list_display = ("title", "step", "route", "position", "do", "aspect", "minutes", "core", "retired")
    list_filter = ("step__curriculum", InDraftFilter, "aspect", "do", "core")
    list_select_related = ("step", "route")
    search_fields = ("title", "resource__title", "step__title", "route__title")
    ordering = ("step__curriculum__title", "step__position", "route__position", "position")
    autocomplete_fields = ("step", "route", "resource", "section")


class SectionInline(admin.TabularInline):
    model = Section
    form = SectionForm
    extra = 0
    ordering = ("position", "pk")
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Resource)
class ResourceAdmin(admin.ModelAdmin):
    form = ResourceForm
    list_display = ("title", "kind", "cost", "level", "year", "archived_on")
    list_filter = ("kind", "cost", "level", "depth", ("archived_on", admin.EmptyFieldListFilter), "language")
    search_fields = ("title", "slug", "authors", "publisher", "framework", "note")
    ordering = ("title",)
    list_per_page = 50
    autocomplete_fields = ("successor",)
    inlines = (SectionInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "kind", "authors", "year", "url", "other_urls", "note")}),
        (
            gettext_lazy("What it costs and asks for"),
            {"fields": ("cost", "price_note", "level", "depth", "framework", "compute", "language")},
        ),
        (gettext_lazy("Where it comes from"), {"fields": ("publisher", "licence", "doi", "arxiv_id", "named_by")}),
        (gettext_lazy("When it has died"), {"fields": ("archived_on", "archived_why", "successor", "archive_url")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else {"slug": ["title"]}


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    """Here for the autocomplete of activities; sections are edited with their resource."""

    search_fields = ("title", "slug", "resource__title")
    ordering = ("resource__title", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).select_related("resource")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
