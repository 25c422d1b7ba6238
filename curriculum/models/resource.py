from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from curriculum import search
from lists import keyset

KEPT_WORDS: dict[tuple[Any, ...], frozenset[str]] = {}


class ResourceQuerySet(models.QuerySet["Resource"]):
    def search(self, words: str) -> "ResourceQuerySet":
        """Those whose title, authors, publisher, note or sections hold
        every word. A typo in a word is forgiven.

        Asks a query for the version of the library's words, and one for
        the words where the process has older ones.
        """
        found = self
        wanted = search.words_of(words)
        if wanted:
            vocabulary = Resource.objects.vocabulary()
        else:
            vocabulary = frozenset()
        for word in wanted:
            spellings = search.spellings(word, vocabulary)
            found = found.filter(
                reduce(
                    or_, (Q(search_text__contains=spelling) for spelling in spellings)
                )
            )
        return found

    def vocabulary(self) -> frozenset[str]:
        """Every word of the library, which the process keeps until the
        library changes.
        """
        version = tuple(
            self.aggregate(
                count=Count("pk"), newest=Max("pk"), length=Sum(Length("search_text"))
            ).values()
        )
        if version not in KEPT_WORDS:
            KEPT_WORDS.clear()
            KEPT_WORDS[version] = search.vocabulary_of(
                self.values_list("search_text", flat=True).iterator()
            )
        return KEPT_WORDS[version]

    def index(self) -> "list[Resource]":
        """Store what is searched, after a change of resources or their
        sections; those that were behind.
        """
        behind: list[Resource] = []
        for resource in self.prefetch_related("sections"):
            text = resource.text_to_search()
            if text != resource.search_text:
                resource.search_text = text
                behind.append(resource)
        if behind:
            self.bulk_update(behind, ["search_text"], batch_size=200)  # type: ignore[arg-type]
        return behind

    def after(self, title: str, pk: int) -> "ResourceQuerySet":
        """Those that come after this title in the library's order."""
        return keyset.after(self, "title", title, pk)


class Resource(models.Model):
    """Something to learn from.

    Nothing is deleted: what is no longer available is archived and names its successor.
    """

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
        MIXED = "mixed", _("Partly free")
        UNKNOWN = "unknown", _("Cost unknown")

    class Level(models.TextChoices):
        BEGINNER = "beginner", _("Beginner")
        INTERMEDIATE = "intermediate", _("Intermediate")
        ADVANCED = "advanced", _("Advanced")

    class Depth(models.TextChoices):
        SHALLOW = "shallow", _("Shallow")
        BOTH = "both", _("Both")
        DEEP = "deep", _("Deep")

    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text=_("Its id in curriculum files; never changes."),
    )
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
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors"
    )
    archive_url = models.URLField(max_length=500, blank=True)
    unverified = models.CharField(
        max_length=300, blank=True, help_text=_("What nobody has checked yet.")
    )
    named_by = models.JSONField(default=list, blank=True)
    shipped_digest = models.CharField(max_length=64, blank=True, editable=False)
    search_text = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Its words and those of its sections"),
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["title", "id"], name="resource_by_title")]

    def __str__(self) -> str:
        return self.title

    def text_to_search(self) -> str:
        """What is searched.

        Asks for the sections where they are not loaded.
        """
        sections = sorted(
            self.sections.all(), key=lambda section: (section.position, section.pk)
        )
        return search.search_text(
            [
                self.title,
                *map(str, self.authors),
                self.publisher,
                self.framework,
                self.note,
            ]
            + [section.title for section in sections]
        )
