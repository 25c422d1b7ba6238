"""What: curricula of steps, routes and activities; the resources they use; their frozen releases."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from curriculum.outline import Outline


class Purpose(models.TextChoices):
    PRACTICE = "practice", _("Practice first")
    FOUNDATIONS = "foundations", _("Foundations")
    DEPTH = "depth", _("Depth")
    PROJECT = "project", _("Project")


class Aspect(models.TextChoices):
    RUN = "run", _("Run")
    HACK = "hack", _("Hack")
    MATH = "math", _("Math")


class CurriculumQuerySet(models.QuerySet["Curriculum"]):
    def published(self) -> "CurriculumQuerySet":
        """Those that members and visitors see: with a release and not retired."""
        return self.filter(retired_at=None, releases__isnull=False).distinct()


class Curriculum(models.Model):
    """The draft that curators edit. Members see its releases."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    summary = models.TextField(max_length=500, blank=True)
    intro = models.TextField(blank=True, help_text=_("Markdown"))
    licence = models.CharField(max_length=80, blank=True)
    credit = models.JSONField(
        default=list, blank=True, help_text=_("Whose idea this is: author, title, url, year, note.")
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    shipped_digest = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("of the draft as it came with the site, to see edits")
    )

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "curricula"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("curriculum:curriculum", args=[self.slug])


class Step(models.Model):
    curriculum = models.ForeignKey(Curriculum, models.CASCADE, related_name="steps")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=500, blank=True)
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.PRACTICE)
    hours = models.PositiveSmallIntegerField(default=0)
    intro = models.TextField(blank=True, help_text=_("Markdown"))
    done_when = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "slug"],
                condition=Q(retired_at=None),
                name="step_slug_once",
                violation_error_message=_("This curriculum has a step with this slug."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Route(models.Model):
    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        BOOK = "book", _("Book")
        LECTURES = "lectures", _("Lectures")
        LIBRARY = "library", _("Library")
        MIXED = "mixed", _("Mixed")

    step = models.ForeignKey(Step, models.CASCADE, related_name="routes")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    slug = models.SlugField()
    title = models.CharField(max_length=120)
    summary = models.TextField(max_length=500, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.MIXED)
    hours = models.PositiveSmallIntegerField(default=0)
    fit = models.CharField(max_length=300, blank=True, help_text=_("Whom it suits"))
    for_goals = models.JSONField(default=list, blank=True, help_text=_("Goals this route is recommended for"))
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "slug"],
                condition=Q(retired_at=None),
                name="route_slug_once",
                violation_error_message=_("This step has a route with this slug."),
            )
        ]

    def __str__(self) -> str:
        """With the step where that is at hand: several steps may have a route of the same name."""
        return f"{self.step}: {self.title}" if Route.step.is_cached(self) else self.title


class ResourceQuerySet(models.QuerySet["Resource"]):
    def search(self, words: str) -> "ResourceQuerySet":
        """Those whose title, authors, publisher or note hold every word."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(authors__icontains=word)
                | Q(publisher__icontains=word)
                | Q(framework__icontains=word)
                | Q(note__icontains=word)
            )
        return found

    def after(self, title: str, pk: int) -> "ResourceQuerySet":
        """Those that come after this title in the library's order."""
        # The first bound is implied by the others; without it the index on titles is of no use.
        return self.filter(Q(title__gt=title) | Q(title=title, pk__gt=pk), title__gte=title)


class Resource(models.Model):
    """Something to learn from. Nothing is deleted: what died is archived and names its successor."""

    class Kind(models.TextChoices):
        BOOK = "book", _("Book")
        COURSE = "course", _("Course")
        LECTURES = "lectures", _("Lectures")
        VIDEO = "video", _("Video")
        ARTICLE = "article", _("Article")
        PAPER = "paper", _("Paper")
        LIBRARY = "library", _("Library")
        DATASET = "dataset", _("Dataset")
        TOOL = "tool", _("Tool")
        REFERENCE = "reference", _("Reference")
        REPOSITORY = "repository", _("Repository")
        COMPETITION = "competition", _("Competition")
        COMMUNITY = "community", _("Community")
        TALK = "talk", _("Talk")
        NOTEBOOK = "notebook", _("Notebook")

    class Cost(models.TextChoices):
        FREE = "free", _("Free")
        PAID = "paid", _("Paid")
        MIXED = "mixed", _("Free in part")
        UNKNOWN = "unknown", _("Cost unknown")

    class Level(models.TextChoices):
        BEGINNER = "beginner", _("Beginner")
        INTERMEDIATE = "intermediate", _("Intermediate")
        ADVANCED = "advanced", _("Advanced")

    class Depth(models.TextChoices):
        SHALLOW = "shallow", _("Shallow")
        BOTH = "both", _("Both")
        DEEP = "deep", _("Deep")

    slug = models.SlugField(max_length=80, unique=True, help_text=_("Its id in curriculum files; never changes."))
    title = models.CharField(max_length=300)
    authors = models.JSONField(default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    cost = models.CharField(max_length=20, choices=Cost.choices, default=Cost.UNKNOWN)
    price_note = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500)
    other_urls = models.JSONField(default=list, blank=True)
    publisher = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    level = models.CharField(max_length=20, choices=Level.choices, blank=True)
    depth = models.CharField(max_length=20, choices=Depth.choices, blank=True)
    framework = models.CharField(max_length=80, blank=True)
    compute = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    doi = models.CharField(max_length=120, blank=True)
    arxiv_id = models.CharField(max_length=32, blank=True, db_index=True)
    note = models.TextField(max_length=1000, blank=True)
    archived_on = models.DateField(null=True, blank=True)
    archived_why = models.CharField(max_length=300, blank=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    archive_url = models.URLField(max_length=500, blank=True)
    named_by = models.JSONField(default=list, blank=True)
    shipped_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["title", "id"], name="resource_by_title")]

    def __str__(self) -> str:
        return self.title


class Section(models.Model):
    """A part of a resource: a chapter, a video, a range of pages."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="sections")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    locator = models.CharField(max_length=120, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    level = models.CharField(max_length=20, choices=Resource.Level.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "slug"],
                name="section_slug_once",
                violation_error_message=_("This resource has a section with this slug."),
            )
        ]

    def __str__(self) -> str:
        """With the resource where that is at hand: “Chapter 1” alone says little when one has to choose."""
        return f"{self.resource}: {self.title}" if Section.resource.is_cached(self) else self.title


ASKED_TWICE = _("This asks for the same resource in the same way as another activity here.")


class Activity(models.Model):
    """What to do with a section of a resource. `key` may stand in several places: done once counts everywhere."""

    class Do(models.TextChoices):
        READ = "read", _("Read")
        SKIM = "skim", _("Skim")
        WATCH = "watch", _("Watch")
        RUN = "run", _("Run")
        HACK = "hack", _("Hack")
        DERIVE = "derive", _("Derive")
        IMPLEMENT = "implement", _("Implement")
        REPLICATE = "replicate", _("Replicate")
        EXERCISE = "exercise", _("Exercise")

    step = models.ForeignKey(Step, models.CASCADE, related_name="activities")
    route = models.ForeignKey(Route, models.CASCADE, null=True, blank=True, related_name="activities")
    key = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    do = models.CharField(max_length=20, choices=Do.choices)
    title = models.CharField(max_length=300)
    resource = models.ForeignKey(Resource, models.PROTECT, null=True, blank=True, related_name="activities")
    section = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="activities")
    aspect = models.CharField(max_length=10, choices=Aspect.choices)
    minutes = models.PositiveIntegerField(default=0)
    core = models.BooleanField(default=True)
    note = models.TextField(max_length=1000, blank=True, help_text=_("Markdown"))
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["step", "key"],
                condition=Q(route=None),
                name="activity_once_per_step",
                violation_error_message=ASKED_TWICE,
            ),
            models.UniqueConstraint(
                fields=["route", "key"], name="activity_once_per_route", violation_error_message=ASKED_TWICE
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReleaseQuerySet(models.QuerySet["Release"]):
    def newest(self) -> "ReleaseQuerySet":
        """The newest release of each curriculum that is not retired."""
        later = Release.objects.filter(curriculum=models.OuterRef("curriculum"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(later), curriculum__retired_at=None)

    def light(self) -> "ReleaseQuerySet":
        """Without the two big columns; `outline` reads them where the process has not kept it."""
        return self.defer("document", "rendered")


KEPT_OUTLINES: dict[tuple[int, int, datetime], Outline] = {}
KEPT_OUTLINES_MAX = 100


class Release(models.Model):
    """A curriculum's frozen, numbered form: one row that a member's page renders from."""

    curriculum = models.ForeignKey(Curriculum, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    document = models.JSONField(help_text=_("The curriculum document, as in the file format"))
    rendered = models.JSONField(default=dict, help_text=_("HTML of every Markdown field: key (and field) to HTML"))
    pipeline_version = models.PositiveIntegerField(default=0)
    changelog = models.TextField(blank=True)
    difference = models.JSONField(default=dict, help_text=_("Titles of what was added, changed and retired"))
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["curriculum", "number"], name="release_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="release_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.curriculum_id}, release {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("curriculum:release", args=[self.curriculum.slug, self.number])

    @property
    def outline(self) -> Outline:
        """The document as typed values, which the process keeps: a release never changes.

        Asks no query, or one where the release was `light()` and its outline is not kept yet.
        """
        name = (self.pk, self.pipeline_version, self.published_at)
        kept = KEPT_OUTLINES.get(name)
        if kept is None:
            if self.get_deferred_fields():
                self.refresh_from_db(fields=["document", "rendered"])
            kept = Outline.from_document(self.document, self.rendered)
            if self.pk:
                _keep(name, kept)
        return kept


def _keep(name: tuple[int, int, datetime], outline: Outline) -> None:
    while len(KEPT_OUTLINES) >= KEPT_OUTLINES_MAX:
        KEPT_OUTLINES.pop(next(iter(KEPT_OUTLINES)), None)
    KEPT_OUTLINES[name] = outline
